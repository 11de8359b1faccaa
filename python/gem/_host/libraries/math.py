"""Math-Verify, sympy and pylatexenc: whether an answer to a mathematical problem is right."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from gem._host.libraries.math_difference import TooDeepError, same_value
from gem._host.libraries.math_plain_text import plain_text
from gem._host.libraries.math_strict import grade_strictly
from gem._host.libraries.math_string_form import string_form
from gem._host.libraries.math_verified import is_verified

_STRING, _VALUE, _VERIFIED = "string", "value", "verified"


def grade(answer: str, gold: str) -> str | None:
    """Which stage finds an answer equal to the right one: "string", "value", "verified", or None.

    Raises:
        TooDeepError: when none does and one of them could not tell.
    """
    return _STRING if string_form(answer) == string_form(gold) else grade_values(answer, gold)


def grade_values(answer: str, gold: str) -> str | None:
    """Which of the stages that compare values finds an answer right.

    Raises:
        TooDeepError: when none does and one of them could not tell.
    """
    trouble: TooDeepError | None = None
    try:
        if same_value(plain_text(gold), plain_text(answer)):
            return _VALUE
    except TooDeepError as error:
        trouble = error
    if is_verified(gold, answer):
        return _VERIFIED
    if trouble is not None:
        raise trouble
    return None


def grade_fast(answer: str, gold: str) -> str | None:
    """Which of the stages before Math-Verify finds an answer right.

    Raises:
        TooDeepError: when the second could not tell.
    """
    if string_form(answer) == string_form(gold):
        return _STRING
    return _VALUE if same_value(plain_text(gold), plain_text(answer)) else None


def versions() -> dict[str, str]:
    """What judges."""
    names = ("math-verify", "latex2sympy2_extended", "sympy", "pylatexenc")
    return {name: version(name) for name in names}


def _warm_up() -> None:
    """Loads tables and modules that the first checks would otherwise wait for, and pay for."""
    for answer, gold in (
        (r"\frac{x+1}{2}", r"\sqrt{2}x"),
        (r"\{1, 2\}", "(1, 2]"),
        ("x < 3", "3^2"),
        ("0.5", r"\frac{2}{3}"),
    ):
        grade(answer, gold)


for _name in ("pylatexenc", "math_verify", "latex2sympy2_extended"):
    # They complain about every answer that is no mathematics.
    logging.getLogger(_name).setLevel(logging.CRITICAL)
_warm_up()

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "grade": grade,
    "grade_values": grade_values,
    "grade_fast": grade_fast,
    "grade_strictly": grade_strictly,
}
