"""The environments of a vector and the blocks they live in."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gem._bridge import server
from gem._bridge.block import FILLER, Block, vector_call
from gem._bridge.client import call_all
from gem._bridge.fault_policy import RAISE, FaultPolicy
from gem._bridge.handle import Handle
from gem._bridge.journal import World
from gem._bridge.making import MadeEnvs, Order, make_all, make_one
from gem._bridge.recipe import Recipe
from gem._bridge.remote_wrapper import is_native, name_of, proxy_of, replace_inner
from gem._bridge.worker import Worker
from gem._bridge.worlds import add_vector
from gem.core import Env

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from gem._bridge.remote_env import RemoteEnv

Entry = Env | tuple[MadeEnvs, int]
"""An environment, or where to take it from when somebody asks for it."""


class Mode(NamedTuple):
    """How a vector runs: `autoreset` is "SameStep" or "NextStep"."""

    autoreset: str
    is_async: bool
    policy: FaultPolicy = RAISE


class Part(NamedTuple):
    """Environments of one worker, and their positions in the vector."""

    worker: Worker
    numbers: Sequence[int]
    positions: Sequence[int]
    worlds: Sequence[World | None] = (None,)
    keys: Sequence[int] = ()

    @staticmethod
    def of(handles: Sequence[Handle], positions: Sequence[int]) -> Part:
        """Environments with these handles, all of one worker."""
        numbers = [handle.number for handle in handles]
        worlds = [handle.world for handle in handles]
        return Part(
            handles[0].worker, numbers, positions, worlds, [handle.key for handle in handles]
        )


class Members:
    """Every environment of a vector, and the blocks that hold them at the server."""

    def __init__(
        self, entries: Sequence[Entry], kept: dict[int, Handle], parts: Sequence[Part], mode: Mode
    ) -> None:
        """Makes the blocks.

        Args:
            entries: the environments by position.
            kept: the handles by which the server reaches those that are Python objects.
            parts: which of them live where.
            mode: how the vector runs.
        """
        self._entries = list(entries)
        self._kept = kept
        self._mode = mode
        self._lock = threading.RLock()
        self.blocks = _make_blocks(parts, mode)
        self._places = _places_of(self.blocks)

    def __len__(self) -> int:
        """Counts the environments."""
        return len(self._entries)

    def env(self, position: int) -> Env:
        """The environment at a position, the same object each time."""
        entry = self._entries[position]
        if isinstance(entry, Env):
            return entry
        with self._lock:
            entry = self._entries[position]
            if not isinstance(entry, Env):
                made, index = entry
                stub = made.take(index)
                entry = self._entries[position] = proxy_of(stub)
                if entry is stub.recipe.python_env:
                    self._kept[position] = stub.handle
        return entry

    @property
    def policy(self) -> FaultPolicy:
        """What becomes of faults."""
        return self._mode.policy

    def stand_in(self, position: int, value: Env) -> None:
        """Notes that the server reaches another Python object now, made after a fault."""
        with self._lock:
            entry = self._entries[position]
            if not isinstance(entry, Env):
                made, index = entry
                made.replace_object(index, value)
            elif is_native(entry):
                replace_inner(entry, value)
            else:
                self._entries[position] = value

    def place(self, position: int) -> tuple[Block, int]:
        """The block of an environment, and its slot there."""
        return self._places[position]

    def parts(self, positions: Sequence[int]) -> list[tuple[Block, list[int], list[int]]]:
        """For each block with some of these: it, their slots, where they are in the list."""
        blocks: dict[int, tuple[Block, list[int], list[int]]] = {}
        for place, position in enumerate(positions):
            block, slot = self._places[position]
            _, slots, places = blocks.setdefault(id(block), (block, [], []))
            slots.append(slot)
            places.append(place)
        return list(blocks.values())

    def replace(self, position: int, env: Env) -> None:
        """Puts another environment at a position; the old one lives on for whoever holds it."""
        with self._lock:
            block, slot = self._places[position]
            block.handle.revive()
            if is_whole(env):
                handle = env._gem.handle
                handle.revive(block.worker)
            else:
                handle = make_one(_python_recipe(env), block.worker).handle
            if handle.worker is block.worker:
                block.handle.put(slot, handle)
            else:
                self._move(position, handle)
            self._entries[position] = env
            self._kept[position] = handle

    def _move(self, position: int, handle: Handle) -> None:
        """Gives an environment of another worker its own block, and fills the place it leaves."""
        block, slot = self._places[position]
        own = _make_blocks([Part.of([handle], [position])], self._mode)
        filler = make_one(Recipe(FILLER, {}), block.worker).handle
        block.handle.put(slot, filler)
        block.fillers.append(filler)
        block.leave(slot)
        self.blocks = [old for old in self.blocks if old.positions()] + own
        self._places = _places_of(self.blocks)


def make_members(orders: Sequence[Order], mode: Mode) -> Members:
    """Makes environments and joins them into a vector, with two calls for each worker."""
    made = make_all(orders)
    entries: dict[int, Entry] = {}
    parts: list[Part] = []
    for order, envs in zip(orders, made, strict=True):
        entries.update((position, (envs, index)) for index, position in enumerate(order.members))
        parts.append(Part(order.worker, envs.numbers, order.members, [envs.world], envs.keys))
    return Members([entries[position] for position in sorted(entries)], {}, parts, mode)


def adopt(envs: Sequence[Env], mode: Mode) -> Members:
    """Joins existing environments, built-in ones and Python objects, into a vector."""
    groups: dict[Worker, list[int]] = {}
    for position, env in enumerate(envs):
        if is_whole(env):
            env._gem.handle.revive(next(iter(groups), None))
            groups.setdefault(env._gem.worker, []).append(position)
    foreign = [position for position, env in enumerate(envs) if not is_whole(env)]
    kept: dict[int, Handle] = {}
    if foreign:
        home = max(groups, key=lambda worker: len(groups[worker]), default=None)
        is_beside = home is not None
        home = home or server.client().place(0)
        home.load += len(foreign)
        recipes = [_python_recipe(envs[position]) for position in foreign]
        (made,) = make_all([Order(home, recipes, foreign, is_beside)])
        kept = {position: made.take(index).handle for index, position in enumerate(foreign)}
        groups[home] = sorted([*groups.get(home, []), *foreign])
    parts = [
        Part.of([_handle(envs[i], kept.get(i)) for i in positions], positions)
        for positions in groups.values()
    ]
    return Members(envs, kept, parts, mode)


def is_whole(env: object) -> TypeIs[RemoteEnv]:
    """Whether a handle of the server stands for exactly this environment."""
    return is_native(env) and env._gem.depth == 0


def _python_recipe(env: Env) -> Recipe:
    """How the server makes its side of a Python object."""
    return Recipe(name_of(env), {}, python_env=env)


def _handle(env: Env, kept: Handle | None) -> Handle:
    if kept is not None:
        return kept
    assert is_whole(env)
    return env._gem.handle


def _make_blocks(parts: Sequence[Part], mode: Mode) -> list[Block]:
    calls = [
        vector_call(*part[:3], mode.autoreset, is_async=mode.is_async, policy=mode.policy)
        for part in parts
    ]
    blocks = []
    for part, call, number in zip(parts, calls, call_all(calls), strict=True):
        world, key = add_vector(part.worlds, part.keys, number, call.params[1:])
        handle = Handle(part.worker, number, count=0, world=world, key=key)
        blocks.append(Block(handle, list(part.positions), mode.policy))
    return blocks


def _places_of(blocks: Sequence[Block]) -> dict[int, tuple[Block, int]]:
    return {
        position: (block, slot) for block in blocks for slot, position in block.positions().items()
    }
