"""The process that follows runs, one after the other: feeds, drains, ends in time, reports."""

from __future__ import annotations

import _socket
import array
import contextlib
import os
import select
import signal
import socket
import time

import frames
import program
import room
from memory import children, descendants, memory_of
from places import Places
from settings import Settings

KEPT_BYTES = 64 * 1024
LOOK_SECONDS = 0.05
# What a short program prints stays in its pipes until it has ended: that wakes nobody up.
SHORT_SECONDS = 0.003
# A run that has ended leaves at most what is in its pipes.
DRAIN_SECONDS = 1.0
_CONTROL_BYTES = socket.CMSG_SPACE(room.ENDS * array.array("i").itemsize)


class _Stream:
    """One output of the program: the first bytes are kept, all are counted."""

    def __init__(self, source: int) -> None:
        self.source = source
        self.total = 0
        self.kept = b""

    def read(self) -> bool:
        """Takes what is there; false at the end."""
        data = os.read(self.source, KEPT_BYTES)
        self.total += len(data)
        if len(self.kept) < KEPT_BYTES:
            self.kept += data[: KEPT_BYTES - len(self.kept)]
        return data != b""


class Supervisor:
    """Serves runs; a program waits in the room before its code is here."""

    def __init__(
        self,
        settings: Settings,
        places: Places | None,
        room_pid: int,
        line: _socket.socket,
    ) -> None:
        """Takes the room and its line."""
        self._settings = settings
        self._places = places
        self._room_pid = room_pid
        self._line = line
        self._requests = frames.Requests()
        self._ends = select.poll()
        for source in (line.fileno(), frames.CHANNEL):
            self._ends.register(source, select.POLLIN)

    def serve(self) -> None:
        """Serves runs until the channel is closed."""
        while (request := self._requests.read()) is not None:
            # A request to cancel may come after its run has ended.
            if request.kind == frames.RUN:
                self._run(request)

    def _run(self, request: frames.Request) -> None:
        self._deadline = time.monotonic() + request.timeout_ms / 1000
        self._ending = 0
        self._stdin, out, err = self._take_spare()
        self._input = request.text
        if self._places is not None:
            self._places.begin()
        seconds = -(-request.timeout_ms // 1000)
        start = program.message(request.flags, seconds, request.code)
        frames.write_all(self._stdin, start)
        if self._input:
            os.set_blocking(self._stdin, False)
        else:
            self._close_input()
        streams = _Stream(out), _Stream(err)
        self._follow({stream.source: stream for stream in streams})
        (code,) = room.STATUS.unpack(self._receive(room.STATUS.size))
        for stream in streams:
            self._drain(stream)
            os.close(stream.source)
        if self._stdin >= 0:
            self._close_input()
        if self._places is not None:
            self._places.clean()
        frames.send_result(self._ending, code, *streams)

    def _take_spare(self) -> list[int]:
        """The other ends of standard input, output and error of the program that waits."""
        said, control, _, _ = self._line.recvmsg(len(room.SPARE), _CONTROL_BYTES)
        ends = array.array("i")
        for _, _, data in control:
            ends.frombytes(data)
        if said != room.SPARE or len(ends) != room.ENDS:
            raise RuntimeError("The room has ended.")
        return ends.tolist()

    def _receive(self, length: int) -> bytes:
        data = self._line.recv(length)
        if len(data) != length:
            raise RuntimeError("The room has ended.")
        return data

    def _follow(self, streams: dict[int, _Stream]) -> None:
        """Carries bytes until the room says how the program has ended, or has to be asked."""
        if not self._input:
            events = self._ends.poll(self._left(SHORT_SECONDS) * 1000)
            if (self._line.fileno(), select.POLLIN) in events:
                return
        if not self._pump(streams):
            self._kill()

    def _left(self, seconds: float) -> float:
        return max(0.0, min(self._deadline - time.monotonic(), seconds))

    def _pump(self, streams: dict[int, _Stream]) -> bool:
        """Whether the program has ended; false when it has to be ended."""
        line = self._line.fileno()
        poll = select.poll()
        for source in (*streams, frames.CHANNEL, line):
            poll.register(source, select.POLLIN)
        if self._input and self._write_input():
            poll.register(self._stdin, select.POLLOUT)
        look = time.monotonic() + LOOK_SECONDS
        while True:
            now = time.monotonic()
            # Nothing but a request to cancel comes during a run.
            if now >= self._deadline or self._requests.is_waiting():
                self._ending = frames.TIMED_OUT
                return False
            if now >= look:
                if self._is_too_large():
                    self._ending = frames.OUT_OF_MEMORY
                    return False
                look = time.monotonic() + LOOK_SECONDS
            for source, _ in poll.poll(max(0.0, min(self._deadline, look) - now) * 1000):
                if source == line:
                    return True
                if source in streams:
                    if not streams[source].read():
                        poll.unregister(source)
                elif source == frames.CHANNEL:
                    if not self._requests.fill():
                        raise EOFError
                elif not self._write_input():
                    poll.unregister(source)

    def _kill(self) -> None:
        """Ends the program; the room ends what that has started, and says so."""
        while True:
            handles = []
            for pid in children(self._room_pid):
                with contextlib.suppress(ProcessLookupError):
                    handles.append(os.pidfd_open(pid))
            # The room first says that a program has ended, then starts the next: if it has not said
            # so by now, what it had as children before is of this run.
            has_ended = select.select([self._line], [], [], 0)[0] != []
            for handle in handles:
                if not has_ended:
                    with contextlib.suppress(ProcessLookupError):
                        signal.pidfd_send_signal(handle, signal.SIGKILL)
                os.close(handle)
            if select.select([self._line], [], [], LOOK_SECONDS)[0]:
                return

    def _write_input(self) -> bool:
        """Writes what the program takes of its input; false, and closed, when there is no more."""
        try:
            while self._input:
                self._input = self._input[os.write(self._stdin, self._input[: 1 << 16]) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:
            self._input = b""
        self._close_input()
        return False

    def _close_input(self) -> None:
        os.close(self._stdin)
        self._stdin = -1

    def _is_too_large(self) -> bool:
        if self._settings.level == "none":
            return False
        limit: int = self._settings.memory_bytes
        pids = descendants(self._room_pid)
        return memory_of(pids, limit) > limit

    def _drain(self, stream: _Stream) -> None:
        if self._places is not None:
            # Nobody is left who could write.
            while stream.read():
                pass
            return
        end = time.monotonic() + DRAIN_SECONDS
        os.set_blocking(stream.source, False)
        with contextlib.suppress(BlockingIOError):
            while stream.read() and time.monotonic() < end:
                pass
