"""How the parts of a world are made, so that they can be made again."""

from __future__ import annotations

import secrets
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from gem._bridge.datasets import wire_dataset
from gem._bridge.objects import OBJECTS, HeldObject
from gem._bridge.recipe import wire_options

if TYPE_CHECKING:
    from gem._bridge.journal import Entry, World
    from gem._bridge.making import MadeEnvs, Order
    from gem._bridge.worker import Worker


_FRAMES = msgspec.msgpack.Decoder()


class Node:
    """A part of a world; `numbers` are its handles' at the world's worker, `keys` what stays."""

    has_state = True
    comes_late = False
    """Whether it is made after all that does not."""

    def __init__(self, keys: Sequence[int], numbers: list[int]) -> None:
        """Joins keys and numbers."""
        self.keys = keys
        self.numbers = numbers
        self.inner = 0
        self.held: Sequence[HeldObject] = ()

    def make(self, worker: Worker, numbers: Mapping[int, int]) -> list[int]:
        """Makes it at a worker, where others have these numbers; gives its own."""
        raise NotImplementedError

    def move(self, worker: Worker, numbers: list[int]) -> None:
        """Lives at another worker from now on."""
        self.numbers[:] = numbers

    def requires(self) -> Sequence[int]:
        """The keys that it cannot be made without."""
        return ()

    def untaken(self) -> Sequence[int]:
        """Keys that are in use although no handle stands for them yet."""
        return ()

    def is_settled(self, entries: Sequence[Entry]) -> bool:
        """Whether states tell all there is to know after these calls."""
        return True

    def settle(self) -> None:
        """Counts from now on: a snapshot was taken."""

    def renew(self) -> None:
        """Is made anew from now on, with other streams."""
        self.settle()

    def join(self, world: World) -> None:
        """Becomes a part of another world."""

    def replace(self, key: int, slot: int, member: int) -> None:
        """Notes that another environment has a place in a vector, if this is that vector."""

    def inside(self, key: int, slot: int) -> int | None:
        """The key of what a vector has at a slot, or a wrapper around; None: it is not this one."""
        return None

    def stand_in(self, key: int, value: Any) -> bool:
        """Notes that a Python object has an environment's place; whether that is made here."""
        return False


class MakeNode(Node):
    """Environments made by one call."""

    def __init__(self, order: Order, made: MadeEnvs, seeds: Sequence[int | None]) -> None:
        """Keeps the order, and what unseeded generators started from."""
        super().__init__(made.keys, made.numbers)
        self._order = order
        self._seeds = list(seeds) if any(seed is not None for seed in seeds) else None
        self._made = weakref.ref(made)

    def make(self, worker: Worker, numbers: Mapping[int, int]) -> list[int]:
        """Makes them with the seeds that they had."""
        from gem._bridge.making import make_call

        order = self._order
        recipes = list(order.recipes)
        for index, seed in enumerate(self._seeds or ()):
            if seed is not None:
                recipes[index] = recipes[index].seeded(seed)
        call = make_call(order._replace(worker=worker, recipes=recipes))
        reply = call.make()
        if call.scope is not None:
            self.held = tuple(call.scope.held)
        return [number for number, _ in reply[1]]

    def renew(self) -> None:
        """Draws new seeds: what was played already is not to be played again."""
        self._seeds = [
            None if recipe.python_env is not None else secrets.randbits(64)
            for recipe in self._order.recipes
        ]

    def stand_in(self, key: int, value: Any) -> bool:
        """Makes the environment of the new object from now on."""
        if key not in self.keys:
            return False
        recipes = list(self._order.recipes)
        index = self.keys.index(key)
        if recipes[index].python_env is None:
            return False
        recipes[index] = replace(recipes[index], python_env=value)
        self._order = self._order._replace(recipes=recipes)
        return True

    def move(self, worker: Worker, numbers: list[int]) -> None:
        """Moves what no proxy has taken, too."""
        super().move(worker, numbers)
        made = self._made()
        if made is not None:
            made.move(worker)

    def untaken(self) -> Sequence[int]:
        """What no proxy has taken."""
        made = self._made()
        return () if made is None else made.untaken()

    def join(self, world: World) -> None:
        """Handles that are taken later belong to the other world."""
        made = self._made()
        if made is not None:
            made.world = world


class WrapNode(Node):
    """A wrapper around an environment that has a handle of its own."""

    def __init__(
        self, key: int, number: int, inner: int, depth: int, name: str, options: Mapping[str, Any]
    ) -> None:
        """Keeps what is wrapped, and how."""
        super().__init__((key,), [number])
        self._wraps = inner
        # Of a layer further in, the handle's state tells more than this one's.
        self.inner = inner if depth == 0 else 0
        self._rest = (depth, name, options)

    def make(self, worker: Worker, numbers: Mapping[int, int]) -> list[int]:
        """Wraps it again."""
        depth, name, options = self._rest
        scope = OBJECTS.scope()
        params = [numbers[self._wraps], depth, name, wire_options(options, scope)]
        number: int = worker.call("wrap", params, scope)[1]
        self.held = tuple(scope.held)
        return [number]

    def requires(self) -> Sequence[int]:
        """What it wraps."""
        return (self._wraps,)

    def inside(self, key: int, slot: int) -> int | None:
        """What it wraps."""
        return self._wraps if key == self.keys[0] else None


class VectorNode(Node):
    """A vector."""

    has_state = False
    comes_late = True

    def __init__(self, key: int, number: int, members: Sequence[int], rest: Sequence[Any]) -> None:
        """Keeps the members' keys, and the further parameters that it is made with."""
        super().__init__((key,), [number])
        self._members = list(members)
        self._now = list(members)
        self._rest = list(rest)

    def make(self, worker: Worker, numbers: Mapping[int, int]) -> list[int]:
        """Joins the members that it had at the last snapshot."""
        members = [numbers[key] for key in self._members]
        return [worker.call("vector", [members, *self._rest])]

    def requires(self) -> Sequence[int]:
        """Its members, then and now."""
        return (*self._members, *self._now)

    def is_settled(self, entries: Sequence[Entry]) -> bool:
        """Whether no member waits for the next step to be reset."""
        if self._rest[1] != "NextStep":
            return True
        last = next((entry for entry in reversed(entries) if entry[1] == self.keys[0]), None)
        if last is None or last[3] is None:
            return True
        flags = ends_of(last[3])
        if flags is None:
            return False
        terminated, truncated = flags
        return len(terminated) == len(self._now) and not any(terminated) and not any(truncated)

    def settle(self) -> None:
        """Is made of its present members from now on."""
        self._members = list(self._now)

    def replace(self, key: int, slot: int, member: int) -> None:
        """Notes a member's successor."""
        if key == self.keys[0]:
            self._now[slot] = member

    def inside(self, key: int, slot: int) -> int | None:
        """Its present member."""
        return self._now[slot] if key == self.keys[0] else None


def take_places(nodes: Sequence[Node], key: int, replaced: Sequence[tuple[int, Any]]) -> bool:
    """Notes that Python objects have taken the places of others in a vector.

    Args:
        nodes: the parts of the vector's world.
        key: the vector's.
        replaced: slots and objects.

    Returns:
        Whether all of these environments can be made of the new objects.
    """
    for slot, value in replaced:
        member, found = key, _inside(nodes, key, slot)
        while found is not None:
            member, found = found, _inside(nodes, found, 0)
        if not any(node.stand_in(member, value) for node in nodes):
            return False
    return True


def _inside(nodes: Sequence[Node], key: int, slot: int) -> int | None:
    found = (node.inside(key, slot) for node in nodes)
    return next((inner for inner in found if inner is not None), None)


def ends_of(checks: Any) -> tuple[bytes, bytes] | None:
    """The flags of a vector's step, from what its reply is recognised by; None: it was no step."""
    if isinstance(checks, bytes):
        value = _FRAMES.decode(checks)[2]
        checks = value[1:4] if isinstance(value, list) and len(value) > 4 else None
    return (checks[1], checks[2]) if isinstance(checks, list) else None


class DatasetNode(Node):
    """A dataset that was given to an environment; later states are of its rows."""

    has_state = False

    def __init__(self, key: int, depth: int, value: Any) -> None:
        """Keeps the rows."""
        super().__init__((key,), [0])
        self._depth = depth
        self._value = value

    def make(self, worker: Worker, numbers: Mapping[int, int]) -> list[int]:
        """Gives them again."""
        key = self.keys[0]
        scope = OBJECTS.scope()
        wire = wire_dataset(self._value, scope.hold)
        worker.call("set", [numbers[key], self._depth, "dataset", wire], scope)
        self.held = tuple(scope.held)
        return [numbers[key]]
