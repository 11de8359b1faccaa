"""How much memory a run has, all its processes together."""

from __future__ import annotations

import os

_PAGE = os.sysconf("SC_PAGESIZE")


def memory_of(pids: list[int], limit: int) -> int:
    """The bytes that processes have together; exact only when they may be above `limit`."""
    # Pages that forks share count in each of them here, so this is too much, but quick.
    if sum(map(_resident, pids)) <= limit:
        return 0
    return sum(map(_proportional, pids))


def descendants(*roots: int) -> list[int]:
    """The processes below some."""
    found = []
    todo = list(roots)
    while todo:
        parent = todo.pop()
        for task in _names(f"/proc/{parent}/task"):
            text = _read(f"/proc/{parent}/task/{task}/children")
            children = [int(word) for word in text.split()]
            found += children
            todo += children
    return found


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _resident(pid: int) -> int:
    words = _read(f"/proc/{pid}/statm").split()
    return int(words[1]) * _PAGE if len(words) > 1 else 0


def _proportional(pid: int) -> int:
    """Resident memory, of which shared pages count in part."""
    for line in _read(f"/proc/{pid}/smaps_rollup").split("\n"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
