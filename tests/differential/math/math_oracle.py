"""Grades mathematical answers by the reference implementation.

Runs in a Python that has gem-llm 0.1.0 and pylatexenc. Reads one JSON array a line, an answer and
the right one, and answers each with one line: true, false, or a text that says what was raised.

Upstream's alarms ring after a second of wall time and make a verdict false. Here they are patient,
so that verdicts do not depend on what else the machine does.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import signal
import sys
from typing import Any

PATIENCE = 60

alarm, setitimer = signal.alarm, signal.setitimer
signal.alarm = lambda seconds: alarm(int(seconds * PATIENCE))
signal.setitimer = lambda which, seconds, interval=0.0: setitimer(
    which, seconds * PATIENCE, interval
)

with contextlib.redirect_stdout(sys.stderr):
    grader: Any = importlib.import_module("gem.utils.math_grader")
logging.disable(logging.CRITICAL)


def verdict(answer: str, gold: str) -> bool | str:
    """What upstream says."""
    try:
        return bool(grader.grade(answer, gold, fast=False))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main() -> None:
    """Answers until there are no more."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        out.write(f"{json.dumps(verdict(*json.loads(line)))}\n")
        out.flush()


if __name__ == "__main__":
    main()
