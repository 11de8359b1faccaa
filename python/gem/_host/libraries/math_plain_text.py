"""An answer as plain text: LaTeX becomes characters, and what counts as decoration goes.

What it loses on purpose: the grouping of fractions, words of units wherever they occur, macros that
have no text. Answers that differ only in these are equal here.
"""

from __future__ import annotations

import contextlib
import functools
import re

from pylatexenc.latex2text import LatexNodes2Text

_WHOLE_TEXT = re.compile(r"^\\text\{(.+?)\}$")
_UNITS = (
    "degree",
    "cm",
    "centimeter",
    "meter",
    "mile",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "year",
    "foot",
    "feet",
    "inch",
    "yard",
)
_UNIT_PATTERNS = [re.compile(rf"{unit}(?:es)?s? *(?:\^[0-9]+)?") for unit in _UNITS]
_LARGE = {"million": "*10^6", "billion": "*10^9", "trillion": "*10^12"}
_SYMBOLS = {"√": "sqrt", "π": "pi", "∞": "inf", "\N{UNION}": "U", "·": "*", "×": "*"}
_THOUSANDS = re.compile(r"(\d),(\d\d\d)($|\D)")
_NEARLY = 1e-7


def plain_text(expression: str) -> str:
    """An answer's plain text, without blanks and in small letters."""
    text = _without_decoration(expression)
    if _is_nearly_integer(text):
        text = str(round(float(text)))
    if "\\" in text:
        text = _latex_as_text(text)
    text = re.sub("- *", "-", text)
    text = re.sub("([0-9]) +([0-9])", r"\1+\2", text)
    text = text.replace(" ", "").replace("{", "").replace("}", "").lower()
    if is_integer_text(text):
        text = str(int(float(text.replace(",", ""))))
    return text


def is_integer_text(text: str) -> bool:
    """Whether a text is a number within 1e-7 of an integer; it may have commas at thousands."""
    return _is_nearly_integer(without_thousands_commas(text))


def without_thousands_commas(text: str) -> str:
    """A text without the commas that stand before groups of three digits."""
    while True:
        shorter = _THOUSANDS.sub(r"\1\2\3", text)
        if shorter == text:
            return text
        text = shorter


def _without_decoration(text: str) -> str:
    if match := _WHOLE_TEXT.search(text):
        text = match.group(1)
    for old, new in (("\\%", "%"), ("\\$", "$"), ("$", ""), ("%", "")):
        text = text.replace(old, new)
    text = text.replace(" or ", " , ").replace(" and ", " , ")
    for word, factor in _LARGE.items():
        text = text.replace(word, factor)
    for pattern in _UNIT_PATTERNS:
        text = pattern.sub("", text)
    text = re.sub(r"\^ *\\circ", "", text)
    if text and text[0] == "{" and text[-1] == "}":
        text = text[1:-1]
    return re.sub(r",\\! *", "", text)


def _is_nearly_integer(text: str) -> bool:
    try:
        value = float(text)
        return abs(value - round(value)) <= _NEARLY
    except (ValueError, OverflowError):
        return False


@functools.lru_cache(maxsize=1)
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text()


def _latex_as_text(latex: str) -> str:
    text = latex.replace("\\tfrac", "\\frac").replace("\\dfrac", "\\frac")
    text = text.replace("\\frac", " \\frac")
    # What cannot be read stays as it is.
    with contextlib.suppress(Exception):
        read: str = _converter().latex_to_text(text)
        for symbol, word in _SYMBOLS.items():
            read = read.replace(symbol, word)
        return read.strip()
    return latex
