"""Groups of environments that play one task, by a plain policy and by coroutines."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import gem
from gem.errors import InFlightError, InvalidArgumentError
from gem.vector.groups import GroupCollector

EASY = "game:GuessTheNumber-v0-easy"


def _play_alone(seed: int, digits: list[int]) -> tuple[list[str], list[float]]:
    env = gem.make(EASY)
    observations: list[str] = [env.reset(seed=seed)[0]]
    rewards: list[float] = []
    for digit in digits:
        observation, reward, terminated, truncated, _ = env.step(f"\\boxed{{{digit}}}")
        observations.append(observation)
        rewards.append(float(reward))
        if terminated or truncated:
            break
    return observations, rewards


def _policy(collector: GroupCollector) -> Any:
    """Member m guesses 1 + m, 2 + m, …, so that members of a group end at different times."""

    def act(ids: list[int], observations: list[Any]) -> list[str]:
        assert len(ids) == len(observations) > 0
        turns = [len(collector._episodes[member].actions) for member in ids]
        return [
            f"\\boxed{{{1 + (turn + member) % 10}}}"
            for member, turn in zip(ids, turns, strict=True)
        ]

    return act


def _check(groups: list[Any], seeds: list[int], size: int) -> None:
    assert sorted(group.seed for group in groups) == seeds
    for group in groups:
        assert len(group.episodes) == size
        for episode in group.episodes:
            digits = [1 + (turn + episode.member) % 10 for turn in range(len(episode.actions))]
            observations, rewards = _play_alone(group.seed, digits)
            assert episode.observations == observations
            assert episode.rewards == rewards
            assert episode.total_reward == sum(rewards)
            assert episode.has_ended
            assert not episode.is_faulty
            assert len(episode.infos) == len(episode.observations)


@pytest.mark.parametrize("mode", ["SameStep", "NextStep"])
def test_every_member_of_a_group_sees_the_same_task(mode: str) -> None:
    collector = gem.make_vec([EASY] * 8, autoreset_mode=mode).grouped(4)
    groups = list(collector.play(_policy(collector), range(10, 15)))
    _check(groups, [10, 11, 12, 13, 14], 4)


def test_groups_are_those_that_are_named() -> None:
    collector = gem.make_vec([EASY] * 5).grouped([[0, 4], [3, 1]])
    groups = list(collector.play(_policy(collector), [7, 8, 9]))
    _check(groups, [7, 8, 9], 2)
    assert {tuple(e.member for e in group.episodes) for group in groups} == {(0, 4), (3, 1)}


def test_coroutines_play_the_same() -> None:
    collector = gem.make_vec([EASY] * 8).grouped(2)
    act = _policy(collector)

    async def policy(ids: list[int], observations: list[Any]) -> list[str]:
        await asyncio.sleep(0)
        actions: list[str] = act(ids, observations)
        return actions

    async def main() -> list[Any]:
        return [group async for group in collector.aplay(policy, range(9))]

    _check(asyncio.run(main()), list(range(9)), 2)


def test_fewer_seeds_than_groups_leave_groups_alone() -> None:
    collector = gem.make_vec([EASY] * 6).grouped(2)
    assert len(list(collector.play(_policy(collector), [3]))) == 1


def test_the_parts_can_be_used_by_hand() -> None:
    collector = gem.make_vec([EASY] * 2).grouped(2)
    collector.reset([5])
    with pytest.raises(InFlightError):
        collector.reset([5])
    ids, observations = collector.recv(min=2)
    assert observations[0] == observations[1]
    act = _policy(collector)
    while ids or collector.vector.in_flight:
        if ids:
            collector.send(act(ids, observations), ids)
        ids, observations = collector.recv(max_wait=30)
    (group,) = collector.take()
    _check([group], [5], 2)
    assert collector.take() == []


@pytest.mark.parametrize("groups", [3, 0, [[0, 1], [1, 2]], [[0], []], [[9]], []])
def test_groups_that_do_not_fit_are_refused(groups: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        gem.make_vec([EASY] * 4).grouped(groups)


def test_every_group_needs_its_seed() -> None:
    with pytest.raises(InvalidArgumentError, match="one seed for each of 2 groups, got 1"):
        gem.make_vec([EASY] * 4).grouped(2).reset([1])
