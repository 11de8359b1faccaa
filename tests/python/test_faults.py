"""Fault policies: what becomes of environments that go wrong."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

import gem
from gem.core import Env
from gem.envs import registration
from gem.errors import (
    InvalidActionError,
    InvalidArgumentError,
    ResetNeededError,
    UnsupportedError,
)
from gem.vector.async_vector_env import AsyncVectorEnv
from gem.vector.sync_vector_env import SyncVectorEnv

GUESS = "game:GuessTheNumber-v0-easy"
SHAKY = "test:Shaky"


class Shaky(Env):
    """Counts its steps; "fail" fails as often as the class is told."""

    failures = 0

    def __init__(self, limit: int = 4) -> None:
        self.limit = limit
        self.turn = 0
        self.start = 0

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        self.turn = 0
        self.start = seed or 0
        return f"start {self.start}", {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        if action == "fail" and type(self).failures > 0:
            type(self).failures -= 1
            message = "the bridge is down"
            raise ValueError(message)
        self.turn += 1
        return (
            f"turn {self.turn} of {self.start}",
            float(self.turn),
            self.turn >= self.limit,
            False,
            {},
        )

    def spawn(self, same_state: bool = False, **kwargs: Any) -> Shaky:
        return Shaky(self.limit)


@pytest.fixture(autouse=True)
def _shaky() -> Iterator[None]:
    Shaky.failures = 0
    gem.register(SHAKY, Shaky)
    yield
    registration.ENV_REGISTRY.pop(SHAKY, None)


def play(vec: Any, action: str) -> list[Any]:
    """Three steps of three environments; the second step of the middle one is `action`."""
    vec.reset(seed=5)
    seen = []
    for turn in range(3):
        actions = ["go", action if turn == 1 else "go", "go"]
        observations, rewards, terminated, truncated, infos = vec.step(actions)
        seen.append(
            (observations, rewards.tolist(), terminated.tolist(), truncated.tolist(), infos)
        )
    return seen


def rows(seen: list[Any], member: int) -> list[Any]:
    """What a member saw, but for its infos."""
    return [[part[member] for part in step[:4]] for step in seen]


@pytest.mark.parametrize("policy", ["raise", "retry", "mask"])
def test_a_policy_adds_nothing_to_infos_while_all_is_well(policy: str) -> None:
    vec = gem.make_vec([GUESS] * 3, on_fault=policy)
    vec.reset(seed=1)
    *_, infos = vec.step(["\\boxed{3}"] * 3)
    assert not any("gem" in info for info in infos)
    assert vec.fault_mask.dtype == np.bool_
    assert vec.fault_mask.tolist() == [False] * 3
    env = gem.make(GUESS, on_fault=policy)
    assert "gem" not in env.reset(seed=1)[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_fault": "ignore"},
        {"on_fault": None},
        {"deadline": 0},
        {"deadline": "5"},
        {"deadline": float("nan")},
        {"deadline": True},
    ],
)
def test_a_policy_that_is_none_is_refused_before_anything_is_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError):
        gem.make("no such id", **wrong)
    with pytest.raises(InvalidArgumentError):
        gem.make_vec(["no such id"], **wrong)
    with pytest.raises(InvalidArgumentError):
        SyncVectorEnv(["x"], [lambda: pytest.fail("made")], **wrong)


def test_raise_gives_what_the_others_did() -> None:
    calm = play(gem.make_vec([SHAKY] * 3), "go")
    vec = gem.make_vec([SHAKY] * 3)
    vec.reset(seed=5)
    vec.step(["go"] * 3)
    Shaky.failures = 1
    with pytest.raises(ValueError, match="the bridge is down") as caught:
        vec.step(["go", "fail", "go"])
    observations, rewards, terminated, truncated, infos = partial_of(caught.value)
    assert [observations[0], rewards[0]] == [calm[1][0][0], calm[1][1][0]]
    assert [observations[1], rewards[1], terminated[1], truncated[1]] == ["", 0.0, False, True]
    assert infos[1]["gem"]["cause"] == "GEM_OBJECT_FAULT"
    assert rewards.dtype == np.float64
    assert truncated.dtype == np.bool_
    assert vec.fault_mask.tolist() == [False, True, False]
    assert rows([vec.step(["go"] * 3)], 0) == rows(calm[2:], 0)
    assert vec.fault_mask.tolist() == [False] * 3


@pytest.mark.parametrize("async_mode", [False, True])
def test_retry_goes_on_as_if_nothing_had_happened(async_mode: bool) -> None:
    calm = play(gem.make_vec([SHAKY] * 3), "go")
    Shaky.failures = 2
    vec = gem.make_vec([SHAKY] * 3, async_mode=async_mode, on_fault="retry")
    before = vec.envs[1]
    seen = play(vec, "fail")
    for member in range(3):
        assert rows(seen, member) == rows(calm, member)
    note = seen[1][4][1]["gem"]
    assert (note["outcome"], note["attempt"], note["retryable"]) == ("retried", 3, True)
    assert vec.fault_mask.tolist() == [False] * 3
    assert vec.envs[1] is not before
    assert vec.envs[1].turn == 3


@pytest.mark.parametrize("mode", ["SameStep", "NextStep"])
def test_mask_marks_the_step_and_goes_on_with_a_fresh_environment(mode: str) -> None:
    calm = play(gem.make_vec([SHAKY] * 3), "go")
    Shaky.failures = 1
    vec = gem.make_vec([SHAKY] * 3, autoreset_mode=mode, on_fault="mask")
    vec.reset(seed=5)
    vec.step(["go"] * 3)
    observations, rewards, terminated, truncated, infos = vec.step(["go", "fail", "go"])
    assert vec.fault_mask.tolist() == [False, True, False]
    assert rows([(observations, rewards, terminated, truncated)], 2) == rows(calm[1:2], 2)
    assert [rewards[1], terminated[1], truncated[1]] == [0.0, False, True]
    assert infos[1]["gem"]["outcome"] == "fault"
    assert observations[1] == ("start 0" if mode == "SameStep" else "")
    observations, *_ = vec.step(["go"] * 3)
    assert vec.fault_mask.tolist() == [False] * 3
    assert observations[1] == ("turn 1 of 0" if mode == "SameStep" else "start 0")


def test_wrappers_of_an_environment_that_was_replaced_reach_the_new_one() -> None:
    vec = gem.make_vec(
        [SHAKY] * 2,
        wrappers=[gem.wrappers.wrapper_factory.WRAPPER_FACTORY["concat"]],
        on_fault="mask",
    )
    vec.reset(seed=5)
    before = vec.envs[0].unwrapped
    Shaky.failures = 1
    vec.step(["fail", "go"])
    assert vec.envs[0].unwrapped is not before
    observations, *_ = vec.step(["go", "go"])
    assert observations[0] == "start 0\nturn 1 of 0\n"
    assert vec.envs[0].unwrapped.turn == 1


def test_a_map_of_actions_gets_a_mask_in_its_order() -> None:
    vec = gem.make_vec([SHAKY] * 3, on_fault="mask")
    vec.reset()
    Shaky.failures = 1
    vec.step({2: "go", 0: "fail"})
    assert vec.fault_mask.tolist() == [False, True]


@pytest.mark.parametrize("policy", ["retry", "mask"])
def test_mistakes_of_the_caller_are_raised_under_any_policy(policy: str) -> None:
    vec = gem.make_vec([GUESS] * 2, on_fault=policy)
    with pytest.raises(ResetNeededError):
        vec.step(["1", "2"])
    vec.reset()
    with pytest.raises(InvalidActionError):
        vec.step([1, "2"])


def test_an_object_of_this_process_is_guarded_in_a_vector_only() -> None:
    with pytest.raises(UnsupportedError, match="host=True"):
        gem.make(SHAKY, on_fault="mask")
    with pytest.raises(UnsupportedError, match="host=True"):
        gem.make(SHAKY, deadline=3)
    assert isinstance(gem.make(SHAKY, on_fault="raise"), Shaky)


def test_a_policy_lasts_through_copies_and_pickles() -> None:
    vec = gem.make_vec([SHAKY] * 2, on_fault="mask", deadline=30)
    vec.reset(seed=1)
    for other in (copy.deepcopy(vec), pickle.loads(pickle.dumps(vec))):
        Shaky.failures = 1
        other.step(["fail", "go"])
        assert other.fault_mask.tolist() == [True, False]


def test_a_vector_made_of_functions_takes_a_policy() -> None:
    vec = AsyncVectorEnv([SHAKY] * 2, [Shaky, Shaky], on_fault="mask")
    vec.reset()
    Shaky.failures = 1
    vec.step(["go", "fail"])
    assert vec.fault_mask.tolist() == [False, True]


def test_an_error_keeps_what_other_workers_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEM_MIN_BLOCK", "1")
    whole = gem.make_vec([GUESS] * 4)
    whole.reset(seed=3)
    if len(whole._gem_members.blocks) < 2:
        pytest.skip("a machine with one core has one worker: nothing to spread over")
    vec = vector_of([whole.envs[0], Shaky(), whole.envs[1], whole.envs[2]])
    vec.reset(seed=3)
    Shaky.failures = 1
    with pytest.raises(ValueError, match="the bridge is down") as caught:
        vec.step(["1", "fail", "2", "3"])
    observations, rewards, _, truncated, infos = partial_of(caught.value)
    assert truncated.tolist() == [False, True, False, False]
    assert rewards[1] == 0.0
    assert all(observations[position] for position in (0, 2, 3))
    assert infos[1]["gem"]["outcome"] == "fault"
    assert vec.fault_mask.tolist() == [False, True, False, False]


def vector_of(envs: list[Any]) -> SyncVectorEnv:
    """A vector of environments that exist."""
    return SyncVectorEnv(["any"] * len(envs), [partial(copy.copy, env) for env in envs])


def partial_of(error: BaseException) -> Any:
    """What an exception of a Python class carries, which knows nothing of us."""
    return vars(error)["partial"]


def test_an_error_of_the_caller_has_no_partial_result() -> None:
    vec = gem.make_vec([GUESS] * 2)
    with pytest.raises(ResetNeededError) as caught:
        vec.step(["1", "2"])
    assert caught.value.partial is None
