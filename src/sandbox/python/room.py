"""The process that programs are forked from, one after the other, and that cleans up behind each.

At level `bwrap` it is process 1 of a namespace of processes, its *room*: nobody in there can signal
it, and the kernel ends everybody when it ends. It never sees what a program is, or what it prints:
that goes through pipes between the supervisor and the program, so no program finds anything of
another in the memory that it starts with.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _socket
import contextlib
import os
import struct
import time

import confine
import kernel
import program
from places import FOLDER
from settings import Settings

STATUS = struct.Struct("<i")
"""How a program ended: its exit code, or minus the number of a _signal."""

SPARE = b"s"
"""Said when a program waits for its code; with the other ends of its standard streams."""

ENDS = 3
"""Descriptors that come with `SPARE`: of standard input, output and error."""

_ENDS = struct.Struct(f"{ENDS}i")


class Room:
    """A room, in the process that programs are forked from."""

    def __init__(
        self, settings: Settings, filters: list[kernel.Filter], line: _socket.socket
    ) -> None:
        """Prepares the process; it has one line, to the supervisor."""
        os.chdir("/")
        self._is_private = settings.level == "bwrap"
        if self._is_private:
            _mount_proc()
        else:
            kernel.adopt_orphans()
        # The channel to the sandbox gets out of reach.
        os.dup2(line.detach(), program.LINE, inheritable=False)
        self._line = _socket.socket(fileno=program.LINE)
        os.closerange(program.LINE + 1, program.MANY_DESCRIPTORS)
        os.setsid()
        os.umask(0o022)
        # Nobody in a room can send its process 1 a signal that this has no handler for.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        if not self._is_private:
            # What is imported later would be imported in view of programs.
            _new_folder()
            _remove("")
        confine.confine_room(settings, filters)
        self.stage = program.Stage(settings)

    def fork(self) -> program.Turn | None:
        """Forks a program and waits until nothing of it is left; in its process: what it is."""
        # The program makes it: one that never gets its code leaves nothing behind.
        folder = FOLDER if self._is_private else _new_folder()
        (stdin, stdin_end), (out_end, out), (err_end, err) = (
            os.pipe(),
            os.pipe(),
            os.pipe(),
        )
        pid = kernel.fork()
        if pid == 0:
            return self.stage.enter((stdin, out, err), folder)
        ends = _ENDS.pack(stdin_end, out_end, err_end)
        self._line.sendmsg([SPARE], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, ends)])
        # Whoever holds an end of the program's pipes would keep them open.
        os.closerange(program.LINE + 1, max(stdin_end, out, err) + 1)
        status = _wait_for(pid)
        if self._is_private:
            _empty_room()
        else:
            _kill_rest()
            _remove(folder)
        os.write(program.LINE, STATUS.pack(status))
        return None


def _new_folder() -> str:
    import tempfile

    return os.path.join(tempfile.gettempdir(), f"gem-run-{os.urandom(8).hex()}")


def _remove(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _mount_proc() -> None:
    """Mounts a /proc that shows a program no processes but its own: not this one either."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    try:
        kernel.mount("proc", "/proc", flags, "subset=pid,hidepid=ptraceable")
    except OSError:
        # Kernels before 5.8 do not know these.
        kernel.mount("proc", "/proc", flags, "hidepid=2")


def _wait_for(program_pid: int) -> int:
    """How the program ended; orphans are collected, so that they do not count as processes."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == program_pid:
            return os.waitstatus_to_exitcode(status)


def _empty_room() -> None:
    """Kills all other processes of the room, and waits until there is none."""
    # All are this one's children, or below them: orphans come to process 1.
    while _collect():
        # From process 1 of a namespace, -1 is everybody else in there; forks under way fail.
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, _signal.SIGKILL)
        time.sleep(0.0002)


def _kill_rest() -> None:
    """Kills everything that the program has left behind, and waits until it is dead."""
    # Whoever left the session is adopted by this process as soon as its parent is dead.
    while children := _children():
        for pid in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, _signal.SIGKILL)
        _collect()
        time.sleep(0.001)


def _collect() -> bool:
    """Waits for children that have ended; false when there is none left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return False
    return True


def _children() -> list[int]:
    pid = os.getpid()
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []
