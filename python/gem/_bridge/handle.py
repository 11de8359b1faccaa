"""Handles: what the server knows environments and vectors by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

from gem._bridge.errors import ErrorTable, LimitError, ServerLostError
from gem._bridge.exchange import Exchange
from gem._bridge.journal import PURE_METHODS, World
from gem._bridge.objects import CallScope, HeldObject
from gem._bridge.worker import Worker

MOST_LOSSES = 3
"""A call during which so many workers died is not made again: it may be what kills them."""


class Handle:
    """What the server knows an environment or a vector by; released when nobody uses it."""

    __slots__ = (
        "__weakref__",
        "_count",
        "_released",
        "keeps",
        "key",
        "masks",
        "number",
        "worker",
        "world",
    )

    def __init__(
        self,
        worker: Worker,
        number: int,
        keeps: Sequence[HeldObject | Handle] = (),
        count: int = 1,
        world: World | None = None,
        key: int = 0,
    ) -> None:
        """Takes over a handle.

        Args:
            worker: where it is valid.
            number: its number there.
            keeps: what must stay reachable for as long as it lives.
            count: how many placed environments it stands for.
            world: what it shares state with and is made again with; None: nothing makes it again.
            key: what the world knows it by.
        """
        self.worker = worker
        self.number = number
        self.keeps = tuple(keeps)
        worker.live.add(number)
        self._count = count
        self._released = worker.released
        self.world = world
        self.key = key
        self.masks = False
        """Whether a step of it that is lost counts as a fault and not as an error."""

        if world is not None:
            world.know(self)

    def call(
        self,
        method: str,
        *params: Any,
        scope: CallScope | None = None,
        executor: Callable[[], Executor] | None = None,
        members: Sequence[int] | None = None,
    ) -> Any:
        """Calls a method that takes `[handle, …]`, here or wherever a lost worker's state goes on.

        Raises:
            GemError: what the call failed with.
            ServerLostError: when the state cannot be made again.
            Exception: what a Python object raised while the server needed it.
        """
        world = self.world
        if world is None:
            return self.worker.call(method, [self.number, *params], scope, executor, members)
        journal = None if method in PURE_METHODS else self
        worker = self.worker
        try:
            return worker.call(method, [self.number, *params], scope, executor, members, journal)
        except ServerLostError as error:
            return self.call_again(error, method, params, scope, executor, members)

    def call_again(
        self,
        error: ServerLostError,
        method: str,
        params: Sequence[Any],
        scope: CallScope | None = None,
        executor: Callable[[], Executor] | None = None,
        members: Sequence[int] | None = None,
    ) -> Any:
        """Makes a call that failed with its worker again, after its world has been rebuilt."""
        from gem._bridge.anew import stand_in

        world = self.world
        if world is None:
            raise error
        journal = None if method in PURE_METHODS else self
        scopes: list[CallScope] = []
        try:
            for _ in range(1, MOST_LOSSES):
                try:
                    world.recover(error)
                except ServerLostError as fatal:
                    if not self.masks or "because" not in fatal.details:
                        raise
                    return stand_in(self, fatal, method, params)
                attempt = error.attempt
                if attempt is not None:
                    scopes.append(attempt.scope)
                answers = None if attempt is None else attempt.answers
                worker, full = self.worker, [self.number, *params]
                try:
                    return worker.call(method, full, scope, executor, members, journal, answers)
                except ServerLostError as again:
                    error = again
        finally:
            for kept in scopes:
                kept.close()
        raise error

    def interrupted(self, method: str, error: BaseException) -> None:
        """Notes that a call of it was given up, unless nothing can have come of it."""
        if self.world is not None and not isinstance(error, (ServerLostError, LimitError)):
            self.world.doubt(method)

    def took_down(self, worker: Worker, exchange: Exchange) -> None:
        """Notes what came of a call of it that took longer."""
        world, error = self.world, exchange.error
        if world is None or isinstance(error, ServerLostError):
            return
        if not exchange.is_done:
            world.doubt(exchange.method)
        elif error is None or error.code in ErrorTable.not_the_callers:
            world.note_exchange(worker, self.key, exchange)

    def put(self, slot: int, other: Handle) -> None:
        """Gives another environment of the same worker a place in this vector."""
        for _ in range(1, MOST_LOSSES):
            worker = self.worker
            try:
                worker.call("vector_set", [self.number, slot, other.number])
                break
            except ServerLostError as error:
                if self.world is None or other.world is None:
                    raise
                self.world.recover(error)
                other.world.recover(error, self.worker)
        else:
            worker = self.worker
            worker.call("vector_set", [self.number, slot, other.number])
        if self.world is not None and other.world is not None:
            self.world.absorb(other.world)
            self.world.note_replaced(worker, self.key, slot, other.key)

    def revive(self, onto: Worker | None = None) -> None:
        """Makes sure that it stands for something at a worker that is not known to be lost."""
        if self.world is not None and self.worker.is_lost:
            self.world.recover(self.worker.peer.lost("was lost"), onto)

    def close(self) -> None:
        """Closes what it stands for; it stays closed when its world is made again."""
        if self.world is not None:
            self.world.closed.add(self.key)
        self.worker.call("close", [[self.number]])

    def move(self, worker: Worker, number: int) -> None:
        """Stands for the same thing at another worker from now on."""
        worker.live.add(number)
        self._released = worker.released
        self.number = number
        self.worker = worker

    def __del__(self) -> None:
        """Leaves the number for the worker's next call; runs in any thread, at any time."""
        self._released.append((self.number, self._count))
