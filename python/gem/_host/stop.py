"""How a host ends: with Node, however Node ends, and with all that it has started.

A host leads a process group of its own. Three things end it when Node does: the end of its
connection, noticed by a thread of its own while a library computes; on Linux the kernel, also where
a library never lets other threads run; and for what the library has started, a keeper, a forked
process that waits for the host's end to end the rest of its group.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading

_PR_SET_PDEATHSIG = 1
_POLLRDHUP = getattr(select, "POLLRDHUP", 0)
_KEPT_FILES = 1024


def start_keeper() -> None:
    """Forks the process that outlives this one just long enough to end its group."""
    if os.getpgrp() != os.getpid():
        # Started by hand, in the group of a shell: it is not ours to end.
        return
    watched, kept = _own_end()
    if os.fork() == 0:
        _keep(watched)
    os.close(watched)
    if kept is not None:
        os.set_inheritable(kept, False)


def _own_end() -> tuple[int, int | None]:
    """What becomes readable when this process ends, and what it must not close until then."""
    pidfd_open = getattr(os, "pidfd_open", None)
    if pidfd_open is not None:
        with contextlib.suppress(OSError):
            return pidfd_open(os.getpid()), None
    return os.pipe()


def _keep(watched: int) -> None:
    try:
        # Every other file, above all the connection, must end with the host.
        os.closerange(0, watched)
        os.closerange(watched + 1, max(_KEPT_FILES, watched + 2))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        poll.poll()
        os.killpg(0, signal.SIGKILL)
    finally:
        os._exit(0)


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent ends, where it can be asked."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (ImportError, OSError, AttributeError):
        pass  # No Linux: the thread that watches the connection is left.


def watch(file: int) -> None:
    """Starts the thread that ends this process when the other end of a socket closes."""

    def wait() -> None:
        poll = select.poll()
        poll.register(file, _POLLRDHUP)
        while not any(event & (_POLLRDHUP | select.POLLHUP) for _, event in poll.poll()):
            pass
        end()

    threading.Thread(target=wait, name="gem-host-watch", daemon=True).start()


def end() -> None:
    """Ends this process at once: what a library does at exit must not keep it."""
    os._exit(0)
