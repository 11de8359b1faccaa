"""Members of a vector that were sent and not received yet, on however many workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from gem._bridge.batches import Batch, Batches
from gem._bridge.bell import Bell, wait_for_any
from gem._bridge.block import Block
from gem._bridge.client import Call
from gem._bridge.errors import (
    GemDeadlineError,
    GemError,
    InFlightError,
    InvalidArgumentError,
    ServerLostError,
)
from gem._bridge.exchange import Exchange, finish
from gem._bridge.faults import Faults
from gem._bridge.members import Members
from gem._bridge.objects import CallScope, HeldObject
from gem._bridge.worker import final_error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RECV_LENGTH = 6


class Receipt:
    """A `vector_recv` that a worker has not answered yet; `ends` is when it must, or None."""

    def __init__(self, block: Block, least: int, seconds: float | None, flights: Flights) -> None:
        """Asks the worker for what has landed."""
        self.block = block
        self.ends = None if seconds is None else time.monotonic() + seconds
        self.scope: CallScope = block.worker.client.objects.scope()
        params = [block.handle.number, least, seconds]
        self.exchange: Exchange = block.worker.begin(
            "vector_recv", params, self.scope, flights.executor
        )

    def advance(self, *, soon: bool) -> bool:
        """Handles frames that have arrived, or arrive soon; whether there were any."""
        exchange = self.exchange
        progress = False
        try:
            frame = exchange.connection.receive_soon() if soon else exchange.connection.receive()
            while exchange.advance(frame) and not exchange.is_done:
                progress = True
                frame = exchange.connection.receive()
        except ServerLostError as error:
            exchange.lose(error)
        except BaseException:
            self.close()  # A need may have no answer: the worker must not wait for it.
            raise
        return progress or exchange.is_done

    def close(self) -> None:
        """Gives the connection back; a call without a reply is given up."""
        self.block.worker.end(self.exchange)


class Flights:
    """What the members of one vector do between `send` and `recv`.

    Any thread may send while another receives. One receives at a time; the next waits its turn.
    """

    def __init__(self, members: Members, executor: Callable[[], Executor] | None) -> None:
        """Starts with every member at home.

        Args:
            members: the vector's.
            executor: gives threads for several Python objects at once; None: one after the other.
        """
        self.executor = executor
        self._members = members
        self._lock = threading.Lock()
        self._receiving = threading.Lock()
        self._away: set[int] = set()
        self._landed = Batches()
        self._receipts: dict[int, Receipt] = {}
        self._scopes: list[tuple[CallScope, set[int]]] = []
        self._bell = Bell()

    def members(self) -> list[int]:
        """The members that were sent and not received."""
        with self._lock:
            return sorted(self._away)

    def check_empty(self, verb: str) -> None:
        """Refuses what needs all members at home.

        Raises:
            InFlightError: when one is not.
        """
        if not self._away:
            return
        away = self.members()
        message = (
            f"{verb}() needs all environments at home, but {_named(away)} in flight. Take the "
            "results with recv() first; close() discards them."
        )
        raise InFlightError(message, {"members": away})

    def launch(
        self,
        verb: str,
        positions: Sequence[int],
        make_call: Callable[[Block, list[int], list[int], bool], Call],
    ) -> None:
        """Sends members.

        Args:
            verb: who sends, for messages.
            positions: the members.
            make_call: the call that sends those of a block: it gets their slots there, where they
                are in `positions`, and whether the reply may have results.

        Raises:
            InFlightError: before any is sent, when one is in flight already.
            GemError: what a worker refuses; those of other workers are sent.
        """
        with self._lock:
            busy = sorted(self._away.intersection(positions))
            if busy:
                message = (
                    f"{verb}() was refused: {_named(busy)} in flight already. Take the results "
                    "with recv() first."
                )
                raise InFlightError(message, {"members": busy})
            self._away.update(positions)
        parts = self._members.parts(positions)
        # What is there at once comes with the reply, unless somebody receives and waits for it.
        takes = self._receiving.acquire(blocking=False)
        try:
            calls = [make_call(block, slots, places, takes) for block, slots, places in parts]
            for block, _, _ in parts:
                _leave_journal(block)
            outcomes = _call_each(calls)
            with self._lock:
                for (block, _, places), outcome in zip(parts, outcomes, strict=True):
                    if isinstance(outcome, BaseException):
                        self._away.difference_update(positions[place] for place in places)
                    elif outcome is not None:
                        self._land(block, outcome, ())
        finally:
            if takes:
                self._receiving.release()
        self._bell.ring()
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    def receive(
        self, least: int, most: int | None, max_wait: float | None
    ) -> tuple[Batch, NDArray[np.bool_]]:
        """Waits until `least` members have landed, and takes all that have, at most `most`.

        Returns:
            the results, and which of them stand for a fault.

        Raises:
            InvalidArgumentError: when nothing is in flight and the wait has no end.
            GemError: what members failed with, once; the results of others stay.
        """
        end = None if max_wait is None else time.monotonic() + max_wait
        if end is None and not self._away:
            message = (
                "recv() would wait for ever: nothing is in flight. Call send() first, or say how "
                "long to wait (max_wait)."
            )
            raise InvalidArgumentError(message)
        if not self._receiving.acquire(timeout=-1 if max_wait is None else max_wait):
            return self._take(0)
        try:
            self._wait(least, end)
            return self._take(most)
        finally:
            self._receiving.release()

    def give_back(self, batch: Batch) -> None:
        """Takes results back that nobody got after all, to be the next."""
        with self._lock:
            self._landed.put_first(batch)
            self._away.update(batch.ids.tolist())

    def discard(self) -> None:
        """Forgets everything; calls that still wait are given up."""
        with self._lock:
            receipts, self._receipts = list(self._receipts.values()), {}
            scopes, self._scopes = self._scopes, []
            self._away.clear()
            self._landed = Batches()
        for receipt in receipts:
            receipt.close()
            receipt.scope.close()
        for scope, _ in scopes:
            scope.close()
        self._bell.close()

    def _take(self, most: int | None) -> tuple[Batch, NDArray[np.bool_]]:
        with self._lock:
            batch = self._landed.take(most)
            marks = self._landed.take_marks(batch)
            self._forget(batch.ids.tolist())
            return batch, marks

    def _forget(self, positions: Sequence[int]) -> None:
        """Members are home; objects that only their calls made reachable are dropped."""
        self._away.difference_update(positions)
        if not self._scopes:
            return
        for scope, members in self._scopes:
            members.difference_update(positions)
            if not members:
                scope.close()
        self._scopes = [entry for entry in self._scopes if entry[1]]

    def _wait(self, least: int, end: float | None) -> None:
        is_over = False
        last_sign = time.monotonic()
        while not self._has(least, end):
            if is_over and not self._is_due(end):
                return
            if not is_over:
                self._ask(least - self._landed.count, end)
            if self._advance():
                last_sign = time.monotonic()
            else:
                self._sleep(end if not is_over else None, last_sign)
            is_over = end is not None and time.monotonic() >= end

    def _has(self, least: int, end: float | None) -> bool:
        """Whether there is enough, or nothing else to wait for."""
        count = self._landed.count
        return count >= least or (count == len(self._away) and (end is None or count > 0))

    def _is_due(self, end: float | None) -> bool:
        """Whether a worker that was asked to answer by now has not done so yet."""
        return any(
            receipt.ends is not None and end is not None and receipt.ends <= end + 1e-3
            for receipt in self._receipts.values()
        )

    def _ask(self, missing: int, end: float | None) -> None:
        """Asks every worker that has members in flight and was not asked yet."""
        blocks = self._members.blocks
        if len(blocks) > 1:
            with self._lock:
                running = self._away - self._landed.ids()
            blocks = [block for block, _, _ in self._members.parts(sorted(running))]
        elif len(self._away) == self._landed.count:
            return
        seconds = None if end is None else max(0.0, end - time.monotonic())
        least = missing if len(blocks) == 1 else 1
        for block in blocks:
            if id(block) not in self._receipts:
                self._receipts[id(block)] = Receipt(block, least, seconds, self)

    def _advance(self) -> bool:
        """Handles what has arrived; whether anything had."""
        soon = len(self._receipts) == 1
        progress = False
        for key, receipt in list(self._receipts.items()):
            try:
                progress |= receipt.advance(soon=soon)
            except BaseException:
                del self._receipts[key]
                raise
            if receipt.exchange.is_done:
                del self._receipts[key]
                receipt.close()
                self._keep(receipt)
        return progress

    def _keep(self, receipt: Receipt) -> None:
        """Takes a reply over."""
        exchange, members = receipt.exchange, receipt.block.members
        with self._lock:
            if receipt.scope.is_used():
                self._scopes.append((receipt.scope, set(self._away)))
        if exchange.error is None:
            with self._lock:
                self._land(receipt.block, exchange.value, receipt.scope.held)
            return
        error = final_error(exchange.error, exchange.original, members)
        is_lost = isinstance(exchange.error, ServerLostError)
        with self._lock:
            self._forget(members if is_lost else exchange.error.details.get("faulty", []))
        raise error

    def _land(self, block: Block, value: Any, held: Sequence[HeldObject]) -> None:
        """Takes results over, and what is said of faults."""
        batch = Batch.from_wire(value, block.members)
        self._landed.put(batch)
        if len(value) > RECV_LENGTH:
            ids = batch.ids.tolist()
            faults = Faults(len(ids))
            faults.note(self._members, block, range(len(ids)), value[RECV_LENGTH], held)
            self._landed.mark(
                position for position, bad in zip(ids, faults.mask, strict=True) if bad
            )

    def _sleep(self, end: float | None, last_sign: float) -> None:
        """Waits for a sign of life of a worker, or for another thread to send."""
        now = time.monotonic()
        exchanges = [receipt.exchange for receipt in self._receipts.values()]
        seconds = float("inf") if end is None else end - now
        if exchanges:
            client = next(iter(self._receipts.values())).block.worker.client
            left = client.deadline_seconds - (now - last_sign)
            if left <= 0:
                message = (
                    f"The server gave no sign of life for {client.deadline_seconds:g} s while "
                    f"recv() waited for environments {self.members()}. GEM_DEADLINE sets how long "
                    "to wait; they are in flight still."
                )
                raise GemDeadlineError(message, {"method": "vector_recv"})
            seconds = min(seconds, left)
        is_alone = len(self._members.blocks) == 1 and len(exchanges) == 1
        wait_for_any(exchanges, None if is_alone else self._bell, max(0.0, seconds))


def _leave_journal(block: Block) -> None:
    """Members in flight are not made again when their worker is lost: it is a typed error then."""
    world = block.handle.world
    while world is not None and world.into is not None:
        world = world.into
    if world is not None and not world.hopeless:
        world.give_up("they were stepped with send() and recv()")


def _call_each(calls: Sequence[Call]) -> list[Any]:
    """Makes calls on different workers at once; the value of each, or what it failed with."""
    if len(calls) == 1:
        try:
            return [calls[0].make()]
        except GemError as error:
            return [error]
    begun: list[tuple[Call, Exchange]] = []
    try:
        for call in calls:
            scope = call.scope or call.worker.client.objects.scope()
            begun.append((call, call.worker.begin(call.method, call.params, scope, None)))
        finish([exchange for _, exchange in begun], calls[0].worker.client.deadline_seconds)
    finally:
        for call, exchange in begun:
            call.worker.end(exchange)
    return [
        exchange.value
        if exchange.error is None
        else final_error(exchange.error, exchange.original, call.members)
        for call, exchange in begun
    ]


def _named(members: Sequence[int]) -> str:
    """Members and a verb, for a message: the first few of many."""
    shown = ", ".join(map(str, members[:8]))
    more = f" and {len(members) - 8} more" if len(members) > 8 else ""
    one = len(members) == 1
    return f"environment{'' if one else 's'} {shown}{more} {'is' if one else 'are'}"
