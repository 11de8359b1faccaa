"""Upstream's grader, driven by lines on standard input: JSON arrays of pairs, answer and gold.

Each is answered by one line of JSON: the seconds that all checks took, and how many were right.
"""

from __future__ import annotations

import json
import sys
import time

from gem.utils.math_grader import grade


def main() -> None:
    """Serves until standard input ends."""
    for line in sys.stdin:
        pairs = json.loads(line)
        start = time.perf_counter()
        right = sum(bool(grade(answer, gold, fast=False)) for answer, gold in pairs)
        print(json.dumps([time.perf_counter() - start, right]), flush=True)


if __name__ == "__main__":
    main()
