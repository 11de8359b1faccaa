"""Upstream's PythonCodeTool, driven by lines on standard input: `CALLS THREADS`.

Each is answered by one of JSON: the seconds that all calls took together, those of each, and those
that processors worked for all of them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from gem.tools.python_code_tool import PythonCodeTool

ACTION = "<python>print(1)</python>"


def main() -> None:
    """Serves until standard input ends."""
    tool = PythonCodeTool(timeout=5)

    def call(_: int) -> float:
        start = time.perf_counter()
        observation = tool.execute_action(ACTION)[2]
        if "1" not in str(observation):
            sys.exit(f"The tool answered {observation!r}.")
        return time.perf_counter() - start

    for line in sys.stdin:
        calls, threads = map(int, line.split())
        before = sum(os.times()[:4])
        start = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            each = list(pool.map(call, range(calls)))
        total = time.perf_counter() - start
        cpu = sum(os.times()[:4]) - before
        print(json.dumps([total, each, cpu]), flush=True)


if __name__ == "__main__":
    main()
