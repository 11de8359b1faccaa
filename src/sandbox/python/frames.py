"""The messages between the sandbox (`src/sandbox/frames.ts`) and a zygote, on descriptor 3."""

from __future__ import annotations

import os
import struct

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


def read_request() -> tuple[int, int, int, int, int]:
    """Waits for a message's head: kind, flags, timeout in ms, length of code, length of input."""
    return _REQUEST.unpack(read_exactly(CHANNEL, _REQUEST.size))


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


def send_result(
    ending: int, code: int, signal: int, totals: tuple[int, int], kept: tuple[bytes, bytes]
) -> None:
    """Sends how a run ended."""
    out, err = kept
    head = _RESULT.pack(RESULT, ending, code, signal, *totals, len(out), len(err))
    write_all(CHANNEL, head + out + err)


def send_text(kind: int, text: str) -> None:
    """Sends that the zygote is ready, or that a run failed without being at fault; with details."""
    data = text.encode()
    write_all(CHANNEL, _TEXT.pack(kind, len(data)) + data)
