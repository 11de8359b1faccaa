"""The part of a vector that lives on one worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from gem._bridge.client import Call
from gem._bridge.fault_policy import RAISE, FaultPolicy
from gem._bridge.handle import Handle
from gem._bridge.objects import HeldObject
from gem._bridge.recipe import wire_options
from gem._bridge.shown import Asked, Shown
from gem._bridge.worker import Worker

FILLER = "game:GuessTheNumber-v0-easy"
"""Takes the place of an environment that left a block; reset like the others, never stepped."""


class Block:
    """A vector of one worker; `members` are the positions of its environments in the whole vector.

    A position of -1 marks a place that was left.
    """

    def __init__(self, handle: Handle, members: list[int], policy: FaultPolicy = RAISE) -> None:
        """Takes over a vector."""
        self.handle = handle
        handle.masks = policy.on_fault != "raise"
        self.members = members
        self.policy = policy
        self.has_gaps = -1 in members
        """Whether an environment has left its place."""

        self.is_plain = policy == RAISE
        """Whether faults are errors and no objects take the place of others."""

        self.shown = Shown(len(members))
        self.stand_ins: dict[int, HeldObject] = {}
        self.fillers: list[Handle] = []

    @property
    def worker(self) -> Worker:
        """Where it lives."""
        return self.handle.worker

    def positions(self) -> dict[int, int]:
        """Slot → position of the environments that are in their place."""
        return {slot: position for slot, position in enumerate(self.members) if position >= 0}

    def leave(self, slot: int) -> None:
        """Marks a place that an environment has left."""
        self.members[slot] = -1
        self.has_gaps = True

    def reset_call(
        self,
        seeds: Sequence[Any] | None,
        options: Mapping[int, Mapping[str, Any]],
        executor: Callable[[], Executor] | None,
        asked: Asked | None,
    ) -> Call:
        """The call that resets all environments; seeds and options go by position in the vector."""
        scope = self.worker.client.objects.scope()
        own_seeds = None
        if seeds is not None:
            own_seeds = [None if position < 0 else seeds[position] for position in self.members]
        own_options = {
            str(slot): wire_options(options[position], scope)
            for slot, position in enumerate(self.members)
            if position in options
        }
        params: list[Any] = [self.handle.number, own_seeds, own_options]
        if asked is not None:
            params.append(asked.to_wire())
        return Call(self.worker, "vector_reset", params, scope, executor, self.members, self.handle)

    def step(
        self, actions: Sequence[str | None], executor: Callable[[], Executor], asked: Asked | None
    ) -> list[Any]:
        """Steps all its environments; what `step_call` does, where nothing is kept of the call."""
        shown = () if asked is None else (asked.to_wire(),)
        reply: list[Any] = self.handle.call(
            "vector_step", actions, None, *shown, executor=executor, members=self.members
        )
        return reply

    def step_call(
        self,
        actions: Sequence[str | None],
        slots: Sequence[int] | None,
        executor: Callable[[], Executor] | None,
        asked: Asked | None,
    ) -> Call:
        """The call that steps its environments at `slots`, or all of them."""
        params: list[Any] = [self.handle.number, actions, slots]
        if asked is not None:
            params.append(asked.to_wire())
        # Objects that take the place of others during the call must be found again after it.
        scope = None if self.is_plain else self.worker.client.objects.scope()
        return Call(self.worker, "vector_step", params, scope, executor, self.members, self.handle)


def vector_call(
    worker: Worker,
    numbers: Sequence[int],
    members: Sequence[int],
    autoreset: str,
    *,
    is_async: bool,
    policy: FaultPolicy = RAISE,
) -> Call:
    """The call that makes a vector of environments with these handles."""
    params: list[Any] = [list(numbers), is_async, autoreset]
    wire = policy.to_wire()
    return Call(worker, "vector", params if wire is None else [*params, wire], members=members)
