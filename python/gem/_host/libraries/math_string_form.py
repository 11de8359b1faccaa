"""The form in which two answers are compared as texts, as `src/grading/math/string-form.ts` has it.

A second writing, from the same table of rules, by which that one is checked, and for texts that are
too long for the server's own thread.
"""

from __future__ import annotations

import functools
import re

from gem._host.libraries.math_unit_words import UNIT_WORDS

_WHOLE_TEXT = re.compile(r"^\\text\{(.+?)\}$")
_REPLACED = (
    ("tfrac", "frac"),
    ("dfrac", "frac"),
    ("\\neq", "\\ne"),
    ("\\leq", "\\le"),
    ("\\geq", "\\ge"),
    ("\\left", ""),
    ("\\right", ""),
)
_MOST_DIGITS = 4300


class _UnreadableError(Exception):
    """A text cannot be brought into its form."""


def string_form(answer: str) -> str:
    """An answer with one spelling of fractions and roots, without units and blanks."""
    text = answer.strip()
    if match := _WHOLE_TEXT.search(text):
        text = match.group(1).strip()
    try:
        return _with_one_spelling(text)
    except _UnreadableError:
        return text


def _with_one_spelling(answer: str) -> str:
    text = answer.replace("\n", "").replace("\\!", "").replace("\\\\", "\\")
    text = re.sub(r"\\begin\{array\}\{.*?\}", r"\\begin{pmatrix}", text)
    text = text.replace("\\end{array}", "\\end{pmatrix}").replace("bmatrix", "pmatrix")
    for old, new in _REPLACED:
        text = text.replace(old, new)
    bare = re.sub(r"\\text\{.*?\}$", "", text).strip()
    text = _without_units(bare or text)
    text = text.replace("^{\\circ}", "").replace("^\\circ", "").replace("\\$", "")
    parts = text.split("\\text{ ")
    if len(parts) > 2:
        raise _UnreadableError
    text = parts[0].replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.")
    if not text:
        return text
    if text[0] == ".":
        text = f"0{text}"
    sides = text.split("=")
    if len(sides) == 2 and len(sides[0]) <= 2:
        text = sides[1]
    text = _braced_fractions(_braced_roots(text).replace(" ", ""))
    return _without_slash("\\frac{1}{2}" if text == "0.5" else text)


@functools.lru_cache(maxsize=1)
def _unit_patterns() -> list[re.Pattern[str]]:
    words = [*UNIT_WORDS, *(f"{word}s" for word in UNIT_WORDS)]
    return [re.compile(rf"(^|\W){word}(\W|$)") for word in words]


def _without_units(text: str) -> str:
    for _ in range(2):
        for pattern in _unit_patterns():
            text = pattern.sub(r"\1\2", text) or text
    return text


def _braced_roots(text: str) -> str:
    first, *rest = text.split("\\sqrt")
    for part in rest:
        if not part:
            raise _UnreadableError
        first += "\\sqrt" + (part if part[0] == "{" else f"{{{part[0]}}}{part[1:]}")
    return first


def _braced_fractions(text: str) -> str:
    result, *rest = text.split("\\frac")
    for part in rest:
        if not part:
            raise _UnreadableError
        if part[0] == "{":
            result += f"\\frac{part}"
        elif len(part) < 2:
            return text
        elif part[1] == "{":
            result += f"\\frac{{{part[0]}}}{part[1:]}"
        else:
            result += f"\\frac{{{part[0]}}}{{{part[1]}}}{part[2:]}"
    return result


def _without_slash(text: str) -> str:
    sides = text.split("/")
    is_fraction = len(sides) == 2 and all(_is_canonical_integer(side) for side in sides)
    return f"\\frac{{{sides[0]}}}{{{sides[1]}}}" if is_fraction else text


def _is_canonical_integer(text: str) -> bool:
    digits = text.removeprefix("-")
    return len(digits) <= _MOST_DIGITS and re.fullmatch(r"0|-?[1-9][0-9]*", text) is not None
