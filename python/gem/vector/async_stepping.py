"""Stepping environments of a vector without waiting for all of them."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from gem._bridge.arguments import (
    check_count,
    check_ids,
    check_max_wait,
    split_sent_actions,
    split_sent_seeds,
)
from gem._bridge.batches import Batch
from gem._bridge.client import Call
from gem._bridge.flights import Flights

__all__ = ["AsyncStepping", "Batch"]

if TYPE_CHECKING:
    from gem._bridge.block import Block
    from gem._bridge.faults import Faults
    from gem._bridge.members import Members
    from gem._bridge.threads import LazyThreads
    from gem.vector.groups import GroupCollector
    from gem.vector.vector_env import AutoresetMode


class AsyncStepping:
    """`send` and `recv` beside `step`: environments step while others wait for a model.

    Every environment that was sent is *in flight* until `recv` has given its result. While any is,
    `step` and `reset` of the vector are refused.
    """

    _is_async: ClassVar[bool]
    num_envs: int
    autoreset_mode: AutoresetMode
    _gem_members: Members
    _gem_threads: LazyThreads
    _gem_pending: set[int]
    _gem_faults: Faults
    _gem_flights: Flights | None = None

    @property
    def in_flight(self) -> list[int]:
        """The environments that were sent and not received, by position."""
        return [] if self._gem_flights is None else self._gem_flights.members()

    def send(self, actions: Any, ids: Sequence[int] | None = None) -> None:
        """Lets environments begin a step each, and does not wait for them.

        Args:
            actions: one for each of `ids`; or a map from position to action.
            ids: positions of the environments, each once; None: all.

        Raises:
            ActionCountError, InvalidActionError, ResetNeededError: before any of them begins.
            InFlightError: when one of them was sent and not received; `details["members"]`.
        """
        values, positions = split_sent_actions(actions, ids, self.num_envs)

        def call(block: Block, slots: list[int], places: list[int], takes: bool) -> Call:
            own = values if len(places) == len(values) else [values[place] for place in places]
            return Call(
                block.worker,
                "vector_send",
                [block.handle.number, own, slots, takes],
                members=block.members,
            )

        self._flights().launch("send", positions, call)

    def send_reset(
        self, ids: Sequence[int] | None = None, seeds: int | Sequence[int | None] | None = None
    ) -> None:
        """Lets environments begin an episode each, and does not wait for them.

        `recv` gives the first observation and info of each, with reward 0.0 and flags False.

        Args:
            ids: positions of the environments; None: all.
            seeds: a seed or None for each of `ids`; an integer s: s plus the position; None: none.

        Raises:
            InvalidSeedError: before any of them begins.
            InFlightError: when one of them was sent and not received.
        """
        positions = check_ids(ids, self.num_envs)
        starts = split_sent_seeds(seeds, positions)

        def call(block: Block, slots: list[int], places: list[int], takes: bool) -> Call:
            own = None if starts is None else [starts[place] for place in places]
            return Call(
                block.worker,
                "vector_send_reset",
                [block.handle.number, slots, own, takes],
                members=block.members,
            )

        self._flights().launch("send_reset", positions, call)

    def recv(self, min: int = 1, max_wait: float | None = None, max: int | None = None) -> Batch:
        """Gives what environments that were sent have done.

        Environments whose tools, tokenizer or code are Python objects of this process go on while
        this waits, since that is when the server can ask for them.

        Args:
            min: how many results to wait for; fewer come when nothing else is in flight.
            max_wait: seconds after which to give what is there, perhaps nothing; None: no limit.
            max: how many to take at most; None: all that are there.

        Returns:
            `(ids, observations, rewards, terminated, truncated, infos)` in order of completion; as
            those of `step`, with an int64 array of positions in front.

        `fault_mask` says afterwards which entries stand for a fault.

        Raises:
            InvalidArgumentError: when nothing is in flight and there is no `max_wait`.
            GemError: what an environment failed with, once; the others' results stay for the next
                `recv`.
        """
        least = check_count("min", min, 1)
        most = None if max is None else check_count("max", max, least)
        flights = self._flights()
        batch, marks = flights.receive(least, most, check_max_wait(max_wait))
        self._gem_faults.put(marks)
        if self.autoreset_mode.value == "NextStep":
            ended = batch.terminated | batch.truncated
            for position, done in zip(batch.ids.tolist(), ended, strict=True):
                (self._gem_pending.add if done else self._gem_pending.discard)(position)
        return batch

    async def arecv(
        self, min: int = 1, max_wait: float | None = None, max: int | None = None
    ) -> Batch:
        """`recv` for coroutines: waits in a thread of the event loop's default executor.

        When it is cancelled nothing is lost: what it would have given comes with the next one.
        """
        loop = asyncio.get_running_loop()
        waiting = loop.run_in_executor(None, functools.partial(self.recv, min, max_wait, max))
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            waiting.add_done_callback(self._take_back)
            raise

    def grouped(self, groups: int | Sequence[Sequence[int]]) -> GroupCollector:
        """Plays environments in groups that begin from one seed; see `GroupCollector`.

        Args:
            groups: how many neighbours make a group, or the members of each by position.
        """
        from gem.vector.groups import GroupCollector

        return GroupCollector(self, groups)  # type: ignore[arg-type]

    def _take_back(self, waiting: asyncio.Future[Batch]) -> None:
        if not waiting.cancelled() and waiting.exception() is None:
            self._flights().give_back(waiting.result())

    def _flights(self) -> Flights:
        if self._gem_flights is None:
            executor = self._gem_threads.get if self._is_async else None
            self._gem_flights = Flights(self._gem_members, executor)
        return self._gem_flights
