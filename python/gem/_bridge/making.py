"""Making environments at the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gem._bridge import server
from gem._bridge.client import Call, call_all
from gem._bridge.handle import Handle
from gem._bridge.objects import CallScope, HeldObject
from gem._bridge.recipe import Recipe, wire_wrappers
from gem._bridge.stub import Description, Stub
from gem._bridge.worker import Worker


class Order(NamedTuple):
    """Environments to make on one worker, all with the same wrappers.

    `members` are the positions that the caller knows them by.
    """

    worker: Worker
    recipes: Sequence[Recipe]
    members: Sequence[int]


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
        descriptors, made = reply
        self.worker = worker
        self.numbers: list[int] = [number for number, _ in made]
        worker.live.update(self.numbers)
        self._released = worker.released
        self._taken = bytearray(len(made))
        self._recipes = recipes
        self._descriptions = [Description.from_wire(item) for item in descriptors]
        self._positions = [position for _, position in made]
        self.keeps = tuple(keeps)

    def take(self, index: int) -> Stub:
        """Takes over an environment; once each."""
        self._taken[index] = 1
        handle = Handle(self.worker, self.numbers[index], self.keeps)
        return Stub(handle, 0, self._descriptions[self._positions[index]], self._recipes[index])

    def __del__(self) -> None:
        """Leaves what no proxy took for the worker's next call."""
        for number, taken in zip(self.numbers, self._taken, strict=True):
            if not taken:
                self._released.append((number, 1))


def make_all(orders: Sequence[Order]) -> list[MadeEnvs]:
    """Makes environments on several workers at the same time.

    Raises:
        GemError: what `make` fails with; then the environments of the other workers are released.
    """
    calls: list[Call] = []
    scopes: list[CallScope] = []
    for worker, recipes, members in orders:
        scope = worker.client.objects.scope()
        specs = [recipe.wire_spec(scope) for recipe in recipes]
        wrappers = wire_wrappers(recipes[0].wrappers, scope)
        calls.append(Call(worker, "make", [specs, wrappers], scope, None, members))
        scopes.append(scope)
    replies = call_all(calls)
    return [
        MadeEnvs(order.worker, order.recipes, reply, scope.held)
        for order, scope, reply in zip(orders, scopes, replies, strict=True)
    ]


def make_one(recipe: Recipe, worker: Worker | None = None) -> Stub:
    """Makes one environment, on `worker` or on the one with the fewest."""
    if worker is None:
        worker = server.client().place(1)
    else:
        worker.load += 1
    return make_all([Order(worker, [recipe], [0])])[0].take(0)
