"""Being there: connections that keep what this process has at servers it shares with others.

A server closes the environments of a client that has had no connection for a while. The kernel
keeps these connections open for as long as the process lives, whatever its threads do; where one is
cut on the way, a thread is there to make it anew, which otherwise sleeps.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable

import zmq

from gem._bridge import curve
from gem._bridge.errors import GemError
from gem._bridge.process import PROTOCOL_VERSION
from gem._bridge.values import RESULT, pack, peek

UNIX_SCHEME = "unix://"
ANSWER_SECONDS = 10.0
"""How long a server on this machine may take to say that it has noticed us."""

JOIN_SECONDS = 1.0
_HEADER = struct.Struct("<I")
_EVENTS = zmq.EVENT_HANDSHAKE_SUCCEEDED | curve.FAILURES
HEARTBEAT_MS = 2_000
HEARTBEAT_TIMEOUT_MS = 10_000


class Presence:
    """The connections of one client, one for each worker that it uses."""

    def __init__(
        self, client_id: bytes, context: Callable[[], zmq.Context[zmq.Socket[bytes]]]
    ) -> None:
        """Starts with none.

        Args:
            client_id: the client's 16 bytes.
            context: gives ZeroMQ's context, where one is needed.
        """
        self._id = client_id
        self._context = context
        self._lock = threading.Lock()
        self._here: dict[str, socket.socket] = {}
        self._afar: _Watcher | None = None

    def keep(self, endpoint: str) -> bool:
        """Begins to be there at a worker, or goes on; whether it has answered, if it can at once.

        Workers on this machine do; others are told by a thread.
        """
        with self._lock:
            if not endpoint.startswith(UNIX_SCHEME):
                self._watcher().keep(endpoint)
                return True
            known = self._here.get(endpoint)
            if known is not None and not _has_hung_up(known):
                return True
            if known is not None:
                known.close()
                del self._here[endpoint]
            stream = _introduce(endpoint.removeprefix(UNIX_SCHEME), _hello(self._id))
            if stream is not None:
                self._here[endpoint] = stream
            return stream is not None

    def end(self) -> None:
        """Ends all of it."""
        with self._lock:
            for stream in self._here.values():
                stream.close()
            self._here.clear()
            if self._afar is not None:
                self._afar.end()

    def _watcher(self) -> _Watcher:
        if self._afar is None:
            self._afar = _Watcher(self._context(), self._id)
        return self._afar


class _Watcher:
    """A thread that holds connections over ZeroMQ and says hello again on each new one."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], client_id: bytes) -> None:
        self._context = context
        self._id = client_id
        self._wanted: set[str] = set()
        self._is_ending = False
        self._bell, self._ringer = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="gem-presence", daemon=True)
        self._thread.start()

    def keep(self, endpoint: str) -> None:
        if endpoint not in self._wanted:
            self._wanted = {*self._wanted, endpoint}
            self._ringer.send(b"!")

    def end(self) -> None:
        self._is_ending = True
        with contextlib.suppress(OSError):
            self._ringer.send(b"!")
        self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        lines: dict[str, _Line] = {}
        poller = zmq.Poller()
        poller.register(self._bell, zmq.POLLIN)
        while not self._is_ending:
            for endpoint in self._wanted - lines.keys():
                try:
                    line = lines[endpoint] = _Line(self._context, endpoint, _hello(self._id))
                except GemError:  # Its keys are gone meanwhile; calls will say so.
                    self._wanted = self._wanted - {endpoint}
                    continue
                poller.register(line.monitor, zmq.POLLIN)
            for ready, _ in poller.poll():
                if ready == self._bell.fileno():
                    self._bell.recv(64)
            for line in lines.values():
                line.look()
        for line in lines.values():
            line.close()
        self._bell.close()
        self._ringer.close()


class _Line:
    """One connection over ZeroMQ."""

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str, hello: bytes
    ) -> None:
        self._hello = hello
        self._socket = context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
        self._socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS)
        curve.secure_or_close(self._socket, endpoint)
        self.monitor = self._socket.get_monitor_socket(_EVENTS)
        self._socket.connect(endpoint)

    def look(self) -> None:
        """Says hello where a connection has been made since the last time, and reads answers."""
        while self.monitor.poll(0):
            event = struct.unpack("=HI", self.monitor.recv_multipart()[0])[0]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                with contextlib.suppress(zmq.ZMQError):
                    self._socket.send(self._hello, zmq.NOBLOCK)
        with contextlib.suppress(zmq.ZMQError):
            while True:
                self._socket.recv(zmq.NOBLOCK)

    def close(self) -> None:
        """Hangs up."""
        self._socket.disable_monitor()
        self.monitor.close(0)
        self._socket.close(0)


def _hello(client_id: bytes) -> bytes:
    about = {"pid": os.getpid()}
    return pack([0, os.urandom(8), 1, "hello", [PROTOCOL_VERSION, client_id, about]])


def _introduce(path: str, hello: bytes) -> socket.socket | None:
    """Says hello at a unix socket; None when nobody answers there."""
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        stream.settimeout(ANSWER_SECONDS)
        stream.connect(path)
        stream.sendall(_HEADER.pack(len(hello)) + hello)
        size = _HEADER.unpack(_read(stream, _HEADER.size))[0]
        if peek(_read(stream, size))[0] == RESULT:
            stream.setblocking(False)
            return stream
    except (OSError, EOFError):
        pass
    stream.close()
    return None


def _read(stream: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = stream.recv(size - len(data))
        if chunk == b"":
            raise EOFError
        data += chunk
    return data


def _has_hung_up(stream: socket.socket) -> bool:
    """Whether the other side is gone; it says nothing after its first answer."""
    try:
        return stream.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
