"""One session with one worker: numbered calls over a socket, used by one thread at a time."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import zmq

from gem._bridge import curve, settings
from gem._bridge.errors import LimitError, ServerLostError, ServerRefusedError
from gem._bridge.values import pack

MAX_FRAME_BYTES = 64 * 1024 * 1024
HEARTBEAT_MS = 2_000
HEARTBEAT_TIMEOUT_MS = 10_000
REFUSED_SECONDS = 2.0
"""How long a worker may be refusing connections before others take over: one that died is back
sooner."""

MOST_RESUMES = 50
"""How often in a row one call may lose its connection."""

SOON_MS = 50
"""How long a wait looks at the socket alone, which is cheaper; then also for the server's end."""

PROBE_SECONDS = 0.2
"""How long a machine may take to refuse a connection."""

LAST_WORDS_MS = 100
"""How long a reply that a dying server sent may take to arrive, and our `bye` to leave."""

_WATCHED_EVENTS = zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_SUCCEEDED | curve.FAILURES
Pollable = zmq.Socket[bytes] | int


@dataclass(frozen=True)
class Peer:
    """A worker's address, and how its end is noticed.

    `hangup` is a pipe that hangs up when a private server ends; None for a remote one, which is
    watched by heartbeats. `has_others` says whether other workers could take over.
    """

    endpoint: str
    hangup: int | None
    log: str | None
    has_others: Callable[[], bool] = lambda: False
    process: object = None
    """Keeps `hangup` open for as long as somebody may wait for it."""

    def has_ended(self) -> bool:
        """Whether a private server's process is known to be gone."""
        if self.hangup is None:
            return False
        pipe = select.poll()
        pipe.register(self.hangup, select.POLLIN)
        return bool(pipe.poll(0))

    def patience_seconds(self, *, refused: bool) -> float:
        """How long to try to reach the worker again.

        Args:
            refused: whether its machine says that nobody listens there; then others take over soon.
        """
        if self.hangup is not None:
            return settings.start_timeout_seconds()
        limit = settings.reconnect_seconds()
        return min(limit, REFUSED_SECONDS) if refused and self.has_others() else limit

    def lost(self, what: str) -> ServerLostError:
        """The error that says so."""
        where = f" Its log: {self.log}" if self.log else ""
        message = (
            f"The server at {self.endpoint} {what}; its environments are gone. "
            f"Make new ones.{where}"
        )
        return ServerLostError(message, {"endpoint": self.endpoint, "log": self.log})


class Connection:
    """A DEALER socket with its session."""

    def __init__(self, context: Any, peer: Peer) -> None:
        """Opens the socket; the first call must be `hello`.

        Args:
            context: what the kind of connection is made from, here ZeroMQ's context.
            peer: the worker.
        """
        self.peer = peer
        self._session = os.urandom(8)
        self.n = 0
        self.is_lost = False
        self.is_replaced = False
        self.last_frame = b""
        """The frame that was sent last."""

        self._down_since: float | None = None
        self._resumes = 0
        self._open(context)

    def _open(self, context: Any) -> None:
        peer = self.peer
        self._socket: zmq.Socket[bytes] = context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RCVTIMEO, SOON_MS)
        self._monitor: zmq.Socket[bytes] | None = None
        if peer.hangup is None:
            self._socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
            self._socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS)
        has_keys = peer.hangup is None and curve.secure_or_close(self._socket, peer.endpoint)
        self._handshakes = curve.Handshakes(peer.endpoint, has_keys)
        self._monitor = self._socket.get_monitor_socket(_WATCHED_EVENTS)
        self._socket.connect(peer.endpoint)
        self._poller = zmq.Poller()
        for pollable in self.pollables():
            self._poller.register(pollable, zmq.POLLIN)

    def pollables(self) -> list[Pollable]:
        """What to wait for."""
        watched = (self._socket, self._monitor, self.peer.hangup)
        return [item for item in watched if item is not None]

    def continue_session(self, earlier: Connection) -> None:
        """Goes on where an earlier connection to the same worker stops; that one is closed."""
        self._session, self.n = earlier._session, earlier.n
        earlier._hang_up()

    def call(self, method: str, params: Sequence[Any]) -> bytes | None:
        """Sends the next call; gives the frame that arrives within `SOON_MS`, or None.

        Raises:
            LimitError: when it is too large; then it counts as never made.
            ServerLostError: when the server is gone.
        """
        frame = pack([0, self._session, self.n + 1, method, params])
        if len(frame) > MAX_FRAME_BYTES:
            raise _too_large(len(frame))
        self.n += 1
        return self._exchange(frame)

    def send_call(self, method: str, params: Sequence[Any]) -> None:
        """Sends the next call.

        Raises:
            LimitError: when it is too large; then it counts as never made.
        """
        self._send(pack([0, self._session, self.n + 1, method, params]))
        self.n += 1

    def send_answer(self, round_: int, outcomes: Sequence[Any]) -> None:
        """Answers a need of the current call."""
        self._send(pack([1, self._session, self.n, round_, outcomes]))

    def arm(self) -> bool:
        """Prepares to be waited for through `pollables`; False: there is something to receive."""
        return True

    def disarm(self) -> None:
        """Ends what `arm` began."""

    def wait(self, seconds: float) -> bool:
        """Waits for a sign of life at most so long; False: there was none."""
        return bool(self._poller.poll(int(seconds * 1000) + 1))

    def receive_soon(self) -> bytes | None:
        """Takes a frame that arrives within `SOON_MS`, or None."""
        try:
            return self._socket.recv()
        except zmq.Again:
            return None

    def receive(self) -> bytes | None:
        """Takes a frame that has arrived, or None.

        Raises:
            ServerLostError: when the server is gone.
        """
        frame = self._take()
        if frame is None and self.peer.hangup is not None and self._has_hung_up():
            self._socket.poll(LAST_WORDS_MS)
            frame = self._take()
            if frame is None:
                self.is_lost = True
                raise self.peer.lost("has ended")
        if self._monitor is not None:
            self._watch(self._monitor)
        return frame

    @property
    def hint(self) -> str:
        """What to check when nobody answers; may be empty."""
        return self._handshakes.hint

    def close(self) -> None:
        """Gives the connection up; a call that still runs is abandoned."""
        with contextlib.suppress(zmq.ZMQError):
            self._socket.send(self._bye(), zmq.NOBLOCK)
        self._hang_up()

    def _resume(self) -> None:
        """Goes on over a new connection after this one was cut: sends the last frame again.

        The server answers a call that it knows with the reply it keeps, and plays nothing twice.

        Raises:
            ServerLostError: when nobody can be reached, or one call is cut again and again.
        """
        self._resumes += 1
        if self._resumes > MOST_RESUMES or self.peer.has_ended():
            self.is_lost = True
            raise self.peer.lost("has ended" if self.peer.has_ended() else "cuts every connection")
        self._reopen()

    def _reopen(self) -> None:
        """Connects again and sends the last frame again; of connections that do not do it alone.

        Raises:
            ServerLostError: when that cannot be.
        """
        self.is_lost = True
        raise self.peer.lost("has ended")

    def _bye(self) -> bytes:
        return pack([0, self._session, self.n + 1, "bye", []])

    def _hang_up(self) -> None:
        if self._monitor is not None:
            self._socket.disable_monitor()
            self._monitor.close(0)
        self._socket.close(LAST_WORDS_MS)

    def _send(self, frame: bytes) -> None:
        if len(frame) > MAX_FRAME_BYTES:
            raise _too_large(len(frame))
        self._transmit(frame)

    def _exchange(self, frame: bytes) -> bytes | None:
        self._transmit(frame)
        return self.receive_soon()

    def _transmit(self, frame: bytes) -> None:
        self.last_frame = frame
        try:
            self._socket.send(frame, zmq.NOBLOCK)
        except zmq.Again:
            # A refusal ends the socket's only connection; nothing else makes it take no frame.
            if self._monitor is not None:
                self._watch(self._monitor)
            self.is_lost = True
            raise self.peer.lost("does not take this client back") from None

    def _take(self) -> bytes | None:
        try:
            return self._socket.recv(zmq.NOBLOCK)
        except zmq.Again:
            return None

    def _has_hung_up(self) -> bool:
        return any(item == self.peer.hangup for item, _ in self._poller.poll(0))

    def _watch(self, monitor: zmq.Socket[bytes]) -> None:
        """Notes when a remote worker is away; sends the last frame again when it is back."""
        while monitor.poll(0):
            event, value = struct.unpack("=HI", monitor.recv_multipart()[0])
            if event == zmq.EVENT_DISCONNECTED:
                self._down_since = self._down_since or time.monotonic()
            elif event & curve.FAILURES:
                self._note_failure(event, value)
            else:
                self._handshakes.succeed()
                if self._down_since is not None:
                    self._down_since = None
                    self._socket.send(self.last_frame)

    def _note_failure(self, event: int, value: int) -> None:
        try:
            self._handshakes.fail(event, value, time.monotonic())
        except ServerRefusedError:
            self.is_lost = True
            raise

    def check_reachable(self) -> None:
        """Refuses to wait any longer for a remote worker that stays away.

        Raises:
            ServerLostError: after `GEM_RECONNECT` seconds.
        """
        if self._monitor is not None:
            self._watch(self._monitor)
        if self._down_since is None:
            return
        refused = self.peer.has_others() and _is_refused(self.peer.endpoint)
        limit = self.peer.patience_seconds(refused=refused)
        if time.monotonic() - self._down_since > limit:
            self.is_lost = True
            raise self.peer.lost(f"has been unreachable for {limit:g} s (GEM_RECONNECT)")


def _is_refused(endpoint: str) -> bool:
    """Whether a machine says that nobody listens at an address."""
    scheme, _, place = endpoint.partition("://")
    try:
        if scheme == "tcp":
            host, _, port = place.rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), PROBE_SECONDS).close()
        else:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(place)
    except (ConnectionRefusedError, FileNotFoundError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _too_large(size: int) -> LimitError:
    message = f"A call of {size} bytes exceeds the limit of {MAX_FRAME_BYTES}; send less at once."
    return LimitError(message)
