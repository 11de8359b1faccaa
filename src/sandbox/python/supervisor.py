"""The process that follows runs, one after the other: feeds, drains, ends in time, reports."""

from __future__ import annotations

import os
import select
import signal
import socket
import time

import frames
import keeper
import program
import rooms
import spares
from memory import descendants, memory_of
from settings import Settings

KEPT_BYTES = 64 * 1024
LOOK_SECONDS = 0.05
# A run that has ended leaves at most what is in its pipes.
DRAIN_SECONDS = 1.0


def serve(settings: Settings, zygote: socket.socket) -> None:
    """Serves runs until the channel is closed."""
    places = [_receive(zygote, 1) for _ in range(2 if settings.level == "bwrap" else 0)]
    spare = Run(settings, zygote, places[:1])
    while True:
        try:
            kind, flags, timeout_ms, code_length, input_length = frames.read_request()
            # A request to cancel may come after its run has ended.
            if kind != frames.RUN:
                continue
            code = frames.read_exactly(frames.CHANNEL, code_length)
            text = frames.read_exactly(frames.CHANNEL, input_length)
        except EOFError:
            return
        current = spare
        current.begin(flags, code, text, timeout_ms)
        places.reverse()
        spare = Run(settings, zygote, places[:1])
        current.follow()


def _receive(zygote: socket.socket, count: int) -> tuple[int, list[int]]:
    """A process id and so many descriptors."""
    message, descriptors, _, _ = socket.recv_fds(zygote, spares.PID.size, count)
    if len(descriptors) != count:
        raise RuntimeError("The zygote has ended.")
    return spares.PID.unpack(message)[0], descriptors


class _Stream:
    """One output of the program: the first bytes are kept, all are counted."""

    def __init__(self, source: int) -> None:
        self.source = source
        self.total = 0
        self._kept: list[bytes] = []
        self._room = KEPT_BYTES

    def read(self) -> bool:
        """Takes what is there; false at the end."""
        data = os.read(self.source, KEPT_BYTES)
        self.total += len(data)
        if self._room > 0:
            self._kept.append(data[: self._room])
            self._room -= len(self._kept[-1])
        return data != b""

    @property
    def kept(self) -> bytes:
        return b"".join(self._kept)


class Run:
    """A run: asked for ahead of time, then begun, then followed to its end."""

    def __init__(
        self, settings: Settings, zygote: socket.socket, room: list[tuple[int, list[int]]]
    ) -> None:
        """Asks for its process, which is there when it begins; `room` is where, if in any."""
        self._room = room
        self._settings = settings
        self._zygote = zygote
        self._ending = 0
        zygote.sendall(spares.PREPARE)

    def begin(self, flags: int, code: bytes, text: bytes, timeout_ms: int) -> None:
        """Lets the program begin."""
        self._pid, descriptors = _receive(self._zygote, 4 if self._room else 5)
        feed, self._stdin, out, err, *status = descriptors
        self._process = os.pidfd_open(self._pid)
        # In a room the process is the program, else its keeper, which tells of the program's end.
        self._end = status[0] if status else self._process
        self._out, self._err = _Stream(out), _Stream(err)
        self._input = text
        self._deadline = time.monotonic() + timeout_ms / 1000
        program.feed(feed, flags, -(-timeout_ms // 1000), code)
        os.close(feed)
        os.set_blocking(self._stdin, False)

    def follow(self) -> None:
        """Carries bytes until the program has ended or must end; sends the result."""
        has_ended = self._pump()
        code = self._collect() if has_ended else self._kill()
        for _, (line,) in self._room:
            os.write(line, rooms.RESET)
            if os.read(line, 1) != rooms.RESET:
                raise RuntimeError("A room's keeper has ended.")
        self._drain()
        self._send(code)
        for descriptor in {self._out.source, self._err.source, self._end, self._process}:
            os.close(descriptor)
        if self._stdin >= 0:
            os.close(self._stdin)

    def _pump(self) -> bool:
        """Whether the program has ended; false when it has to be ended."""
        poll = select.poll()
        streams = {stream.source: stream for stream in (self._out, self._err)}
        for source in (*streams, frames.CHANNEL, self._end):
            poll.register(source, select.POLLIN)
        if self._write_input():
            poll.register(self._stdin, select.POLLOUT)
        look = time.monotonic() + LOOK_SECONDS
        while True:
            now = time.monotonic()
            if now >= self._deadline:
                self._ending = frames.TIMED_OUT
                return False
            if now >= look:
                if self._is_too_large():
                    self._ending = frames.OUT_OF_MEMORY
                    return False
                look = time.monotonic() + LOOK_SECONDS
            events = poll.poll(max(0.0, min(self._deadline, look) - now) * 1000)
            for source, _ in events:
                carry = streams[source].read if source in streams else self._write_input
                if source in streams or source == self._stdin:
                    if not carry():
                        poll.unregister(source)
                elif source == frames.CHANNEL:
                    # Nothing but a request to cancel comes during a run.
                    frames.read_request()
                    self._ending = frames.TIMED_OUT
                    return False
                elif source == self._end:
                    return True

    def _collect(self) -> int:
        """How the program ended: its exit code, or minus the number of a signal."""
        if self._room:
            return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        message = os.read(self._end, keeper.STATUS.size)
        if len(message) != keeper.STATUS.size:
            raise RuntimeError("A program's keeper has ended.")
        code: int
        (code,) = keeper.STATUS.unpack(message)
        return code

    def _kill(self) -> int:
        """Ends the program, and without a room everything that it started."""
        number = signal.SIGKILL if self._room else signal.SIGTERM
        signal.pidfd_send_signal(self._process, number)
        select.select([self._process], [], [])
        if self._room:
            self._collect()
        return -signal.SIGKILL

    def _write_input(self) -> bool:
        """Writes what the program takes of its input; false, and closed, when there is no more."""
        source = self._stdin
        try:
            while self._input:
                self._input = self._input[os.write(source, self._input[: 1 << 16]) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:
            self._input = b""
        os.close(source)
        self._stdin = -1
        return False

    def _is_too_large(self) -> bool:
        if self._settings.level == "none":
            return False
        limit: int = self._settings.memory_bytes
        # In a room the process is the program, and orphans are its keeper's.
        pids = [self._pid] if self._room else []
        pids += descendants(self._pid, *(room for room, _ in self._room))
        return memory_of(pids, limit) > limit

    def _drain(self) -> None:
        end = time.monotonic() + DRAIN_SECONDS
        for stream in (self._out, self._err):
            os.set_blocking(stream.source, False)
            try:
                while stream.read() and time.monotonic() < end:
                    pass
            except BlockingIOError:
                pass

    def _send(self, code: int) -> None:
        totals = (self._out.total, self._err.total)
        kept = (self._out.kept, self._err.kept)
        frames.send_result(self._ending, max(code, 0), max(-code, 0), totals, kept)
