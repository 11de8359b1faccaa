"""The parent of one program at the levels without rooms: kills what that leaves behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import tempfile
import time
from typing import NoReturn

import kernel
import program
from settings import Settings

STATUS = struct.Struct("<i")
"""How the program ended: its exit code, or minus the number of a signal."""


class _Stop(BaseException):
    """The supervisor wants the run to end."""


def main(
    settings: Settings,
    filters: list[kernel.Filter],
    feed: int,
    standard: tuple[int, int, int],
    status: int,
) -> NoReturn:
    """Forks a program, and says how it ended when nothing of its run is left."""
    kernel.die_with_parent()
    kernel.adopt_orphans()
    signal.signal(signal.SIGTERM, _stop)
    # The program makes it when its turn comes: a spare that is not used leaves nothing behind.
    folder = os.path.join(tempfile.gettempdir(), f"gem-run-{os.urandom(8).hex()}")
    pid = kernel.clone(0)
    if pid == 0:
        program.main(settings, filters, feed, standard, folder)
    # Whoever holds an end of the program's pipes would keep them open.
    os.closerange(3, status)
    os.closerange(status + 1, program.MANY_DESCRIPTORS)
    try:
        ending = _wait_for(pid)
        _kill_rest(pid)
        os.write(status, STATUS.pack(ending))
    except _Stop:
        _kill_rest(pid)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _wait_for(program_pid: int) -> int:
    """How the program ended; orphans are collected, so that they do not count as processes."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == program_pid:
            return os.waitstatus_to_exitcode(status)


def _stop(*_: object) -> NoReturn:
    raise _Stop


def _kill_rest(program_pid: int) -> None:
    """Kills everything that the run started and waits until it is dead."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _kill(-program_pid)
    _kill(program_pid)
    # Whoever left the session is adopted by this process as soon as its parent is dead.
    while children := _children_of(os.getpid()):
        for pid in children:
            _kill(pid)
        _collect()
        time.sleep(0.001)


def _collect() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _children_of(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []
