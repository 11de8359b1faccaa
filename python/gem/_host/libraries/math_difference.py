"""Whether two plain texts have the same value: elementwise, by the difference that sympy sees."""

from __future__ import annotations

import re

from sympy import simplify
from sympy.parsing.sympy_parser import (
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

from gem._host.libraries.math_plain_text import is_integer_text, without_thousands_commas

_BRACKETS = "()[]"
_FRACTION = re.compile(r"^-?[0-9]+.?/0*[1-9][0-9]*.?$")
_MOST_LETTERS = 2
_FORBIDDEN = re.compile(r"\^\{|\^\(|\^[0-9]+\^|\^[0-9][0-9]+")
_TRANSFORMATIONS = (*standard_transformations, implicit_multiplication_application)


class TooDeepError(Exception):
    """A check went deeper than the library can, or needed more memory than there is."""

    gem_code = "GEM_ENV_FAULT"


def same_value(gold: str, answer: str) -> bool:
    """Compares two plain texts as values; tuples elementwise.

    Raises:
        TooDeepError: when it cannot be told.
    """
    if gold == answer:
        return True
    if not answer:
        return False
    golds, answers = _elements(gold), _elements(answer)
    if len(golds) > 1 and (gold[0] != answer[0] or gold[-1] != answer[-1]):
        return False
    if len(golds) != len(answers):
        return False
    return all(_is_same_element(*pair) for pair in zip(golds, answers, strict=True))


def _elements(text: str) -> list[str]:
    bare = without_thousands_commas(text)
    if not bare:
        return []
    inside = bare[1:-1]
    is_list = len(bare) > 2 and bare[0] in _BRACKETS and bare[-1] in _BRACKETS
    if is_list and not any(bracket in inside for bracket in _BRACKETS):
        return [element.strip() for element in inside.split(",")]
    return [bare]


def _is_same_element(gold: str, answer: str) -> bool:
    if _FRACTION.search(gold) and _FRACTION.search(answer):
        return gold == answer
    if is_integer_text(gold) != is_integer_text(answer):
        return False
    return _vanishes(f"({gold})-({answer})")


def _vanishes(difference: str) -> bool:
    if not _may_be_evaluated(difference):
        return False
    try:
        value = parse_expr(difference.replace("^", "**"), transformations=_TRANSFORMATIONS)
        return bool(simplify(value) == 0)
    except (RecursionError, MemoryError) as error:
        message = f"The difference of two answers cannot be simplified: {type(error).__name__}."
        raise TooDeepError(message) from error
    # Whatever else sympy raises says that the texts are no expressions.
    except Exception:
        return False


def _may_be_evaluated(text: str) -> bool:
    words = text.replace("sqrt", "").replace("frac", "")
    letters = {character for character in words if character.isalpha()}
    return len(letters) <= _MOST_LETTERS and not _FORBIDDEN.search(text)
