"""Waiting for any of several calls, or for another thread."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence

import zmq

from gem._bridge.errors import ServerLostError
from gem._bridge.exchange import REMOTE_POLL_SECONDS, Exchange

LONGEST_SECONDS = 3600.0
"""How long one sleep takes at most; the caller looks again after it."""


class Bell:
    """Wakes a thread that waits for calls: a pipe, from its first use on."""

    def __init__(self) -> None:
        """Starts without a pipe."""
        self._lock = threading.Lock()
        self._pipe: tuple[int, int] | None = None

    def ring(self) -> None:
        """Wakes whoever waits, if anybody ever did."""
        with self._lock:
            if self._pipe is not None:
                with contextlib.suppress(BlockingIOError):
                    os.write(self._pipe[1], b"!")

    def fileno(self) -> int:
        """What to wait for."""
        with self._lock:
            if self._pipe is None:
                self._pipe = os.pipe()
                for end in self._pipe:
                    os.set_blocking(end, False)
            return self._pipe[0]

    def hush(self) -> None:
        """Forgets that it was rung."""
        with self._lock, contextlib.suppress(BlockingIOError):
            if self._pipe is not None:
                os.read(self._pipe[0], 4096)

    def close(self) -> None:
        """Closes the pipe; a later use opens another."""
        with self._lock:
            if self._pipe is not None:
                os.close(self._pipe[0])
                os.close(self._pipe[1])
                self._pipe = None

    def __del__(self) -> None:
        """Closes the pipe."""
        self.close()


def wait_for_any(exchanges: Sequence[Exchange], bell: Bell | None, seconds: float) -> None:
    """Waits at most so long until one of the calls has a frame, or the bell rings."""
    seconds = min(seconds, LONGEST_SECONDS)
    try:
        for exchange in exchanges:
            exchange.connection.check_reachable()
    except ServerLostError:
        return  # It shows when the frames are taken.
    if any(exchange.connection.peer.hangup is None for exchange in exchanges):
        seconds = min(seconds, REMOTE_POLL_SECONDS)
    if bell is None and len(exchanges) == 1:
        with contextlib.suppress(ServerLostError):
            exchanges[0].connection.wait(seconds)
        return
    poller = zmq.Poller()
    try:
        if bell is not None:
            poller.register(bell.fileno(), zmq.POLLIN)
        for exchange in exchanges:
            if not exchange.connection.arm():
                return
            for pollable in exchange.connection.pollables():
                poller.register(pollable, zmq.POLLIN)
        poller.poll(int(seconds * 1000) + 1)
    except ServerLostError:
        return
    finally:
        for exchange in exchanges:
            exchange.connection.disarm()
    if bell is not None:
        bell.hush()
