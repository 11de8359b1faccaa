"""The connection to Node: frames over a socket, each its length and then its bytes."""

from __future__ import annotations

import socket
import struct

PROTOCOL_VERSION = 1
"""That of `docs/protocol.md`."""

MAX_FRAME_BYTES = 67_108_864
_CHUNK_BYTES = 65536
_HEADER = struct.Struct("<I")


class Link:
    """Frames in and out, in order."""

    def __init__(self, file: int) -> None:
        """Takes over a connected stream socket; what this process starts does not inherit it."""
        self._socket = socket.socket(fileno=file)
        self._socket.set_inheritable(False)
        self._socket.setblocking(True)
        self._buffer = bytearray()
        self._start = 0

    def receive(self) -> bytes | None:
        """Waits for a frame; None when the other end has closed."""
        while True:
            begin = self._start + _HEADER.size
            if len(self._buffer) >= begin:
                end = begin + int(_HEADER.unpack_from(self._buffer, self._start)[0])
                if len(self._buffer) >= end:
                    frame = bytes(memoryview(self._buffer)[begin:end])
                    self._start = end
                    return frame
            if self._start:
                del self._buffer[: self._start]
                self._start = 0
            try:
                chunk = self._socket.recv(_CHUNK_BYTES)
            except OSError:
                return None
            if not chunk:
                return None
            self._buffer += chunk

    def send(self, frame: bytes) -> bool:
        """Sends a frame; False when nobody is there any more."""
        try:
            self._socket.sendall(_HEADER.pack(len(frame)) + frame)
        except OSError:
            return False
        return True
