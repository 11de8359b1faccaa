"""Asking a worker how much it has to do, without waiting for it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import zmq

from gem._bridge import curve
from gem._bridge.errors import ServerRefusedError
from gem._bridge.process import PROTOCOL_VERSION
from gem._bridge.values import RESULT, pack

UNIX_SCHEME = "unix://"
ASK_AGAIN_SECONDS = 5.0
"""After so long a question counts as lost, and goes over a new connection."""

LOOK_SECONDS = 0.05
"""How often sockets are looked for that are not there yet."""

MOST_RECONNECT_MS = 2_000
_HEADER = struct.Struct("<I")
_EVENTS = zmq.EVENT_HANDSHAKE_SUCCEEDED | curve.FAILURES
_FRAMES = msgspec.msgpack.Decoder()
_HELLO, _LOAD = 1, 2


class Scout:
    """Asks one worker. Each question is a session of its own, so a restart needs no care."""

    def __init__(
        self, endpoint: str, context: Callable[[], zmq.Context[zmq.Socket[bytes]]]
    ) -> None:
        """Connects when it asks for the first time.

        Args:
            endpoint: the worker's address.
            context: gives ZeroMQ's context, where one is needed.
        """
        self.endpoint = endpoint
        self.has_answered = False
        """Whether it has ever answered."""

        self.is_silent = False
        """Whether it has not answered the last question: it is busy, away or gone."""

        self.others = 0
        """The environments there of other clients."""

        self.own = 0
        """Ours, at the last question."""

        self.is_draining = False
        self.born: object = None
        self.refused: ServerRefusedError | None = None
        """Why it does not let us in."""

        self._asked: float | None = None
        self._line: _Stream | _Dealer | None = None
        self._context = context

    @property
    def is_waiting(self) -> bool:
        """Whether a question is open."""
        return self._asked is not None

    def ask(self, own: int) -> None:
        """Asks, unless a question is open that may be answered yet.

        Args:
            own: how many environments this client has there.
        """
        now = time.monotonic()
        if self._asked is not None and now - self._asked < ASK_AGAIN_SECONDS:
            return
        if self._asked is not None:
            self.close()
        self.own = own
        self._asked = now
        self._send()

    def look(self) -> None:
        """Takes an answer, if one is there; asks again where nobody listened."""
        if self._asked is None:
            return
        if self._line is None:
            self._send()
            return
        for frame in self._line.take():
            self._read(frame)
        if isinstance(self._line, _Dealer):
            self.refused = self._line.refused or self.refused
        if self._line.is_broken:
            self.close()

    def pollables(self) -> list[Any]:
        """What to wait for."""
        return [] if self._line is None else self._line.pollables()

    def close(self) -> None:
        """Hangs up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _send(self) -> None:
        if self._line is None:
            try:
                if self.endpoint.startswith(UNIX_SCHEME):
                    self._line = _Stream(self.endpoint.removeprefix(UNIX_SCHEME))
                else:
                    self._line = _Dealer(self._context(), self.endpoint)
            except OSError:
                return
        session = os.urandom(8)
        hello = [PROTOCOL_VERSION, os.urandom(16), {"pid": os.getpid()}]
        calls = [("hello", hello), ("load", []), ("bye", [])]
        self._line.send(
            [pack([0, session, n, method, params]) for n, (method, params) in enumerate(calls, 1)]
        )

    def _read(self, frame: bytes) -> None:
        message = _FRAMES.decode(frame)
        if message[0] != RESULT:
            return
        if message[1] == _HELLO:
            self.born = message[2].get("born")
        elif message[1] == _LOAD:
            load = message[2]
            self.others = max(0, load["environments"] - self.own)
            self.is_draining = load["draining"]
            self.has_answered, self.is_silent = True, False
            self.refused = None
            self._asked = None


class _Stream:
    """A unix socket."""

    def __init__(self, path: str) -> None:
        self.is_broken = False
        self._buffer = b""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise

    def send(self, frames: Iterable[bytes]) -> None:
        try:
            self._socket.send(b"".join(_HEADER.pack(len(frame)) + frame for frame in frames))
        except OSError:
            self.is_broken = True

    def take(self) -> list[bytes]:
        try:
            while chunk := self._socket.recv(65536):
                self._buffer += chunk
            self.is_broken = True
        except BlockingIOError:
            pass
        except OSError:
            self.is_broken = True
        frames = []
        while len(self._buffer) >= _HEADER.size:
            end = _HEADER.size + _HEADER.unpack_from(self._buffer)[0]
            if end > len(self._buffer):
                break
            frames.append(self._buffer[_HEADER.size : end])
            self._buffer = self._buffer[end:]
        return frames

    def pollables(self) -> list[Any]:
        return [self._socket.fileno()]

    def close(self) -> None:
        self._socket.close()


class _Dealer:
    """A ZeroMQ socket, which connects again by itself."""

    is_broken = False

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str) -> None:
        self.refused: ServerRefusedError | None = None
        self._socket = context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, MOST_RECONNECT_MS)
        has_keys = curve.secure_or_close(self._socket, endpoint)
        self._handshakes = curve.Handshakes(endpoint, has_keys)
        self._monitor = self._socket.get_monitor_socket(_EVENTS)
        self._socket.connect(endpoint)

    def send(self, frames: Iterable[bytes]) -> None:
        with contextlib.suppress(zmq.ZMQError):
            for frame in frames:
                self._socket.send(frame, zmq.NOBLOCK)

    def take(self) -> list[bytes]:
        while self._monitor.poll(0):
            event, value = struct.unpack("=HI", self._monitor.recv_multipart()[0])
            if not event & curve.FAILURES:
                self._handshakes.succeed()
                continue
            try:
                self._handshakes.fail(event, value, time.monotonic())
            except ServerRefusedError as error:
                self.refused = error
        frames = []
        with contextlib.suppress(zmq.Again):
            while True:
                frames.append(self._socket.recv(zmq.NOBLOCK))
        return frames

    def pollables(self) -> list[Any]:
        return [self._socket, self._monitor]

    def close(self) -> None:
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(0)


def wait(scouts: Iterable[Scout], seconds: float) -> None:
    """Waits until one of them hears something, at most so long, and has all of them look."""
    scouts = list(scouts)
    poller = zmq.Poller()
    for scout in scouts:
        for pollable in scout.pollables():
            poller.register(pollable, zmq.POLLIN)
    poller.poll(int(min(seconds, LOOK_SECONDS) * 1000) + 1)
    for scout in scouts:
        scout.look()
