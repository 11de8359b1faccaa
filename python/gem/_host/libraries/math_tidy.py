r"""Bringing an answer into LaTeX that can be read as a whole, and telling quantities from others.

Nothing is taken away that says something: units are recognised as whole words after a number, and
what is not known stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCRIPTS = {digit: str(value) for value, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_FRACTIONS = {"½": "1}{2", "⅓": "1}{3", "⅔": "2}{3", "¼": "1}{4", "¾": "3}{4", "⅛": "1}{8"}
_SIGNS = {
    "π": r"\pi ",
    "∞": r"\infty ",
    "\N{MULTIPLICATION SIGN}": r"\times ",
    "·": r"\cdot ",
    "÷": r"\div ",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "\N{UNION}": r"\cup ",
    "\N{INTERSECTION}": r"\cap ",
    "\N{ELEMENT OF}": r"\in ",
    "°": r"^\circ ",
    "±": r"\pm ",
    "\N{EMPTY SET}": r"\emptyset ",
    "\N{NO-BREAK SPACE}": " ",
}
_RENAMED = (
    (r"\\[dtc]frac(?![a-zA-Z])", r"\\frac"),
    (r"\\(?:left|right|big|Big|displaystyle|limits)(?![a-zA-Z])", ""),
    (r"\\(?:leq|leqslant)(?![a-zA-Z])", r"\\le "),
    (r"\\(?:geq|geqslant)(?![a-zA-Z])", r"\\ge "),
    (r"\\neq(?![a-zA-Z])", r"\\ne "),
    (r"\\gt(?![a-zA-Z])", ">"),
    (r"\\lt(?![a-zA-Z])", "<"),
    (r"\\varnothing(?![a-zA-Z])", r"\\emptyset "),
    (r"\\(?:mathrm|mathbf|textbf|textit|textrm|mbox|mathit|operatorname)(?=\{)", r"\\text"),
    (r"^\\(?:approx|sim)(?![a-zA-Z])", ""),
    (r"\\!", ""),
    (r"\\[;:]|\\q?quad(?![a-zA-Z])|~", " "),
    (r"\{,\}", ","),
    (r"\^\{\s*\\circ\s*\}", r"^\\circ "),
    (r"\\log_(?:e|\{e\})(?![a-zA-Z])", r"\\ln "),
    (r"(?<![\\a-zA-Z])(sqrt|sin|cos|tan|cot|sec|csc|ln|log|exp)(?=[ (\d])", r"\\\1"),
    (r"(?<![\\a-zA-Z])inf(?:inity|ty)?(?![a-zA-Z])", r"\\infty "),
    (r"(?<![\\a-zA-Z])pi(?![a-zA-Z])", r"\\pi "),
    (r"\\sqrt\s*\(([^()]*)\)", r"\\sqrt{\1}"),
    (r"\\sqrt\s*([0-9a-zA-Z])", r"\\sqrt{\1}"),
    (r"\\frac\s*(\d)\s*(\d)", r"\\frac{\1}{\2}"),
    (r"\\frac\s*(\d)\s*\{", r"\\frac{\1}{"),
    (r"(\\frac\{[^{}]*\})\s*(\d)", r"\1{\2}"),
    (r"\\log_(\d|[a-z]|\{[^{}]*\})\s*(\d+)(?![\d.])", r"\\log_\1(\2)"),
    (r"(\d)\\,(?=\d{3}(?!\d))", r"\1,"),
    (r"\\,", " "),
)
_PATTERNS = [(re.compile(old), new) for old, new in _RENAMED]
_OUTER = re.compile(r"^\\(?:text|boxed)\{([^{}]*)\}$")
_DEGREES_IN_ANGLE = re.compile(r"(\d+(?:\.\d+)?)\s*\^\s*\\circ")
_ANGLE_FUNCTION = re.compile(r"\\(?:sin|cos|tan|cot|sec|csc)(?![a-zA-Z])")
_LARGE = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_UNITS = """
    m meter meters metre metres cm centimeter centimeters centimetre centimetres mm millimeter
    millimeters km kilometer kilometers mile miles ft foot feet inch inches in yard yards yd
    g gram grams kg kilogram kilograms lb lbs pound pounds oz ounce ounces ton tons
    s sec second seconds min minute minutes h hr hrs hour hours day days week weeks month months
    year years yr yrs mph kmph liter liters litre litres gallon gallons ml
    degree degrees radian radians dollar dollars cent cents euro euros unit units apple apples
    people person men women students student eggs egg books book times ways coins coin points
    point square sq cubic cu squared cubed per old mi hz newtons joules watts
"""
_UNIT_WORDS = frozenset(_UNITS.split())
_PLURALS = {
    "feet": "foot",
    "ft": "foot",
    "inches": "inch",
    "in": "inch",
    "metre": "meter",
    "m": "meter",
    "cm": "centimeter",
    "km": "kilometer",
    "kg": "kilogram",
    "g": "gram",
    "s": "second",
    "sec": "second",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "yr": "year",
    "lb": "pound",
    "sq": "square",
    "cu": "cubic",
    "yd": "yard",
    "mi": "mile",
    "oz": "ounce",
}
_QUANTITY = re.compile(
    r"^(?P<number>.*[\d}])\s*(?:\\text\s*\{(?P<text>[^{}]*)\}|"
    r"(?P<words>(?<![\\a-zA-Z])[a-zA-Z][a-zA-Z ./]*))"
    r"\s*(?:\^\s*\{?(?P<power>[23])\}?)?\.?$",
    re.DOTALL,
)


@dataclass(frozen=True)
class Quantity:
    """An answer without its unit."""

    body: str
    unit: str
    is_percentage: bool


def tidy(answer: str) -> str:
    """An answer in plain LaTeX: one name for each thing, no signs that only space it."""
    text = re.sub(r"(?<!\\)\$", "", answer.strip().strip("$")).strip()
    for sign, latex in _SIGNS.items():
        text = text.replace(sign, latex)
    for sign, parts in _FRACTIONS.items():
        text = text.replace(sign, rf"\frac{{{parts}}}")
    text = re.sub(
        f"([{''.join(_SCRIPTS)}]+)",
        lambda match: "^{" + "".join(_SCRIPTS[digit] for digit in match.group(1)) + "}",
        text,
    )
    text = re.sub(r"√\s*\(([^()]*)\)|√\s*(\d+|[a-zA-Z])", r"\\sqrt{\1\2}", text)
    for pattern, new in _PATTERNS:
        text = pattern.sub(new, text)
    while match := _OUTER.match(text):
        text = match.group(1).strip()
    return text.removesuffix(".").strip() if not text.endswith("..") else text


def quantity(text: str) -> Quantity:
    """Splits a tidied answer into what is measured and its unit, which is a whole known word."""
    body = re.sub(r"^\\?[$£€]\s*", "", text.replace(r"\$", "$"))
    body, is_percentage = _without_percent(body)
    unit = ""
    match = _QUANTITY.match(body)
    if match is not None:
        words = (match["text"] or match["words"] or "").strip().rstrip(".").split()
        factor = 0
        while words and words[0].lower() in _LARGE:
            factor += _LARGE[words.pop(0).lower()]
        parts = [part for word in words for part in re.split("[./]", word) if part]
        if all(part.lower() in _UNIT_WORDS for part in parts):
            body = match["number"].strip()
            if factor:
                body = rf"({body})\cdot 10^{{{factor}}}"
            unit = _unit_name(parts, match["power"])
    if not _ANGLE_FUNCTION.search(body):
        body = re.sub(r"\^\s*\\circ\s*$", "", body).strip()
    else:
        body = _DEGREES_IN_ANGLE.sub(r"(\\frac{\1\\pi}{180})", body)
    return Quantity(body, unit, is_percentage)


def _without_percent(text: str) -> tuple[str, bool]:
    body = re.sub(r"\s*(?:\\?%|\\text\s*\{\s*(?:\\?%|percent)\s*\}|\bpercent)\s*$", "", text)
    return body, body != text


def _unit_name(words: list[str], power: str | None) -> str:
    names = []
    for word in (word.lower() for word in words):
        name = _PLURALS.get(word) or _PLURALS.get(word.removesuffix("s")) or word.removesuffix("s")
        names.append(name)
    if power == "2":
        names.insert(0, "square")
    elif power == "3":
        names.insert(0, "cubic")
    return " ".join(name for name in names if name)
