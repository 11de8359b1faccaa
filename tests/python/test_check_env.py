"""Checking environments: built-in ones, and those that are written in Python."""

from __future__ import annotations

import random
import threading
from typing import Any

import numpy as np
import pytest

import checked_envs
import gem
from gem._bridge.checking import comparable
from gem.errors import InvalidArgumentError, InvalidOptionError, UnknownEnvError
from gem.wrappers.observation_wrapper import ObservationWrapper

GUESS = "game:GuessTheNumber-v0-easy"
NAMES = [
    *("start", "types", "garbage", "determinism", "unseeded", "vector", "fork", "state"),
    *("random_action", "before_reset", "closing_twice", "after_close", "rewards", "memory"),
]


def outcomes(report: gem.CheckReport) -> dict[str, str]:
    return {check.name: check.outcome for check in report.checks}


def failed(report: gem.CheckReport) -> list[str]:
    return [check.name for check in report.failures]


def detail(report: gem.CheckReport, name: str) -> str:
    return next(check.detail for check in report.checks if check.name == name)


def concatenated(env: gem.Env) -> gem.Env:
    return ObservationWrapper(
        env, include_chat_template=False, apply_chat_template_on_reset=False, include_action=True
    )


def test_a_built_in_id_passes_and_prints_a_table() -> None:
    report = gem.check_env(GUESS, options={"max_turns": 3}, seeds=[1, 2**70], steps=6)
    assert report.ok
    assert report.id == GUESS
    assert list(outcomes(report)) == NAMES
    lines = str(report).splitlines()
    assert lines[0] == GUESS
    assert lines[4].startswith("  ✓ determinism    2 seeds, 2 ways, 6 steps each")
    assert lines[-1] == "13 passed, 0 failed, 1 skipped"
    report.raise_for_failures()


def test_a_proxy_is_checked_as_it_was_made_and_not_touched() -> None:
    env = gem.make(GUESS, max_turns=2)
    env.reset(seed=1)
    state = env.get_state()
    report = gem.check_env(env, steps=5)
    assert report.ok, report
    assert env.get_state() == state
    assert gem.check_env(concatenated(gem.make(GUESS)), steps=5).ok


@pytest.mark.parametrize(
    "env", [checked_envs.GoodEnv, checked_envs.StrictEnv, checked_envs.ArrayEnv]
)
def test_a_good_class_passes(env: type[checked_envs.GoodEnv]) -> None:
    report = gem.check_env(env, options={"length": 3})
    assert report.ok, report
    assert report.id == env.__name__
    assert outcomes(report)["fork"] == outcomes(report)["state"] == "passed"
    wants = "passed" if env is checked_envs.StrictEnv else "skipped"
    assert outcomes(report)["before_reset"] == wants


def test_what_an_environment_does_not_offer_is_skipped() -> None:
    report = gem.check_env(checked_envs.MuteEnv)
    assert report.ok, report
    assert detail(report, "random_action") == "It offers no random actions."
    assert detail(report, "memory") == "Its memory is the client's."


def test_a_registered_environment_is_made_with_its_options() -> None:
    gem.register("test:Checked-v0", checked_envs.GoodEnv, length=2)
    gem.register("test:CheckedByName-v0", "checked_envs:GoodEnv")
    assert gem.check_env("test:Checked-v0").ok
    report = gem.check_env("test:CheckedByName-v0", options={"length": 5}, actions=["3", "x"])
    assert report.ok, report
    assert report.id == "test:CheckedByName-v0"


def test_an_instance_is_copied_and_not_touched() -> None:
    env = checked_envs.GoodEnv()
    env.reset(seed=3)
    before = (env.turn, env.target, env.random.getstate())
    assert gem.check_env(env).ok
    assert gem.check_env(concatenated(env)).ok
    assert (env.turn, env.target, env.random.getstate()) == before


@pytest.mark.parametrize(
    ("env", "checks", "words"),
    [
        ("BrokenConstructorEnv", ["start"], "Making BrokenConstructorEnv raised OSError: no such"),
        ("ShortStepEnv", ["types"], "step() of ShortStepEnv must return"),
        ("RaisingEnv", ["types"], "raised ValueError: the board fell down"),
        ("ExitingEnv", ["types"], "step() raised SystemExit(3)"),
        ("MarkedInfoEnv", ["types"], "info.marker is an object that is no builtin"),
        ("NumpyInfoEnv", ["types"], "info.score is an object that is no builtin"),
        ("SameInfoEnv", ["types"], "The info must be a fresh object each time"),
        ("PickyEnv", ["garbage"], "(no answer) must be answered"),
        ("EntropyEnv", ["determinism"], "two runs must go the same way"),
        ("RestartingEnv", ["unseeded"], "8 times it was the episode of reset(1) again"),
        ("GlobalRandomEnv", ["vector", "fork", "state"], "must not depend on its neighbours"),
        ("SharingCopiesEnv", ["fork", "state"], "A copy must go on as the original does"),
        ("UncopiableEnv", ["fork", "state"], "raised TypeError: cannot pickle"),
        ("NumberActionEnv", ["random_action"], "must return a string, it returned 3"),
        ("CloseOnceEnv", ["closing_twice"], "raised ClosedError: It is not open yet."),
        ("InfiniteEnv", ["rewards"], "one was Infinity"),
    ],
)
def test_a_bad_class_is_caught_by_name(env: str, checks: list[str], words: str) -> None:
    options = {"length": 1000} if env == "EntropyEnv" else None
    report = gem.check_env(getattr(checked_envs, env), options=options)
    assert failed(report) == checks, report
    assert words in report.failures[0].detail
    with pytest.raises(AssertionError, match="see below"):
        report.raise_for_failures()


def test_an_environment_that_hangs_does_not_keep_the_caller() -> None:
    try:
        report = gem.check_env(checked_envs.SleepingEnv, deadline_seconds=0.3)
        assert failed(report) == ["types"]
        said = detail(report, "types")
        assert said.startswith("GEM_DEADLINE: The check did not end within 0.3 s")
        assert detail(report, "garbage") == 'A call of the check "types" did not come back.'
        assert gem.check_env(GUESS, steps=3).ok
    finally:
        checked_envs.SleepingEnv.wake.set()


def test_only_the_environment_draws_from_the_callers_generators() -> None:
    random.seed(1)
    expected = random.getstate()
    assert gem.check_env(checked_envs.GoodEnv, seeds=1, steps=3).ok
    assert random.getstate() == expected


def test_threads_end_with_the_check() -> None:
    gem.check_env(checked_envs.GoodEnv, seeds=1, steps=3)
    for thread in threading.enumerate():
        if thread.name == "gem-check":
            thread.join(timeout=60)
            assert not thread.is_alive()


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(UnknownEnvError, match="test:Nowhere"):
        gem.check_env("test:Nowhere-v0")
    with pytest.raises(InvalidArgumentError, match="what makes one"):
        gem.check_env(3)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="pass its class"):
        gem.check_env(checked_envs.GoodEnv(), options={"length": 3})
    with pytest.raises(InvalidArgumentError, match="actions must be a list"):
        gem.check_env(GUESS, actions="up")
    with pytest.raises(InvalidOptionError, match="steps"):
        gem.check_env(GUESS, steps=0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        (2.0, 2.0),
        ([1, 2.0, (None, True)], "list[1, 2.0, tuple[None, True]]"),
        ({"b": {"x", "a"}}, "{'b': set([\"'a'\", \"'x'\"])}"),
    ],
)
def test_plain_values_are_comparable(value: object, shown: object) -> None:
    assert comparable(value) == shown


def test_arrays_are_comparable_and_objects_stay_objects() -> None:
    assert comparable(np.arange(3)) == comparable(np.arange(3))
    assert comparable(np.arange(3)) != comparable(np.arange(4))
    for value in (np.float64(1), checked_envs.Marker(), [checked_envs.Marker()]):
        shown: Any = comparable(value)
        assert shown is value
