"""A relay of bytes in front of a server: it can be cut, slowed down, and led elsewhere."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

CHUNK_BYTES = 1 << 16


class Proxy:
    """Listens at an address of its own and passes everything on to a server's."""

    def __init__(self, endpoint: str, folder: str, name: str) -> None:
        """Begins to listen.

        Args:
            endpoint: the server's address, `unix://…` or `tcp://…`.
            folder: where a unix socket of its own has its place.
            name: that socket's name.
        """
        self.target = endpoint
        self.delay_seconds = 0.0
        """How long each piece is kept back."""

        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()
        if endpoint.startswith("unix://"):
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(f"{folder}/{name}")
            self.endpoint = f"unix://{folder}/{name}"
        else:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._listener.listen(64)
        self._start(self._accept)

    def cut(self) -> int:
        """Cuts all connections, whatever is on its way; gives how many there were."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        return len(pairs)

    def is_used(self) -> bool:
        """Whether anybody is connected through it."""
        return bool(self._pairs)

    def descriptors(self) -> int:
        """How many files it has open."""
        with self._lock:
            return 1 + 2 * len(self._pairs)

    def close(self) -> None:
        """Ends it, with its threads and sockets."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, run: Any, *args: Any) -> None:
        thread = threading.Thread(target=run, args=args)
        with self._lock:
            self._threads = [old for old in self._threads if old.is_alive()] + [thread]
            thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = _dial(self.target)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._pairs.add((client, server))
            self._start(self._relay, client, server)

    def _relay(self, client: socket.socket, server: socket.socket) -> None:
        back = threading.Thread(target=self._pass_on, args=(server, client))
        back.start()
        self._pass_on(client, server)
        back.join()
        with self._lock:
            self._pairs.discard((client, server))
            client.close()
            server.close()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK_BYTES):
                if self.delay_seconds > 0:
                    self._ended.wait(self.delay_seconds)
                sink.sendall(chunk)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _dial(endpoint: str) -> socket.socket:
    scheme, _, place = endpoint.partition("://")
    if scheme == "tcp":
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), 5)
    stream = socket.socket(socket.AF_UNIX)
    try:
        stream.connect(place)
    except OSError:
        stream.close()
        raise
    return stream
