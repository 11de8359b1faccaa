"""The environments of a vector and the blocks they live in."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gem._bridge import server
from gem._bridge.block import FILLER, Block, vector_call
from gem._bridge.client import call_all
from gem._bridge.handle import Handle
from gem._bridge.making import MadeEnvs, Order, make_all, make_one
from gem._bridge.recipe import Recipe
from gem._bridge.remote_wrapper import is_native, name_of, proxy_of
from gem._bridge.worker import Worker
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


class Part(NamedTuple):
    """Environments of one worker, and their positions in the vector."""

    worker: Worker
    numbers: Sequence[int]
    positions: Sequence[int]


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

    def place(self, position: int) -> tuple[Block, int]:
        """The block of an environment, and its slot there."""
        return self._places[position]

    def replace(self, position: int, env: Env) -> None:
        """Puts another environment at a position; the old one lives on for whoever holds it."""
        with self._lock:
            block, slot = self._places[position]
            if is_whole(env):
                handle = env._gem.handle
            else:
                handle = make_one(_python_recipe(env), block.worker).handle
            if handle.worker is block.worker:
                block.worker.call("vector_set", [block.handle.number, slot, handle.number])
            else:
                self._move(position, handle)
            self._entries[position] = env
            self._kept[position] = handle

    def _move(self, position: int, handle: Handle) -> None:
        """Gives an environment of another worker its own block, and fills the place it leaves."""
        block, slot = self._places[position]
        own = _make_blocks([Part(handle.worker, [handle.number], [position])], self._mode)
        filler = make_one(Recipe(FILLER, {}), block.worker).handle
        block.worker.call("vector_set", [block.handle.number, slot, filler.number])
        block.members[slot] = -1
        self.blocks = [old for old in self.blocks if old.positions()] + own
        self._places = _places_of(self.blocks)


def make_members(orders: Sequence[Order], mode: Mode) -> Members:
    """Makes environments and joins them into a vector, with two calls for each worker."""
    made = make_all(orders)
    entries: dict[int, Entry] = {}
    parts: list[Part] = []
    for order, envs in zip(orders, made, strict=True):
        entries.update((position, (envs, index)) for index, position in enumerate(order.members))
        parts.append(Part(order.worker, envs.numbers, order.members))
    return Members([entries[position] for position in sorted(entries)], {}, parts, mode)


def adopt(envs: Sequence[Env], mode: Mode) -> Members:
    """Joins existing environments, built-in ones and Python objects, into a vector."""
    groups: dict[Worker, list[int]] = {}
    for position, env in enumerate(envs):
        if is_whole(env):
            groups.setdefault(env._gem.worker, []).append(position)
    foreign = [position for position, env in enumerate(envs) if not is_whole(env)]
    kept: dict[int, Handle] = {}
    if foreign:
        home = max(groups, key=lambda worker: len(groups[worker]), default=None)
        home = home or server.client().place(0)
        home.load += len(foreign)
        recipes = [_python_recipe(envs[position]) for position in foreign]
        (made,) = make_all([Order(home, recipes, foreign)])
        kept = {position: made.take(index).handle for index, position in enumerate(foreign)}
        groups[home] = sorted([*groups.get(home, []), *foreign])
    parts = [
        Part(worker, [_number(envs[i], kept.get(i)) for i in positions], positions)
        for worker, positions in groups.items()
    ]
    return Members(envs, kept, parts, mode)


def is_whole(env: object) -> TypeIs[RemoteEnv]:
    """Whether a handle of the server stands for exactly this environment."""
    return is_native(env) and env._gem.depth == 0


def _python_recipe(env: Env) -> Recipe:
    """How the server makes its side of a Python object."""
    return Recipe(name_of(env), {}, python_env=env)


def _number(env: Env, kept: Handle | None) -> int:
    handle = env._gem.handle if kept is None and is_whole(env) else kept
    return -1 if handle is None else handle.number


def _make_blocks(parts: Sequence[Part], mode: Mode) -> list[Block]:
    replies = call_all(
        [vector_call(*part, mode.autoreset, is_async=mode.is_async) for part in parts]
    )
    return [
        Block(Handle(part.worker, number, count=0), list(part.positions))
        for part, number in zip(parts, replies, strict=True)
    ]


def _places_of(blocks: Sequence[Block]) -> dict[int, tuple[Block, int]]:
    return {
        position: (block, slot) for block in blocks for slot, position in block.positions().items()
    }
