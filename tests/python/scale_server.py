"""A server with environments that take their time, and clients of it that are bare frames."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[2]
ENTRY = os.environ.get("GEM_SERVER_JS") or str(ROOT / "dist" / "cli" / "main.js")
CONNECT_SECONDS = 60.0
PRELOAD = ROOT / "tests" / "fixtures" / "waiting-envs.mjs"


class ScaleServer:
    """A server with the environments `scale:Timer`, `scale:Busy` and `scale:Memory`."""

    def __init__(self, workers: int = 1) -> None:
        """Starts it and waits until it accepts connections."""
        node = shutil.which(os.environ.get("GEM_NODE") or "node") or "node"
        command = [node, "--expose-gc", "--import", str(PRELOAD), ENTRY, "serve"]
        self.process = subprocess.Popen(
            [*command, "--transport", "unix", "--workers", str(workers)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "GEM_SERVER_JS": ENTRY},
        )
        assert self.process.stdout is not None
        self.endpoints: list[str] = json.loads(self.process.stdout.readline())["endpoints"]

    def resident(self) -> int:
        """Resident memory in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def __enter__(self) -> ScaleServer:
        """Does nothing further."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


class BareClient:
    """One session over a unix socket, whose calls wait for their results."""

    def __init__(self, endpoint: str) -> None:
        """Connects and says hello."""
        self._socket = _connect(endpoint.removeprefix("unix://"))
        self._session = os.urandom(8)
        self._n = 0
        self.call("hello", 1, os.urandom(16), {})

    def call(self, method: str, *params: Any) -> Any:
        """The result of a call.

        Raises:
            RuntimeError: for an error of the server.
        """
        self._n += 1
        frame = msgspec.msgpack.encode([0, self._session, self._n, method, params])
        self._socket.sendall(len(frame).to_bytes(4, "little") + frame)
        length = int.from_bytes(self._receive(4), "little")
        kind, _, *rest = msgspec.msgpack.decode(self._receive(length))
        if kind != 0:
            raise RuntimeError(str(rest))
        return rest[0]

    def make(self, id_: str) -> int:
        """The handle of a new environment."""
        handle: int = self.call("make", [[id_, {}]], [])[1][0][0]
        return handle

    def close(self) -> None:
        """Says goodbye."""
        self.call("bye")
        self._socket.close()

    def __enter__(self) -> BareClient:
        """Does nothing further."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection without a word."""
        self._socket.close()

    def _receive(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if part == b"":
                message = "the server has ended"
                raise RuntimeError(message)
            data += part
        return data


def _connect(path: str) -> socket.socket:
    """Tries until somebody listens: a server's further workers do so a moment after the first."""
    end = time.monotonic() + CONNECT_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return connection


def play_once(endpoint: str, id_: str = "game:GuessTheNumber-v0-easy") -> None:
    """A whole client: hello, make, a step, close, bye."""
    client = BareClient(endpoint)
    handle = client.make(id_)
    client.call("reset", handle, 0, 1, {})
    client.call("step", handle, 0, "\\boxed{5}")
    client.call("close", [handle])
    client.call("release", [handle])
    client.close()


class Heap:
    """What the heap of a server's first worker holds, asked through an environment there."""

    def __init__(self, endpoint: str) -> None:
        """Makes the environment."""
        self._client = BareClient(endpoint)
        self._handle = self._client.make("scale:Memory")
        self._client.call("reset", self._handle, 0, 1, {})

    def used(self) -> int:
        """Bytes after a collection."""
        return int(self._client.call("step", self._handle, 0, "0")[0])

    def stats(self) -> dict[str, Any]:
        """What the worker says of itself."""
        stats: dict[str, Any] = self._client.call("stats")
        return stats

    def load(self) -> dict[str, Any]:
        """How much the worker has to do."""
        load: dict[str, Any] = self._client.call("load")
        return load

    def __enter__(self) -> Heap:
        """Does nothing further."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection."""
        self._client.__exit__()
