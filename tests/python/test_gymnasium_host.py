"""Gymnasium's environments in their host's Python, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from library_process import LibraryError, LibraryProcess

IDS = {
    "CartPole-v0": 2,
    "CartPole-v1": 2,
    "MountainCar-v0": 3,
    "Acrobot-v1": 3,
    "Blackjack-v1": 2,
    "FrozenLake-v1": 4,
    "FrozenLake8x8-v1": 4,
    "CliffWalking-v1": 4,
    "CliffWalkingSlippery-v1": 4,
    "Taxi-v4": 6,
}
PICTURED = {
    "FrozenLake-v1",
    "FrozenLake8x8-v1",
    "CliffWalking-v1",
    "CliffWalkingSlippery-v1",
    "Taxi-v4",
}


@pytest.fixture(scope="module")
def library() -> Iterator[LibraryProcess]:
    with LibraryProcess("gymnasium") as process:
        yield process


def test_these_are_all_that_need_no_further_package(library: LibraryProcess) -> None:
    assert library.run("catalogue") == IDS


@pytest.mark.parametrize("env_id", IDS)
def test_the_same_seed_is_the_same_episode(library: LibraryProcess, env_id: str) -> None:
    alone = library.make(env_id, seed=1).episode(7)
    actions = [step[0] for step in alone[1:]]
    assert len(actions) >= 1
    neighbour, beside = library.make(env_id), library.make(env_id, seed=2)
    neighbour.reset(3)
    beside.reset(1)
    shown = [beside.reset(7)]
    for action in actions:
        neighbour.step("0")
        shown.append([action, *beside.step(action)])
    assert shown == alone


@pytest.mark.parametrize("env_id", IDS)
def test_text_is_drawn_where_the_environment_draws(library: LibraryProcess, env_id: str) -> None:
    sight, _ = library.make(env_id).reset(0)
    assert (sight["picture"] is not None) == (env_id in PICTURED)
    assert "\x1b" not in (sight["picture"] or "")


def test_a_lake_without_slipping_is_crossed_for_1(library: LibraryProcess) -> None:
    env = library.make("FrozenLake-v1", is_slippery=False)
    last = env.episode(1, ["1", "1", "2", "1", "2", "2"])[-1]
    assert last[1]["values"] == 15
    assert last[2:5] == [1.0, True, False]


def test_the_limit_of_steps_truncates(library: LibraryProcess) -> None:
    env = library.make("FrozenLake-v1", is_slippery=False, max_episode_steps=2)
    env.reset(1)
    assert env.step("0")[2:4] == [False, False]
    assert env.step("0")[2:4] == [False, True]


@pytest.mark.parametrize("action", ["4", "-1", "", "left", "1.0", "²", None])
def test_what_is_no_actions_number_is_refused(library: LibraryProcess, action: str | None) -> None:
    env = library.make("FrozenLake-v1")
    env.reset(1)
    with pytest.raises(LibraryError) as raised:
        env.step(action)
    assert raised.value.code == "GEM_INVALID_ACTION"


@pytest.mark.parametrize(
    ("env_id", "options", "code"),
    [
        ("Nothing-v0", {}, "GEM_UNKNOWN_ENV"),
        ("Pendulum-v1", {}, "GEM_UNSUPPORTED"),
        ("FrozenLake-v1", {"map_name": "3x3"}, "GEM_INVALID_OPTION"),
        ("Taxi-v4", {"wheels": 3}, "GEM_INVALID_OPTION"),
    ],
)
def test_what_does_not_fit_is_refused(
    library: LibraryProcess, env_id: str, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(LibraryError) as raised:
        library.make(env_id, **options)
    assert raised.value.code == code
