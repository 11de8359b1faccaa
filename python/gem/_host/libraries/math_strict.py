"""Sound grading: an answer is right when all of it means the same as the right one."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import math_verify
import sympy
from latex2sympy2_extended import latex2sympy
from math_verify.parser import should_treat_as_complex
from sympy import Basic, MatrixBase

from gem._host.libraries.math_difference import TooDeepError
from gem._host.libraries.math_tidy import Quantity, quantity, tidy

_TIME = re.compile(r"^(\d{1,2}):(\d\d)\s*(?:\\text\s*\{)?\s*([ap])?\.?m?\.?\s*\}?$", re.IGNORECASE)
_RATIO = re.compile(r"^(\d+):(\d+)$")
_PLAIN_NUMBER = re.compile(r"^([+-]?)(\d{1,3}(?:[, ]\d{3})+|\d+)?(\.\d*)?(?:[eE]([+-]?\d{1,3}))?$")
_REPEATING = re.compile(r"^(-?)(\d+)\.(\d*)\\(?:overline|bar)\s*\{?(\d+)\}?$")
_MIXED = re.compile(
    r"^(-?)\s*(\d+)\s*(?:\\frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}|(?<=\d)\s+(\d+)\s*/\s*(\d+))$"
)
_FRACTION = re.compile(
    r"^(-?)\s*(?:\\frac\s*\{\s*(-?\d+)\s*\}\s*\{\s*(-?\d+)\s*\}|(\d+)\s*/\s*(\d+))$"
)
_WORD = re.compile(r"^[^\W\d_]{2,}(?:[ -][^\W\d_]+)*$")
_MACRO = re.compile(r"\\([a-zA-Z]+)")
_MACROS = """
    frac sqrt pi infty cdot times div pm mp le ge ne in notin cup cap setminus emptyset binom
    sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log exp gcd max min det lim
    sum prod int to begin end text theta alpha beta gamma delta epsilon lambda mu sigma phi omega
    rho tau psi lfloor rfloor lceil rceil mathbb circ vec overline bar ldots langle rangle mid
"""
_KNOWN_MACROS = frozenset(_MACROS.split())
_SHORT_WORDS = frozenset(("no", "on", "up", "so", "do", "go", "he", "we", "if", "it", "is"))
_NEAR = Fraction(2, 1_000_000)
_NOISE = Fraction(5, 10_000_000)
_MOST_EXPONENT = 400


def grade_strictly(answer: str, gold: str) -> str | None:
    """Says "value" when an answer means what the right one means, else None.

    Raises:
        TooDeepError: when it cannot be told.
    """
    return "value" if is_same(answer, gold) else None


def is_same(answer: str, gold: str) -> bool:
    """Whether two answers mean the same."""
    one, other = tidy(answer), tidy(gold)
    if _squeezed(one) == _squeezed(other):
        return bool(_squeezed(one))
    times = _time(one), _time(other)
    if all(times) or any(time is not None and time[2] for time in times):
        return times[0] == times[1]
    if _is_word(one) or _is_word(other):
        return _word(one) == _word(other)
    return _is_same_quantity(quantity(one), quantity(other))


def _squeezed(text: str) -> str:
    """A text without blanks, but those that part digits from digits and letters from letters."""
    return re.sub(r"(?<![^\W_])\s+|\s+(?![^\W_])", "", text)


def _time(text: str) -> tuple[int, int, str] | None:
    match = _TIME.match(text)
    if match is None or int(match[1]) > 24 or int(match[2]) > 59:
        return None
    return int(match[1]), int(match[2]), (match[3] or "").lower()


def _word(text: str) -> str:
    bare = re.sub(r"^\((.*)\)$", r"\1", text)
    return " ".join(bare.lower().split())


def _is_word(text: str) -> bool:
    if len(text) == 2 and text.lower() not in _SHORT_WORDS:
        return False
    return _WORD.match(text) is not None


def _is_same_quantity(answer: Quantity, gold: Quantity) -> bool:
    if answer.unit and gold.unit and answer.unit != gold.unit:
        return False
    one, other = _number(answer), _number(gold)
    if one is not None and other is not None:
        return _is_same_number(one, other, _is_decimal(answer.body), _is_decimal(gold.body))
    if answer.is_percentage == gold.is_percentage:
        return _is_same_expression(answer.body, gold.body)
    one_body, other_body = (
        rf"\frac{{{side.body}}}{{100}}" if side.is_percentage else side.body
        for side in (answer, gold)
    )
    return _is_same_expression(one_body, other_body)


def _number(amount: Quantity) -> Fraction | None:
    value = _exact(amount.body)
    return value / 100 if value is not None and amount.is_percentage else value


def _exact(text: str) -> Fraction | None:
    """The number that a text is, as a whole."""
    if match := _RATIO.match(text):
        return _quotient(int(match[1]), int(match[2]))
    if match := _REPEATING.match(text):
        sign, whole, decimals, period = match.groups()
        places, length = 10 ** len(decimals), 10 ** len(period) - 1
        value = int(whole) + Fraction(int(decimals or 0), places)
        return (-1 if sign else 1) * (value + Fraction(int(period), places * length))
    if match := _MIXED.match(text):
        part = _quotient(int(match[3] or match[5]), int(match[4] or match[6]))
        whole = int(match[2])
        return None if part is None else (-1 if match[1] else 1) * (whole + part)
    if match := _FRACTION.match(text):
        above = int(match[2] or match[4]) * (-1 if match[1] else 1)
        return _quotient(above, int(match[3] or match[5]))
    return _decimal(text)


def _decimal(text: str) -> Fraction | None:
    match = _PLAIN_NUMBER.match(text)
    if match is None or not (match[2] or len(match[3] or "") > 1):
        return None
    if len(text) > _MOST_EXPONENT or abs(int(match[4] or 0)) > _MOST_EXPONENT:
        return None
    digits = re.sub("[, ]", "", match[2] or "0")
    value = Fraction(f"{digits}{match[3] or ''}".removesuffix("."))
    return (-1 if match[1] == "-" else 1) * value * Fraction(10) ** int(match[4] or 0)


def _quotient(above: int, below: int) -> Fraction | None:
    return Fraction(above, below) if below else None


def _is_decimal(text: str) -> bool:
    return "." in text


def _is_same_number(a: Fraction, b: Fraction, a_is_decimal: bool, b_is_decimal: bool) -> bool:
    if a == b:
        return True
    # A decimal of six significant digits stands for a number that has no end; of two that end, the
    # last places may be noise.
    if not (a_is_decimal or b_is_decimal) or abs(a - b) > _NEAR * min(abs(a), abs(b)):
        return False
    return abs(a - b) <= _NOISE or not (_ends(a) and _ends(b))


def _ends(number: Fraction) -> bool:
    """Whether a number's decimals end."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _is_same_expression(answer: str, gold: str) -> bool:
    if ("\\mp" in answer) != ("\\mp" in gold):
        return False
    lists = _list(answer), _list(gold)
    if lists[0] is not None and lists[1] is not None:
        return _is_same_list(lists[0], lists[1])
    one, other = _read(answer), _read(gold)
    if one is None or other is None or _is_stray_equation(one, other):
        return False
    return _is_verified(one, other) or _is_decimal_of(one, other)


def _list(text: str) -> tuple[str, str, list[str]] | None:
    """The brackets and elements of a list at the top of a text."""
    opening, inside, closing = "", text.strip(), ""
    for first, last in (("(", ")"), ("[", "]"), ("(", "]"), ("[", ")"), ("\\{", "\\}"), ("{", "}")):
        if inside.startswith(first) and inside.endswith(last):
            if _is_one_group(inside, len(first), len(last)):
                opening, closing = first, last
                inside = inside[len(first) : len(inside) - len(last)]
            break
    inside = re.sub(r"\\text\s*\{\s*(?:and|or)\s*\}|\b(?:and|or)\b", ",", inside)
    inside = re.sub(r",\s*,", ",", inside)
    elements = _split(inside)
    return (opening, closing, elements) if len(elements) > 1 else None


def _is_one_group(text: str, first: int, last: int) -> bool:
    depth = 0
    for position in range(first, len(text) - last):
        depth += (text[position] in "([{") - (text[position] in ")]}")
        if depth < 0:
            return False
    return depth == 0


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        groups = re.match(r"\d{3}(?!\d)", text[position + 1 :])
        is_thousands = text[position - 1 : position].isdigit() and groups is not None
        if character in ",;" and depth == 0 and not is_thousands:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _is_same_list(answer: tuple[str, str, list[str]], gold: tuple[str, str, list[str]]) -> bool:
    if len(answer[2]) != len(gold[2]):
        return False
    is_set = "\\{" in (answer[0], gold[0]) or "{" in (answer[0], gold[0])
    brackets = {answer[:2], gold[:2]} - {("", "")}
    if len({tuple(part.replace("\\", "") for part in pair) for pair in brackets}) > 1:
        return False
    is_bare = ("", "") in (answer[:2], gold[:2])
    if is_bare and any("[" in pair or "]" in pair for pair in brackets):
        return False
    if not is_set and brackets:
        return all(is_same(a, b) for a, b in zip(answer[2], gold[2], strict=True))
    rest = list(gold[2])
    for element in answer[2]:
        found = next((other for other in rest if is_same(element, other)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _read(text: str) -> Any:
    """What all of a text means to sympy; None when something in it has no meaning."""
    if not text or re.search(r"\d\s+\d|%", text):
        return None
    if any(name not in _KNOWN_MACROS for name in _MACRO.findall(text)):
        return None
    # The parser takes a number before a fraction in brackets for a mixed one.
    product = re.sub(r"(?<=[\d)])(?<!_\d)\s*(?=\()", r"\\cdot ", text)
    product = re.sub(r"(?<=\))\s*(?=\\frac)", r"\\cdot ", product)
    try:
        return latex2sympy(
            product, is_real=not should_treat_as_complex(text), convert_degrees=False
        )
    except (RecursionError, MemoryError) as error:
        message = f"An answer cannot be read: {type(error).__name__}."
        raise TooDeepError(message) from error
    except Exception:
        return None


def _is_stray_equation(answer: Any, gold: Any) -> bool:
    """Whether one is an equation of more than a symbol, of which the other is only one side."""
    equations = [isinstance(value, sympy.Eq) for value in (answer, gold)]
    if equations[0] == equations[1]:
        return False
    left = (answer if equations[0] else gold).lhs
    is_name = isinstance(left, sympy.Symbol) or isinstance(
        getattr(left, "func", None), sympy.core.function.UndefinedFunction
    )
    return not is_name


def _is_verified(answer: Any, gold: Any) -> bool:
    try:
        return bool(
            math_verify.verify(
                gold, answer, float_rounding=9, allow_set_relation_comp=True, timeout_seconds=None
            )
        )
    except (RecursionError, MemoryError) as error:
        message = f"Two answers cannot be compared: {type(error).__name__}."
        raise TooDeepError(message) from error
    except Exception:
        return False


def _is_decimal_of(answer: Any, gold: Any) -> bool:
    """Whether one is a decimal of six or more digits and the other a number without letters."""
    if not all(
        isinstance(value, Basic) and not isinstance(value, MatrixBase) for value in (answer, gold)
    ):
        return False
    if not (isinstance(answer, sympy.Float) or isinstance(gold, sympy.Float)):
        return False
    try:
        a, b = complex(answer.evalf(20)), complex(gold.evalf(20))
    except (TypeError, ValueError, OverflowError):
        return False
    # An infinite one is far from all others.
    return abs(a - b) <= float(_NEAR) * min(abs(a), abs(b))
