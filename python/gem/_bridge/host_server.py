"""`GEM_SERVER=host`: one server for all processes of a user on a machine.

The first process starts it, others find it by a file, and it ends by itself when its last client
has gone. Who starts it is settled by a lock that the kernel takes back from dead processes; whether
it is still there, by asking it: it answers as long as it can be found, and stays for whoever it has
answered.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from gem._bridge import process as processes
from gem._bridge import settings
from gem._bridge.client import Client
from gem._bridge.errors import ServerStartError

RETRY_SECONDS = 0.01
"""Between attempts to take the lock."""

CLIENT_SETTINGS = frozenset(
    {
        "GEM_SERVER",
        "GEM_TRANSPORT",
        "GEM_DEADLINE",
        "GEM_START_TIMEOUT",
        "GEM_RECONNECT",
        "GEM_RECOVER",
        "GEM_MIN_BLOCK",
        "GEM_CURVE",
        "GEM_RECORD",
    }
)
"""Variables that mean nothing to a server; processes that differ in others have their own."""

Found = dict[str, Any]


def connect(build: Callable[[list[str], str], Client]) -> Client:
    """Finds the server of this user and machine, or starts it.

    Args:
        build: makes a client from the server's addresses and the path of its log.

    Raises:
        ServerStartError: when it cannot be started, or another process holds the lock for too long.
    """
    folder = _folder()
    name = _name()
    place = folder / f"{name}.json"
    client = _join(place, build)
    if client is not None:
        return client
    with _locked(folder / f"{name}.lock"):
        client = _join(place, build)
        if client is None:
            client = _start(place, build)
    _sweep(folder)
    return client


def _join(place: Path, build: Callable[[list[str], str], Client]) -> Client | None:
    """A client of the server that a file names, if that one answers."""
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        endpoints, log = list(found["endpoints"]), str(found["log"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    client = build(endpoints, log)
    return client if client.presence.keep(endpoints[0]) else None


def _start(place: Path, build: Callable[[list[str], str], Client]) -> Client:
    options = ["--end-when-idle", f"{settings.host_idle_seconds():g}", "--allow-programs"]
    endpoints, log = processes.start_shared_server(options)
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"endpoints": endpoints, "log": str(log)}), encoding="utf-8")
    draft.replace(place)
    client = _join(place, build)
    if client is None:
        message = (
            f"The server that was started for GEM_SERVER=host has ended at once. Its log: {log}"
        )
        raise ServerStartError(message)
    return client


def _name() -> str:
    """What tells apart servers of one user: versions, the server's files, its settings."""
    relevant = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("GEM_", "HF_")) and name not in CLIENT_SETTINGS
    }
    version = ""
    with contextlib.suppress(metadata.PackageNotFoundError):
        version = metadata.version("gem-llm-node")
    entry = processes.find_entry()
    facts = [
        processes.PROTOCOL_VERSION,
        version,
        str(entry),
        entry.stat().st_mtime_ns,
        processes.find_node(),
        sorted(relevant.items()),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def _folder() -> Path:
    """A folder that only this user can enter.

    Raises:
        ServerStartError: when its name is taken by something else.
    """
    folder = Path(tempfile.gettempdir()) / f"gem-host-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not is_ours or status.st_mode & 0o077:
        message = (
            f"GEM_SERVER=host needs the folder {folder} for itself, but it belongs to somebody "
            "else or others can enter it. Remove it, or let TMPDIR name another place."
        )
        raise ServerStartError(message)
    return folder


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds a lock file; it is removed and made again by whoever cleans up, hence the second look.

    Raises:
        ServerStartError: when another process keeps it for longer than `GEM_START_TIMEOUT`.
    """
    seconds = 2 * settings.start_timeout_seconds()
    end = time.monotonic() + seconds
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _take(descriptor) and _is_at(path, descriptor):
                yield
                return
        finally:
            os.close(descriptor)
        if time.monotonic() > end:
            message = (
                f"Another process has been starting the server of GEM_SERVER=host for "
                f"{seconds:g} s (twice GEM_START_TIMEOUT); it holds the lock {path}."
            )
            raise ServerStartError(message)
        time.sleep(RETRY_SECONDS)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether a path still leads to this open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sweep(folder: Path) -> None:
    """Removes what servers left behind that are gone: those whose sockets are no more."""
    for place in folder.glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, IndexError, TypeError):
            found = json.loads(place.read_text(encoding="utf-8"))
            if Path(str(found["endpoints"][0]).removeprefix("unix://")).exists():
                continue
            lock = place.with_suffix(".lock")
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                # Whoever holds the lock is about to start the next one.
                if _take(descriptor) and _is_at(lock, descriptor):
                    place.unlink()
                    lock.unlink()
            finally:
                os.close(descriptor)
