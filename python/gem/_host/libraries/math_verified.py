"""Math-Verify's judgement of two answers, asked as upstream's grader asks, without its alarms."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import math_verify
from math_verify import ExprExtractionConfig, LatexExtractionConfig, grader, parser

from gem._host.libraries.math_difference import TooDeepError
from gem._host.libraries.math_plain_text import plain_text

_CONFIGURATION = (LatexExtractionConfig(boxed_match_priority=0), ExprExtractionConfig())
_LONG = 128
_MOST_REPETITION = 0.2


class _Trouble:
    """Remembers what the library swallows although it decides nothing about an answer."""

    def __init__(self) -> None:
        self.last: BaseException | None = None

    def noting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def noted(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except (RecursionError, MemoryError) as error:
                self.last = error
                raise

        return noted


_trouble = _Trouble()
for _module, _name in ((parser, "parse_latex_cached"), (grader, "simplify"), (grader, "solve")):
    setattr(_module, _name, _trouble.noting(getattr(_module, _name)))


def is_verified(gold: str, answer: str) -> bool:
    """Whether Math-Verify finds two answers equal.

    Raises:
        TooDeepError: when it cannot be told.
    """
    if any(len(text) > _LONG and is_repetitive(text) for text in (answer, gold)):
        return False
    if plain_text(gold) == plain_text(answer):
        return True
    _trouble.last = None
    is_equal = _is_equal(gold, answer)
    if _trouble.last is None or is_equal:
        return is_equal
    message = f"Math-Verify could not compare two answers: {type(_trouble.last).__name__}."
    raise TooDeepError(message)


def _is_equal(gold: str, answer: str) -> bool:
    try:
        read_gold, read_answer = _read(gold), _read(answer)
        return bool(math_verify.verify(read_gold, read_answer, timeout_seconds=None))
    except (RecursionError, MemoryError) as error:
        _trouble.last = error
    # The library's own errors say that there is nothing to compare.
    except Exception:
        pass
    return False


def _read(text: str) -> list[Any]:
    marked = text if "$" in text else f"${text}$"
    expressions: list[Any] = math_verify.parse(
        marked,
        _CONFIGURATION,
        fallback_mode="no_fallback",
        extraction_mode="any_match",
        parsing_timeout=None,
    )
    return expressions


def is_repetitive(text: str) -> bool:
    """Whether more than a fifth of a text's substrings occur in it before."""
    count = len(text)
    return 1 - _distinct_substrings(text) / (count * (count + 1) / 2) > _MOST_REPETITION


def _distinct_substrings(text: str) -> int:
    """Counts a text's different substrings, by its suffix automaton."""
    lengths, links, edges = [0], [-1], [{}]  # type: tuple[list[int], list[int], list[dict[str, int]]]
    last = 0
    for character in text:
        state = len(lengths)
        lengths.append(lengths[last] + 1)
        links.append(0)
        edges.append({})
        before = last
        while before >= 0 and character not in edges[before]:
            edges[before][character] = state
            before = links[before]
        if before >= 0:
            links[state] = _fitting(before, character, lengths, links, edges)
        last = state
    return sum(lengths[state] - lengths[links[state]] for state in range(1, len(lengths)))


def _fitting(
    before: int,
    character: str,
    lengths: list[int],
    links: list[int],
    edges: list[dict[str, int]],
) -> int:
    """The state for a suffix that has occurred: that of its last character, or a copy of it."""
    following = edges[before][character]
    if lengths[before] + 1 == lengths[following]:
        return following
    copy = len(lengths)
    lengths.append(lengths[before] + 1)
    links.append(links[following])
    edges.append(dict(edges[following]))
    links[following] = copy
    while before >= 0 and edges[before].get(character) == following:
        edges[before][character] = copy
        before = links[before]
    return copy
