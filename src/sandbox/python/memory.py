"""The processes of a run, and how much memory they have together.

The working directory is a /proc in which they are seen; the one at its place may be another.
"""

from __future__ import annotations

import os

_PAGE = os.sysconf("SC_PAGESIZE")


def children(parent: int) -> list[int]:
    """The processes that one has started, or adopted, and not yet waited for."""
    found = []
    for task in _names(f"{parent}/task"):
        words = _read(f"{parent}/task/{task}/children").split()
        found += [int(word) for word in words]
    return found


def descendants(root: int) -> list[int]:
    """The processes below one."""
    found = []
    todo = [root]
    while todo:
        below = children(todo.pop())
        found += below
        todo += below
    return found


def memory_of(pids: list[int], limit: int) -> int:
    """The bytes that processes have together; exact only when they may be above `limit`."""
    # Pages that forks share count in each of them here, so this is too much, but quick.
    if sum(map(_resident, pids)) <= limit:
        return 0
    return sum(map(_proportional, pids))


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _resident(pid: int) -> int:
    words = _read(f"{pid}/statm").split()
    return int(words[1]) * _PAGE if len(words) > 1 else 0


def _proportional(pid: int) -> int:
    """Resident memory, of which shared pages count in part."""
    for line in _read(f"{pid}/smaps_rollup").split("\n"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
