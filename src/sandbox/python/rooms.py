"""Where programs run at level `bwrap`: namespaces of their own with an empty /tmp, used in turn.

A room has namespaces of processes, mounts and IPC, and a *keeper*, its process 1. Making namespaces
costs more than running a short program, so a room is used again, but only when nothing of the run
before is left: the keeper kills every other process, makes sure that there is none, and replaces
/tmp and /dev/shm when anything in them has changed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from typing import NoReturn

import kernel
from settings import Settings

FOLDER = "/tmp/run"
"""Where programs work."""

RESET = b"r"
"""What the supervisor sends when a run is over; the same is answered when the room is empty."""

_PLACES = ("/tmp", FOLDER, "/dev/shm")


class Room:
    """A room, as the zygote sees it."""

    def __init__(self, settings: Settings) -> None:
        """Makes it and waits until it is ready."""
        self.line, theirs = socket.socketpair()
        """The keeper's socket, for the supervisor."""
        flags = kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC
        self.keeper = kernel.clone(flags)
        """The keeper's process id."""
        if self.keeper == 0:
            self.line.close()
            _keep(settings, theirs)
        theirs.close()
        if self.line.recv(1) != RESET:
            raise RuntimeError("A room could not be made.")
        folder = f"/proc/{self.keeper}/ns"
        self._of_processes = os.open(f"{folder}/pid", os.O_RDONLY)
        self._others = [os.open(f"{folder}/{name}", os.O_RDONLY) for name in ("mnt", "ipc")]

    def fork(self) -> int:
        """Forks a process into the room; it is a child of the caller's parent, and 0 there."""
        kernel.set_namespace(self._of_processes)
        pid = kernel.clone(kernel.CLONE_PARENT)
        if pid == 0:
            for namespace in self._others:
                kernel.set_namespace(namespace)
        return pid


def _keep(settings: Settings, line: socket.socket) -> NoReturn:
    """Keeps the room until its process is killed."""
    kernel.die_with_parent()
    kernel.set_dumpable(allowed=False)
    # Nobody in a namespace can send its process 1 a signal that this has no handler for.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _mount_proc()
    _fill(settings)
    seen = _look()
    line.sendall(RESET)
    while line.recv(1) == RESET:
        _empty()
        if _look() != seen:
            kernel.unmount("/dev/shm")
            kernel.unmount("/tmp")
            _fill(settings)
            seen = _look()
        line.sendall(RESET)
    os._exit(0)


def _empty() -> None:
    """Kills all other processes of the room, and waits until there is none."""
    while True:
        try:
            # -1 is everybody but the caller, zombies too; forks that are under way fail.
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            return
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        time.sleep(0.0002)


def _look() -> list[object]:
    """What the folders that programs can write to look like; any change shows in it."""
    seen: list[object] = []
    for place in _PLACES:
        status = os.stat(place)
        seen += [status.st_ctime_ns, status.st_mode, os.listdir(place), os.listxattr(place)]
    return seen


def _fill(settings: Settings) -> None:
    """Mounts an empty /tmp and /dev/shm."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    owner = max(settings.user, 0)
    options = f"size={settings.file_bytes},nr_inodes=8192,mode=700,uid={owner},gid={owner}"
    # What of the interpreter lies below /tmp is held, and bound to its place again.
    held = [(path, os.open(path, os.O_PATH)) for path in settings.below_tmp]
    kernel.mount("tmpfs", "/tmp", flags, options)
    for path, descriptor in held:
        os.makedirs(path)
        kernel.bind(f"/proc/self/fd/{descriptor}", path)
        os.close(descriptor)
    kernel.mount("tmpfs", "/dev/shm", flags | kernel.MS_NOEXEC, options)
    os.mkdir(FOLDER, 0o700)
    os.chown(FOLDER, owner, owner)


def _mount_proc() -> None:
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    try:
        kernel.mount("proc", "/proc", flags, "subset=pid")
    except OSError:
        # Kernels before 5.8 do not know the option.
        kernel.mount("proc", "/proc", flags, "")
