"""Episodes of one task by several environments, for group-relative training such as GRPO."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gem._bridge.arguments import check_count, check_ids
from gem._bridge.errors import InvalidArgumentError

if TYPE_CHECKING:
    from gem._bridge.batches import Batch
    from gem.vector.vector_env import VectorEnv

Policy = Callable[[list[int], list[Any]], Sequence[str]]
"""Gives an action for each environment, from positions and observations."""

AsyncPolicy = Callable[[list[int], list[Any]], Awaitable[Sequence[str]]]
"""The same as a coroutine; several of its calls run at the same time."""


@dataclass
class Episode:
    """One episode of one environment. `observations` has one entry more than `actions`."""

    member: int
    seed: int | None
    observations: list[Any] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    terminated: bool = False
    truncated: bool = False
    infos: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total_reward(self) -> float:
        """The sum of its rewards."""
        return float(sum(self.rewards))

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return self.terminated or self.truncated

    @property
    def is_faulty(self) -> bool:
        """Whether a fault ended it, so that nobody should train on it; its last info says why."""
        gem = self.infos[-1].get("gem") if self.infos else None
        return isinstance(gem, dict) and gem.get("outcome") == "fault"


@dataclass(frozen=True)
class Group:
    """The episodes of all members of a group, which began from one seed."""

    index: int
    seed: int | None
    episodes: list[Episode]


class GroupCollector:
    """Plays the members of a vector in groups; a group is handed over when all its members ended.

    A member whose episode has ended gets no further action until its group begins again. `play`
    and `aplay` do everything; `reset`, `send`, `recv` and `take` are what they are made of.
    """

    def __init__(self, vector: VectorEnv, groups: int | Sequence[Sequence[int]]) -> None:
        """Divides a vector.

        Args:
            vector: whose members are played, by this alone.
            groups: the members of each group, by position; or how many neighbours make one.

        Raises:
            InvalidArgumentError: when a member is in two groups or does not exist, or the groups do
                not come out even.
        """
        self.vector = vector
        self.groups = _groups_of(groups, vector.num_envs)
        self._group_of = {i: index for index, group in enumerate(self.groups) for i in group}
        self._episodes: dict[int, Episode] = {}
        self._left: dict[int, int] = {}
        self._complete: list[int] = []

    def reset(self, seeds: Sequence[int | None], groups: Iterable[int] | None = None) -> None:
        """Begins an episode in every member of some groups, all of a group from the same seed.

        Args:
            seeds: one for each of `groups`; None: each member goes on with its own stream.
            groups: their indices; None: all.

        Raises:
            InFlightError: when a member of theirs was sent and not received.
        """
        indices = list(range(len(self.groups)) if groups is None else groups)
        if len(seeds) != len(indices):
            message = f"reset() needs one seed for each of {len(indices)} groups, got {len(seeds)}."
            raise InvalidArgumentError(message)
        members = [i for index in indices for i in self.groups[index]]
        starts = [
            seed for index, seed in zip(indices, seeds, strict=True) for _ in self.groups[index]
        ]
        self.vector.send_reset(members, starts)
        for member, seed in zip(members, starts, strict=True):
            self._episodes[member] = Episode(member, seed)
        for index in indices:
            self._left[index] = len(self.groups[index])

    def send(self, actions: Sequence[str], ids: Sequence[int]) -> None:
        """Lets members whose episodes go on begin a step each."""
        self.vector.send(list(actions), list(ids))
        for member, action in zip(ids, actions, strict=True):
            self._episodes[member].actions.append(action)

    def recv(self, min: int = 1, max_wait: float | None = None) -> tuple[list[int], list[Any]]:
        """Takes what has come back; gives positions and observations of those that need an action.

        None may: then episodes have ended, and `take` may have groups.
        """
        return self._note(self.vector.recv(min, max_wait))

    async def arecv(
        self, min: int = 1, max_wait: float | None = None
    ) -> tuple[list[int], list[Any]]:
        """`recv` for coroutines."""
        return self._note(await self.vector.arecv(min, max_wait))

    def take(self) -> list[Group]:
        """The groups that are complete and were not taken."""
        complete, self._complete = self._complete, []
        return [self._group(index) for index in complete]

    def play(self, policy: Policy, seeds: Iterable[int | None]) -> Iterator[Group]:
        """Plays one group for each seed and gives each as soon as it is complete.

        Groups begin again, from the next seed, as soon as they were given: none waits for others.
        """
        left = iter(seeds)
        running = self._begin(left)
        while running:
            ids, observations = self.recv()
            if ids:
                self.send(policy(ids, observations), ids)
            for group in self.take():
                running -= 1
                yield group
                running += self._begin(left, [group.index])

    async def aplay(self, policy: AsyncPolicy, seeds: Iterable[int | None]) -> AsyncIterator[Group]:
        """`play` with a policy that is a coroutine: environments step while it runs for others."""
        left = iter(seeds)
        running = self._begin(left)
        policies: set[asyncio.Task[tuple[list[int], Sequence[str]]]] = set()
        receiving: asyncio.Task[tuple[list[int], list[Any]]] | None = None
        try:
            while running:
                if receiving is None and self.vector.in_flight:
                    receiving = asyncio.ensure_future(self.arecv())
                waiting: set[asyncio.Task[Any]] = set(policies)
                if receiving is not None:
                    waiting.add(receiving)
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done & policies:
                    policies.discard(task)
                    ids, actions = task.result()
                    self.send(actions, ids)
                if receiving is not None and receiving in done:
                    ids, observations = receiving.result()
                    receiving = None
                    if ids:
                        policies.add(asyncio.ensure_future(_ask(policy, ids, observations)))
                    for group in self.take():
                        running -= 1
                        yield group
                        running += self._begin(left, [group.index])
        finally:
            for task in (*policies, *([] if receiving is None else [receiving])):
                task.cancel()

    def _begin(self, seeds: Iterator[int | None], groups: Sequence[int] | None = None) -> int:
        """Begins groups, as many as there are seeds left; how many that were."""
        indices = range(len(self.groups)) if groups is None else groups
        begun = list(zip(indices, seeds, strict=False))
        if begun:
            self.reset([seed for _, seed in begun], [index for index, _ in begun])
        return len(begun)

    def _note(self, batch: Batch) -> tuple[list[int], list[Any]]:
        ids: list[int] = []
        observations: list[Any] = []
        for place, member in enumerate(batch.ids.tolist()):
            episode = self._episodes[member]
            info = batch.infos[place]
            observation = batch.observations[place]
            if episode.observations or batch.truncated[place]:
                episode.rewards.append(float(batch.rewards[place]))
                episode.terminated = bool(batch.terminated[place])
                episode.truncated = bool(batch.truncated[place])
            if episode.has_ended:
                observation = info.get("final_observation", observation)
                info = info.get("final_info", info)
                self._end(member)
            else:
                ids.append(member)
                observations.append(observation)
            episode.observations.append(observation)
            episode.infos.append(info)
        return ids, observations

    def _end(self, member: int) -> None:
        index = self._group_of[member]
        self._left[index] -= 1
        if self._left[index] == 0:
            self._complete.append(index)

    def _group(self, index: int) -> Group:
        episodes = [self._episodes.pop(member) for member in self.groups[index]]
        return Group(index, episodes[0].seed, episodes)


async def _ask(
    policy: AsyncPolicy, ids: list[int], observations: list[Any]
) -> tuple[list[int], Sequence[str]]:
    return ids, await policy(ids, observations)


def _groups_of(groups: int | Sequence[Sequence[int]], count: int) -> tuple[tuple[int, ...], ...]:
    if isinstance(groups, Sequence):
        members = check_ids([member for group in groups for member in group], count)
        if len(members) == 0 or not all(groups):
            message = "Groups need at least one member each."
            raise InvalidArgumentError(message)
        return tuple(tuple(group) for group in groups)
    size = check_count("groups", groups, 1)
    if count % size == 0:
        return tuple(tuple(range(first, first + size)) for first in range(0, count, size))
    message = f"{count} environments cannot be divided into groups of {size}."
    raise InvalidArgumentError(message)
