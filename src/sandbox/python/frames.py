"""The messages between the sandbox (`src/sandbox/frames.ts`) and a zygote, on descriptor 3."""

from __future__ import annotations

import os
import struct
from typing import NamedTuple, Protocol

CHANNEL = 3

RUN = 1
CANCEL = 2
READY = 1
RESULT = 2
FAULT = 3

FLAG_FILE = 1

TIMED_OUT = 1
OUT_OF_MEMORY = 2

# Kind, flags, timeout in ms, bytes of the code, bytes of standard input.
_REQUEST = struct.Struct("<BBIII")
# Kind, how it ended, exit code, signal, all bytes of both streams, kept bytes of both.
_RESULT = struct.Struct("<BBiiQQII")
_TEXT = struct.Struct("<BI")
_PIECE = 1 << 16


class Stream(Protocol):
    """What a run wrote to one of its outputs."""

    total: int
    kept: bytes


class Request(NamedTuple):
    """What the sandbox asks for."""

    kind: int
    flags: int
    timeout_ms: int
    code: bytes
    text: bytes
    """Standard input."""


class Requests:
    """Reads what the sandbox asks for."""

    def __init__(self) -> None:
        """Starts with nothing read."""
        self._bytes = b""

    def read(self) -> Request | None:
        """Waits for the next request; none when the sandbox has closed the channel."""
        size = _REQUEST.size
        while len(self._bytes) < size:
            if not self.fill():
                return None
        kind, flags, timeout_ms, code_length, text_length = _REQUEST.unpack_from(self._bytes)
        end = size + code_length + text_length
        missing = end - len(self._bytes)
        if missing > 0:
            self._bytes += read_exactly(CHANNEL, missing)
        data = self._bytes
        self._bytes = data[end:]
        code_end = size + code_length
        return Request(kind, flags, timeout_ms, data[size:code_end], data[code_end:end])

    def fill(self) -> bool:
        """Reads what is there, at least something; false at the channel's end."""
        data = os.read(CHANNEL, _PIECE)
        self._bytes += data
        return data != b""

    def is_waiting(self) -> bool:
        """Whether a request has been read that nobody has taken."""
        return len(self._bytes) >= _REQUEST.size


def read_exactly(source: int, length: int) -> bytes:
    """Reads so many bytes.

    Raises:
        EOFError: The other side has closed.
    """
    parts = []
    while length > 0:
        part = os.read(source, min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def write_all(target: int, data: bytes) -> None:
    """Writes all bytes, waiting for room."""
    view = memoryview(data)
    while view:
        view = view[os.write(target, view) :]


def send_result(ending: int, code: int, out: Stream, err: Stream) -> None:
    """Sends how a run ended; `code` is its exit code, or minus the number of a signal."""
    head = _RESULT.pack(
        RESULT,
        ending,
        max(code, 0),
        max(-code, 0),
        out.total,
        err.total,
        len(out.kept),
        len(err.kept),
    )
    write_all(CHANNEL, head + out.kept + err.kept)


def send_text(kind: int, text: str) -> None:
    """Sends that the zygote is ready, or that a run failed without being at fault; with details."""
    data = text.encode()
    write_all(CHANNEL, _TEXT.pack(kind, len(data)) + data)
