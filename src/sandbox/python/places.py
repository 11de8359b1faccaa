"""The folders that programs can write to at level `bwrap`: empty at the start of each."""

from __future__ import annotations

import os
import time

import kernel
from settings import Settings

FOLDER = "/tmp/run"
"""Where programs work."""

_PLACES = ("/tmp", FOLDER, "/dev/shm")
# More than a step of the clock that files' times are taken from.
_STEP_SECONDS = 0.02


class Places:
    """Private file systems at /tmp and /dev/shm, which are replaced when anything has changed."""

    def __init__(self, settings: Settings) -> None:
        """Mounts them; the working directory is and stays a /proc in which this process is seen."""
        self._settings = settings
        self._fill()

    def begin(self) -> None:
        """A program is about to start."""
        # A change within the step of the clock in which they were made could not be seen.
        self._is_new = time.monotonic() < self._filled + _STEP_SECONDS

    def clean(self) -> None:
        """Empties them; no program runs."""
        # Whatever is made or changed in a folder, or at it, sets its ctime; nobody can choose that.
        if self._is_new or _look() != self._seen:
            kernel.unmount("/dev/shm")
            kernel.unmount("/tmp")
            self._fill()

    def _fill(self) -> None:
        settings = self._settings
        flags = kernel.MS_NOSUID | kernel.MS_NODEV
        owner = max(settings.user, 0)
        options = f"size={settings.file_bytes},nr_inodes=8192,mode=700,uid={owner},gid={owner}"
        # What of the interpreter lies below /tmp is held, and bound to its place again.
        held = [(path, os.open(path, os.O_PATH)) for path in settings.below_tmp]
        kernel.mount("tmpfs", "/tmp", flags, options)
        for path, descriptor in held:
            os.makedirs(path)
            kernel.bind(f"self/fd/{descriptor}", path)
            os.close(descriptor)
        kernel.mount("tmpfs", "/dev/shm", flags | kernel.MS_NOEXEC, options)
        os.mkdir(FOLDER, 0o700)
        os.chown(FOLDER, owner, owner)
        self._filled = time.monotonic()
        self._seen = _look()


def _look() -> list[int]:
    return [os.stat(place).st_ctime_ns for place in _PLACES]
