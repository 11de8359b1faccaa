"""Calls in flight: waits for their replies, answers needs meanwhile, raises what went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

import zmq

from gem._bridge.answers import Answers
from gem._bridge.connection import Connection
from gem._bridge.errors import (
    BadFrameError,
    GemDeadlineError,
    GemError,
    ServerLostError,
    error_from_wire,
)
from gem._bridge.objects import CallScope, answer_items
from gem._bridge.values import ERROR, NEED, RESULT, Decoder, peek

REMOTE_POLL_SECONDS = 1.0


class Exchange:
    """One call, from its first frame to its reply."""

    def __init__(
        self,
        connection: Connection,
        decoder: Decoder,
        scope: CallScope,
        method: str,
        executor: Callable[[], Executor] | None = None,
        answers: Answers | None = None,
    ) -> None:
        """Takes over a connection, before or after the call is sent.

        Args:
            connection: a session that has no other call in flight.
            decoder: reads the replies.
            scope: the objects that the call makes reachable.
            method: what is called.
            executor: gives threads for several objects at once; None: one after the other.
            answers: what objects have answered when the call was made before; None: it was not.
        """
        self.connection = connection
        self.method = method
        self.is_done = False
        self.value: Any = None
        self.error: GemError | None = None
        self.original: BaseException | None = None
        self.frame = b""
        self.call_frame = connection.last_frame
        self.answers = answers
        self._decoder = decoder
        self._scope = scope
        self._executor = executor
        self._round = 0

    def send(self, params: Sequence[Any]) -> None:
        """Sends the call with these parameters, which are prepared for the wire."""
        self.connection.send_call(self.method, params)
        self.call_frame = self.connection.last_frame

    def advance(self, frame: bytes | None) -> bool:
        """Handles a frame if there is one; whether there was."""
        if frame is None:
            return False
        self.frame = frame
        kind, n = peek(frame)
        is_unattributed = kind == ERROR and n == 0
        if n != self.connection.n and not is_unattributed:
            # The reply of an earlier call, sent again: objects in it may be gone already.
            return True
        message = _checked(kind, self._decoder.decode(frame))
        if is_unattributed:
            self.connection.n -= 1
            self._finish_with_error(message)
        elif kind == RESULT:
            self.value = message[2]
            self.is_done = True
        elif kind == ERROR:
            self._finish_with_error(message)
        elif kind == NEED and message[2] > self._round:
            # One that comes again after a lost connection has been answered already.
            self._round = message[2]
            self._answer(message[2], message[3])
        return True

    def lose(self, error: ServerLostError) -> None:
        """Ends the call: its server is gone."""
        self.is_done = True
        self.error = error

    def check(self) -> None:
        """Raises what the call failed with, if it did."""
        if self.error is not None:
            raise self.error

    def _answer(self, round_: int, items: Sequence[Any]) -> None:
        executor = self._executor() if self._executor is not None and len(items) > 1 else None
        if self.answers is None:
            self.answers = Answers()
        outcomes = self.answers.take(items, lambda new: answer_items(new, self._scope, executor))
        self.connection.send_answer(round_, outcomes)

    def _finish_with_error(self, message: Sequence[Any]) -> None:
        _, _, code, text, details = message
        self.is_done = True
        self.error = error_from_wire(code, text, details, self.connection.peer.log)
        if isinstance(details.get("ref"), int):
            self.original = self._scope.find_exception(details["ref"])


def _checked(kind: int, message: Any) -> Any:
    """A server's message, if it has the form of its kind.

    Raises:
        BadFrameError: when it has not.
    """
    match kind, message:
        case (0, [_, _, _]):
            return message
        case (1, [_, _, str(), str(), dict()]):
            return message
        case (2, [_, _, int(), list() as items]) if all(map(_is_item, items)):
            return message
    text = f"The server sent a message of kind {kind} that has not the form of one."
    raise BadFrameError(text)


def _is_item(item: Any) -> bool:
    match item:
        case [int(), str(), list() | tuple(), dict()]:
            return True
    return False


def finish(exchanges: Sequence[Exchange], deadline_seconds: float) -> None:
    """Waits until every call has its reply; a failed one keeps its exception in `error`.

    Args:
        exchanges: calls on different connections.
        deadline_seconds: how long all of them may stay without a sign of life.

    Raises:
        GemDeadlineError: when they do.
    """
    for exchange in exchanges:
        try:
            while not exchange.is_done and exchange.advance(exchange.connection.receive_soon()):
                pass
        except ServerLostError as error:
            exchange.lose(error)
    waiting = [exchange for exchange in exchanges if not exchange.is_done]
    last_sign = time.monotonic()
    while waiting:
        left = deadline_seconds - (time.monotonic() - last_sign)
        if left <= 0:
            raise _deadline_error(waiting[0], deadline_seconds)
        _wait(waiting, left)
        for exchange in waiting:
            try:
                while not exchange.is_done and exchange.advance(exchange.connection.receive()):
                    last_sign = time.monotonic()
            except ServerLostError as error:
                exchange.lose(error)
        waiting = [exchange for exchange in waiting if not exchange.is_done]


def _wait(waiting: Sequence[Exchange], seconds: float) -> None:
    for exchange in waiting:
        try:
            exchange.connection.check_reachable()
        except ServerLostError as error:
            exchange.lose(error)
            return
    if any(exchange.connection.peer.hangup is None for exchange in waiting):
        seconds = min(seconds, REMOTE_POLL_SECONDS)
    if len(waiting) == 1:
        try:
            waiting[0].connection.wait(seconds)
        except ServerLostError as error:
            waiting[0].lose(error)
        return
    poller = zmq.Poller()
    try:
        for exchange in waiting:
            try:
                if not exchange.connection.arm():
                    return
            except ServerLostError as error:
                exchange.lose(error)
                return
            for pollable in exchange.connection.pollables():
                poller.register(pollable, zmq.POLLIN)
        poller.poll(int(seconds * 1000) + 1)
    finally:
        for exchange in waiting:
            exchange.connection.disarm()


def _deadline_error(exchange: Exchange, seconds: float) -> GemDeadlineError:
    peer = exchange.connection.peer
    where = f" Its log: {peer.log}" if peer.log else ""
    message = (
        f"The server at {peer.endpoint} gave no sign of life for {seconds:g} s after "
        f"{exchange.method!r}. GEM_DEADLINE sets how long to wait.{where}"
    )
    return GemDeadlineError(message, {"method": exchange.method, "log": peer.log})
