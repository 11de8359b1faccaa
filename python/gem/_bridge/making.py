"""Making environments at the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from gem._bridge import server
from gem._bridge.client import Call, call_all
from gem._bridge.handle import Handle
from gem._bridge.journal import World, new_keys
from gem._bridge.objects import HeldObject
from gem._bridge.recipe import Recipe, wire_wrappers
from gem._bridge.stub import Description, Stub
from gem._bridge.worker import Worker
from gem._bridge.worlds import begin_world


class Order(NamedTuple):
    """Environments to make on one worker, all with the same wrappers.

    `members` are the positions that the caller knows them by.
    """

    worker: Worker
    recipes: Sequence[Recipe]
    members: Sequence[int]
    is_beside: bool = False
    """Whether they join others of ours there, so that no other worker will do."""


class MadeEnvs:
    """Environments made by one call: proxies take handles over, the rest are released with this."""

    def __init__(
        self,
        worker: Worker,
        recipes: Sequence[Recipe],
        reply: Any,
        keeps: Sequence[HeldObject],
    ) -> None:
        """Reads the reply of `make`."""
        descriptors, made, *_ = reply
        self.worker = worker
        self.numbers: list[int] = [number for number, _ in made]
        worker.live.update(self.numbers)
        self._released = worker.released
        self._taken = bytearray(len(made))
        self._recipes = recipes
        self._descriptions = [Description.from_wire(item) for item in descriptors]
        self._positions = [position for _, position in made]
        self.keeps = tuple(keeps)
        self.keys = new_keys(len(made))
        self.world: World | None = None

    def take(self, index: int) -> Stub:
        """Takes over an environment; once each."""
        self._taken[index] = 1
        handle = Handle(
            self.worker, self.numbers[index], self.keeps, 1, self.world, self.keys[index]
        )
        handle.masks = self._recipes[index].policy.on_fault != "raise"
        return Stub(handle, 0, self._descriptions[self._positions[index]], self._recipes[index])

    def give_away(self) -> None:
        """Has nothing to release: others hold all of its handles."""
        self._taken = bytearray(b"\1" * len(self.keys))

    def replace_object(self, index: int, value: Any) -> None:
        """Notes that another Python object has taken an environment's place."""
        recipes = list(self._recipes)
        recipes[index] = replace(recipes[index], python_env=value)
        self._recipes = recipes

    def untaken(self) -> list[int]:
        """The keys of environments that no proxy has taken."""
        return [key for key, taken in zip(self.keys, self._taken, strict=True) if not taken]

    def move(self, worker: Worker) -> None:
        """Lives at another worker from now on; `numbers` are those there."""
        worker.live.update(self.numbers)
        self._released = worker.released
        self.worker = worker

    def __del__(self) -> None:
        """Leaves what no proxy took for the worker's next call."""
        for number, taken in zip(self.numbers, self._taken, strict=True):
            if not taken:
                self._released.append((number, 1))


def make_call(order: Order) -> Call:
    """The call that makes what was ordered; its scope holds the objects that it refers to."""
    worker, recipes, members, is_beside = order
    scope = worker.client.objects.scope()
    specs = [recipe.wire_spec(scope) for recipe in recipes]
    wrappers = wire_wrappers(recipes[0].wrappers, scope)
    policy = {**(recipes[0].policy.to_wire() or {}), **recipes[0].record.to_wire()}
    if is_beside:
        policy["beside"] = True
    params = [specs, wrappers, policy] if policy else [specs, wrappers]
    return Call(worker, "make", params, scope, None, members)


def make_all(orders: Sequence[Order]) -> list[MadeEnvs]:
    """Makes environments on several workers at the same time.

    Raises:
        GemError: what `make` fails with; then the environments of the other workers are released.
    """
    calls = [make_call(order) for order in orders]
    replies = call_all(calls)
    made = []
    for order, call, reply in zip(orders, calls, replies, strict=True):
        held = () if call.scope is None else call.scope.held
        envs = MadeEnvs(order.worker, order.recipes, reply, held)
        begin_world(order, envs, reply)
        made.append(envs)
    return made


def make_one(recipe: Recipe, worker: Worker | None = None) -> Stub:
    """Makes one environment, on `worker` or on the one with the fewest."""

    def make(chosen: Worker) -> Stub:
        return make_all([Order(chosen, [recipe], [0], worker is not None)])[0].take(0)

    if worker is not None:
        worker.load += 1
        return make(worker)
    return server.persistently(lambda: make(server.client().place(1)))


def spawned_handle(
    stub: Stub, number: int, keeps: Sequence[HeldObject | Handle], recipe: Recipe
) -> Handle:
    """The handle of a copy, in a world of its own that starts from the state it has now."""
    worker = stub.worker
    if stub.handle.world is None:
        return Handle(worker, number, keeps)
    order = Order(worker, [recipe], [0])
    copy = MadeEnvs(worker, [recipe], [[], [[number, 0]]], ())
    begin_world(order, copy, ())
    handle = Handle(worker, number, keeps, 1, copy.world, copy.keys[0])
    copy.give_away()
    if copy.world is not None:
        copy.world.snapshot()
        if not copy.world.states:
            copy.world.give_up("the state that it was copied with cannot be taken")
    return handle
