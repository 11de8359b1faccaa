"""A session over a unix socket: no thread stands between ours and the worker's."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import struct
import time
from typing import Any

from gem._bridge import settings
from gem._bridge.connection import SOON_MS, Connection, Pollable
from gem._bridge.errors import GemDeadlineError, ServerLostError, ServerStartError

SCHEME = "unix://"
HEADER = struct.Struct("<I")
INITIAL_BYTES = 1 << 16
RETRY_SECONDS = 0.005
"""Between attempts to connect: a server's further workers listen a moment after the first."""


class UnixConnection(Connection):
    """Frames on a stream, each behind its length."""

    def _open(self, context: Any) -> None:
        if context is None:
            self._dial(settings.start_timeout_seconds(), ServerStartError)
        else:
            self._dial(context, ServerLostError)

    def _dial(self, seconds: float, error: type[ServerLostError]) -> None:
        self._stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._connect(seconds, error)
            self._set_timeout(socket.SO_RCVTIMEO, SOON_MS / 1000)
            self._set_timeout(socket.SO_SNDTIMEO, settings.deadline_seconds())
        except BaseException:
            self._stream.close()
            raise
        self._poll = select.poll()
        self._poll.register(self._stream, select.POLLIN)
        self._buffer = bytearray(INITIAL_BYTES)
        self._filled = 0

    @property
    def hint(self) -> str:
        """What to check when nobody answers: nothing in particular."""
        return ""

    def pollables(self) -> list[Pollable]:
        """What to wait for; the end of the server shows here too."""
        return [self._stream.fileno()]

    def wait(self, seconds: float) -> bool:
        """Waits for a sign of life at most so long; False: there was none."""
        return bool(self._poll.poll(int(seconds * 1000) + 1))

    def receive_soon(self) -> bytes | None:
        """Takes a frame that arrives within `SOON_MS`, or None.

        Raises:
            ServerLostError: when the server is gone.
        """
        return self._receive(0)

    def receive(self) -> bytes | None:
        """Takes a frame that has arrived, or None.

        Raises:
            ServerLostError: when the server is gone.
        """
        return self._receive(socket.MSG_DONTWAIT)

    def check_reachable(self) -> None:
        """Nothing to check: the end of the stream is the end of the server, and shows at once."""

    def close(self) -> None:
        """Gives the connection up; a call that still runs is abandoned."""
        with contextlib.suppress(OSError):
            bye = self._bye()
            self._stream.send(HEADER.pack(len(bye)) + bye, socket.MSG_DONTWAIT)
        self._hang_up()

    def _hang_up(self) -> None:
        self._stream.close()

    def _transmit(self, frame: bytes) -> None:
        self.last_frame = frame
        try:
            self._stream.sendall(HEADER.pack(len(frame)) + frame)
        except BlockingIOError as error:
            message = f"The server at {self.peer.endpoint} takes no more bytes (GEM_DEADLINE)."
            raise GemDeadlineError(message) from error
        except OSError:
            self._resume()

    def _reopen(self) -> None:
        self._stream.close()
        self._dial(self.peer.patience_seconds(refused=True), ServerLostError)
        self._transmit(self.last_frame)

    def _receive(self, flags: int) -> bytes | None:
        while (frame := self._cut()) is None:
            view = memoryview(self._buffer)
            try:
                count = self._stream.recv_into(view[self._filled :], 0, flags)
            except BlockingIOError:
                return None
            except OSError:
                count = 0
            finally:
                view.release()
            if count == 0:
                self._resume()
                return None
            self._filled += count
        self._resumes = 0
        return frame

    def _cut(self) -> bytes | None:
        """Cuts the next whole frame off the buffer, which grows to what a frame needs."""
        if self._filled < HEADER.size:
            return None
        end = HEADER.size + HEADER.unpack_from(self._buffer)[0]
        if end > self._filled:
            if end > len(self._buffer):
                self._buffer.extend(bytes(end - len(self._buffer)))
            return None
        frame = bytes(memoryview(self._buffer)[HEADER.size : end])
        rest = self._buffer[end : self._filled]
        if len(self._buffer) > INITIAL_BYTES:
            self._buffer = bytearray(max(INITIAL_BYTES, len(rest)))
        self._buffer[: len(rest)] = rest
        self._filled = len(rest)
        return frame

    def _connect(self, seconds: float, late: type[ServerLostError]) -> None:
        path = self.peer.endpoint.removeprefix(SCHEME)
        end = time.monotonic() + seconds
        while True:
            try:
                self._stream.connect(path)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.ECONNREFUSED, errno.EAGAIN):
                    raise self._gone() from error
                if self.peer.has_ended():
                    raise self._gone() from error
                if time.monotonic() > end:
                    raise self._nobody(seconds, late) from error
                time.sleep(RETRY_SECONDS)
            else:
                return

    def _set_timeout(self, option: int, seconds: float) -> None:
        whole = int(seconds)
        value = struct.pack("@ll", whole, int((seconds - whole) * 1e6))
        self._stream.setsockopt(socket.SOL_SOCKET, option, value)

    def _nobody(self, seconds: float, late: type[ServerLostError]) -> ServerLostError:
        self.is_lost = True
        if late is ServerLostError:
            return self.peer.lost(f"has been unreachable for {seconds:g} s (GEM_RECONNECT)")
        message = (
            f"Nobody answers at {self.peer.endpoint} within {seconds:g} s (GEM_START_TIMEOUT)."
        )
        return late(message)

    def _gone(self) -> ServerLostError:
        self.is_lost = True
        return self.peer.lost("has ended")
