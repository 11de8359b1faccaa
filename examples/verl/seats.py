"""Environments of one vector, played by coroutines that know nothing of each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns


class Outcome(NamedTuple):
    """What became of an environment that was sent."""

    observation: str
    reward: float
    is_over: bool
    is_fault: bool
    """Whether the environment failed, so that nothing can be learned from the episode."""
    info: dict[str, Any]


class Seats:
    """A fixed number of environments; whoever wants to play waits until one is free.

    A coroutine sends its own environment and awaits its own result. One task receives for all: it
    runs while any environment is in flight, so the event loop is never blocked by a slow one.
    All methods belong to one event loop.
    """

    def __init__(self, env_id: str, count: int, wrappers: str = "", tokenizer: Any = None) -> None:
        """Makes the environments; one that fails is made anew as docs/faults.md says."""
        self._vector = gem.make_vec(
            [env_id] * count,
            wrappers=get_wrapper_fns(wrappers, tokenizer=tokenizer),
            async_mode=True,
            on_fault="retry",
        )
        self._free: asyncio.Queue[int] = asyncio.Queue()
        for seat in range(count):
            self._free.put_nowait(seat)
        self._waiting: dict[int, asyncio.Future[Outcome]] = {}
        self._receiver: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[int]:
        """An environment of one's own, by its position."""
        seat = await self._free.get()
        try:
            yield seat
        finally:
            # Whoever was cancelled may have left its environment in flight.
            left = self._waiting.get(seat)
            if left is None:
                self._free.put_nowait(seat)
            else:
                left.add_done_callback(lambda _: self._free.put_nowait(seat))

    async def reset(self, seat: int, seed: int | None) -> Outcome:
        """Begins an episode."""
        self._vector.send_reset([seat], None if seed is None else [seed])
        return await self._result(seat)

    async def step(self, seat: int, action: str) -> Outcome:
        """Plays a turn; the observation of an ended episode is its last one."""
        self._vector.send([action], [seat])
        return await self._result(seat)

    def close(self) -> None:
        """Ends the environments."""
        self._vector.close()

    async def _result(self, seat: int) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[seat] = future
        if self._receiver is None or self._receiver.done():
            self._receiver = asyncio.create_task(self._receive())
        # Shielded: the result has to arrive before the environment is free again.
        return await asyncio.shield(future)

    async def _receive(self) -> None:
        while self._waiting:
            try:
                batch = await self._vector.arecv()
            except Exception as error:
                waiting, self._waiting = self._waiting, {}
                for future in waiting.values():
                    future.set_exception(error)
                return
            faults = self._vector.fault_mask
            for place, seat in enumerate(batch.ids.tolist()):
                is_fault = bool(faults[place])
                is_over = is_fault or bool(batch.terminated[place] or batch.truncated[place])
                info = batch.infos[place]
                observation = batch.observations[place]
                outcome = Outcome(
                    info.get("final_observation", observation) if is_over else observation,
                    float(batch.rewards[place]),
                    is_over,
                    is_fault,
                    info,
                )
                self._waiting.pop(seat).set_result(outcome)
