"""The least that a run in a process of its own costs: an interpreter forks, compiles and prints.

It is driven as `python_tool.py` is, but makes one call at a time, has imported what the sandbox
has, and neither isolates anything nor reads what is printed.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import sys
import time

USUAL = """
bisect collections copy datetime functools heapq io itertools json linecache math operator os random
re string sys time traceback types typing
"""
FORK = ctypes.PyDLL(None).fork


def run() -> None:
    """Runs the program."""
    exec(compile("print(1)", "<string>", "exec"), {})


def call(_: int) -> float:
    """Runs it in a process of its own; the seconds that took."""
    start = time.perf_counter()
    pid = FORK()
    if pid == 0:
        os.dup2(NOWHERE, 1)
        run()
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)
    return time.perf_counter() - start


def main() -> None:
    """Serves until standard input ends."""
    for line in sys.stdin:
        before = sum(os.times()[:4])
        start = time.perf_counter()
        each = list(map(call, range(int(line.split()[0]))))
        total = time.perf_counter() - start
        cpu = sum(os.times()[:4]) - before
        print(json.dumps([total, each, cpu]), flush=True)


NOWHERE = os.open(os.devnull, os.O_WRONLY)
if __name__ == "__main__":
    for name in USUAL.split():
        importlib.import_module(name)
    # What the interpreter makes when it first compiles is not made in each process.
    compile("print(1)", "<string>", "exec")
    gc.collect()
    gc.freeze()
    main()
