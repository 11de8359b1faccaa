"""The same id, options, seed and actions give the same episode, wherever the environment lives."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

import gem
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY

IDS = ["game:GuessTheNumber-v0-random", "game:Game2048-v0-easy", "game:Sokoban-v0-easy"]
WRAPPERS = [WRAPPER_FACTORY["concat_with_action"], WRAPPER_FACTORY["episode_tracking"]]
SEED = 2**40 + 9
STEPS = 12

Log = list[Any]


def actions_for(env_id: str) -> list[str]:
    """Right, wrong and malformed replies, the same at every call."""
    moves = ["up", "left", "down", "right", "?", "right", "up", "left", "left", "down", "up", "up"]
    numbers = [5, 3, 90, 7, 12, 5, 2, 8, 1, 4, 30, 11]
    content = numbers if "Guess" in env_id else moves
    return [f"I say \\boxed{{{value}}}" for value in content]


def entry(step: Sequence[Any]) -> list[Any]:
    """One step as plain data."""
    observation, reward, terminated, truncated, info = step
    return [observation, float(reward), bool(terminated), bool(truncated), info]


def digest(log: Log) -> str:
    """A short name of what happened."""
    return hashlib.sha256(json.dumps(log).encode()).hexdigest()[:16]


def make_wrapped(env_id: str, seed: int | None = None) -> Any:
    """One environment with its wrappers."""
    env: Any = gem.make(env_id, seed=seed)
    for wrapper in WRAPPERS:
        env = wrapper(env)
    return env


def play_on(env: Any, actions: list[str]) -> Log:
    """Plays actions; an episode that ends is followed by the next, as in a vector."""
    log = []
    for action in actions:
        step = entry(env.step(action))
        if step[2] or step[3]:
            observation, info = env.reset()
            final = {"final_observation": step[0], "final_info": step[4]}
            step = [observation, *step[1:4], {**info, **final}]
        log.append(step)
    return log


def play_alone(env_id: str) -> Log:
    """The reference: one environment, stepped alone."""
    env = make_wrapped(env_id)
    log = [list(env.reset(seed=SEED))]
    return log + play_on(env, actions_for(env_id))


def play_in_vector(env_id: str, size: int, place: int) -> Log:
    """The member at `place` of a vector, which is seeded so that it gets the reference's seed."""
    vec = gem.make_vec([env_id] * size, wrappers=WRAPPERS, async_mode=True)
    observations, infos = vec.reset(seed=SEED - place)
    log: Log = [[observations[place], infos[place]]]
    for action in actions_for(env_id)[:STEPS]:
        step = vec.step([action] * size)
        log.append(entry([part[place] for part in step]))
    vec.close()
    return log


@pytest.fixture(scope="module", params=IDS)
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An id, and the digest of its reference episode."""
    env_id: str = request.param
    return env_id, digest(play_alone(env_id))


def test_is_the_same_again(case: tuple[str, str]) -> None:
    env_id, expected = case
    assert digest(play_alone(env_id)) == expected


def test_differs_for_another_seed(case: tuple[str, str]) -> None:
    env_id, expected = case
    env = make_wrapped(env_id)
    log = [list(env.reset(seed=SEED + 1))]
    assert digest(log + play_on(env, actions_for(env_id))) != expected


@pytest.mark.parametrize(("size", "place"), [(1, 0), (64, 0), (64, 63), (4096, 1), (4096, 4095)])
def test_is_the_same_in_a_vector(case: tuple[str, str], size: int, place: int) -> None:
    env_id, expected = case
    assert digest(play_in_vector(env_id, size, place)) == expected


def test_is_the_same_when_the_seed_comes_with_make(case: tuple[str, str]) -> None:
    env_id, expected = case
    env = make_wrapped(env_id, seed=SEED)
    log = [list(env.reset())]
    assert digest(log + play_on(env, actions_for(env_id))) == expected


@pytest.mark.parametrize("copies", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_goes_on_the_same_in_a_copy(case: tuple[str, str], copies: Any) -> None:
    env_id, expected = case
    env = make_wrapped(env_id)
    actions = actions_for(env_id)
    log = [list(env.reset(seed=SEED)), *play_on(env, actions[:5])]
    fork = copies(env)
    assert digest(log + play_on(fork, actions[5:])) == expected
    assert digest(log + play_on(env, actions[5:])) == expected


def test_goes_on_the_same_from_a_state(case: tuple[str, str]) -> None:
    env_id, expected = case
    env = make_wrapped(env_id)
    actions = actions_for(env_id)
    log = [list(env.reset(seed=SEED)), *play_on(env, actions[:5])]
    state = env.get_state()
    play_on(env, actions)
    other = make_wrapped(env_id)
    other.set_state(state)
    assert digest(log + play_on(other, actions[5:])) == expected


def test_goes_on_the_same_in_another_process(case: tuple[str, str]) -> None:
    """The pickled environment is unpickled where no environment was ever made."""
    env_id, expected = case
    env = make_wrapped(env_id)
    actions = actions_for(env_id)
    log = [list(env.reset(seed=SEED)), *play_on(env, actions[:5])]
    code = (
        "import sys, pickle, json; sys.path.insert(0, sys.argv[1]);"
        "from test_trajectories import play_on; env, actions = pickle.load(sys.stdin.buffer);"
        "print(json.dumps(play_on(env, actions)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, os.path.dirname(__file__)],
        input=pickle.dumps((env, actions[5:])),
        capture_output=True,
        check=True,
    )
    assert digest(log + json.loads(done.stdout)) == expected


@pytest.mark.parametrize("workers", [1, 4])
def test_is_the_same_over_any_number_of_workers(case: tuple[str, str], workers: int) -> None:
    """A server of its own, with a vector that is scattered over all its workers."""
    env_id, expected = case
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from test_trajectories import digest, play_in_vector;"
        "print(*[digest(play_in_vector(sys.argv[2], 64, place)) for place in (0, 31, 63)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, os.path.dirname(__file__), env_id],
        env={**os.environ, "GEM_WORKERS": str(workers), "GEM_MIN_BLOCK": "16"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.split() == [expected] * 3


def test_is_the_same_beside_other_environments_in_one_vector() -> None:
    ids = [*IDS, *reversed(IDS)]
    vec = gem.make_vec(ids, wrappers=[partial(wrapper) for wrapper in WRAPPERS], async_mode=False)
    observations, infos = vec.reset(seed=[SEED] * len(ids))
    logs: list[Log] = [[[observations[i], infos[i]]] for i in range(len(ids))]
    plans = [actions_for(env_id) for env_id in ids]
    for turn in range(STEPS):
        step = vec.step([plan[turn] for plan in plans])
        for i, log in enumerate(logs):
            log.append(entry([part[i] for part in step]))
    expected = {env_id: digest(play_alone(env_id)) for env_id in IDS}
    assert [digest(log) for log in logs] == [expected[env_id] for env_id in ids]
