"""Copies: deepcopy, pickle, state, spawn; with wrappers and in Python subclasses."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import gem
from gem.envs.game_env.guess_the_number import GuessTheNumberEnv
from gem.errors import InvalidStateError
from gem.wrappers.episode_tracking_wrapper import EpisodeTrackingWrapper
from gem.wrappers.observation_wrapper import ObservationWrapper
from sample_envs import (
    ChatTokenizer,
    CountingEnv,
    LoudWrapper,
    ShoutingGuess,
    StatefulEnv,
)

HARD = "game:GuessTheNumber-v0-hard"
GUESSES = ["\\boxed{10}", "\\boxed{20}", "\\boxed{30}"]


def _concat(env: gem.Env) -> ObservationWrapper:
    return ObservationWrapper(env, include_chat_template=False)


def _native() -> gem.Env:
    return gem.make(HARD, seed=5)


def _wrapped() -> gem.Env:
    return EpisodeTrackingWrapper(_concat(gem.make(HARD, seed=5)))


def _made_wrapped() -> gem.Env:
    from gem.wrappers.wrapper_factory import get_wrapper_fns

    return gem.make_vec([HARD], get_wrapper_fns("concat,episode_tracking"), seed=5).envs[0]


def _subclass() -> gem.Env:
    return ShoutingGuess(1, 50, 7, seed=5)


def _python_wrapper() -> gem.Env:
    return LoudWrapper(_concat(gem.make(HARD, seed=5)))


def _around_python() -> gem.Env:
    return EpisodeTrackingWrapper(_concat(CountingEnv(length=9)))


def _around_stateful() -> gem.Env:
    return EpisodeTrackingWrapper(StatefulEnv(length=9))


def _around_subclass() -> gem.Env:
    return _concat(ShoutingGuess(1, 50, 7, seed=5))


KINDS = [
    _native,
    _wrapped,
    _made_wrapped,
    _subclass,
    _python_wrapper,
    _around_python,
    _around_stateful,
    _around_subclass,
]


def _comparable(result: Any) -> Any:
    observation, *rest, info = result
    return observation, *rest, {key: info[key] for key in info if key != "marker"}


def _play(env: gem.Env) -> list[Any]:
    steps = [_comparable(env.step(action)) for action in GUESSES]
    return [*steps, _comparable(env.reset()), _comparable(env.step(GUESSES[0]))]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize(
    "duplicate",
    [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env)), lambda env: env.spawn(True)],
)
def test_a_copy_continues_like_its_original_and_independently(make: Any, duplicate: Any) -> None:
    env = make()
    env.reset(seed=3)
    env.step("\\boxed{25}")
    twin = duplicate(env)
    assert type(twin) is type(env)
    assert twin is not env
    assert twin.unwrapped is not env.unwrapped
    played = _play(twin)
    assert _play(env) == played


def test_an_environment_that_was_never_reset_can_be_copied() -> None:
    env = gem.make(HARD, seed=5)
    twin = pickle.loads(pickle.dumps(copy.deepcopy(env)))
    assert twin.reset() == env.reset()


def test_a_copy_keeps_attributes_that_live_in_python_at_every_layer() -> None:
    wrapped = _wrapped()
    wrapped.reset(seed=1)
    wrapped.note = ["outer"]
    inner: Any = wrapped.unwrapped
    inner.secret = ["inner"]
    for twin in (copy.deepcopy(wrapped), pickle.loads(pickle.dumps(wrapped))):
        assert twin.note == ["outer"]
        assert twin.note is not wrapped.note
        assert twin.env_id == HARD
        assert twin.unwrapped.env_id == HARD
    assert copy.deepcopy(wrapped).unwrapped.secret == ["inner"]
    assert pickle.loads(pickle.dumps(inner)).secret == ["inner"]


def test_a_copied_subclass_keeps_its_own_state() -> None:
    env = ShoutingGuess(1, 50, 7, seed=5)
    env.reset()
    env.step("\\boxed{25}")
    twin = copy.deepcopy(env)
    assert twin.step("\\boxed{26}")[4]["steps"] == 2
    assert env.steps == 1


def test_a_tokenizer_is_shared_between_copies() -> None:
    tokenizer = ChatTokenizer()
    env = ObservationWrapper(gem.make(HARD), tokenizer=tokenizer)
    env.reset(seed=1)
    twin = copy.deepcopy(env)
    del env
    before = len(tokenizer.calls)
    twin.step("\\boxed{3}")
    assert len(tokenizer.calls) == before + 1
    assert twin.tokenizer is tokenizer


def test_a_shallow_copy_stands_for_the_same_environment() -> None:
    env = _native()
    env.reset(seed=3)
    copy.copy(env).step("\\boxed{25}")
    assert env.turn_count == 1


@pytest.mark.parametrize("make", KINDS)
def test_a_state_can_be_taken_and_set_and_pickled(make: Any) -> None:
    env = make()
    env.reset(seed=3)
    env.step("\\boxed{25}")
    state = pickle.loads(pickle.dumps(env.get_state()))
    played = _play(env)
    if make is not _subclass and make is not _around_subclass and make is not _python_wrapper:
        env.set_state(state)
        assert _play(env) == played
    else:
        env.set_state(state)
        assert [step[0] for step in _play(env)] == [step[0] for step in played]


def test_a_state_with_integral_floats_can_be_set() -> None:
    env = EpisodeTrackingWrapper(gem.make(HARD, seed=5))
    env.reset()
    env.step(f"\\boxed{{{env.game_number}}}")
    env.set_state(env.get_state())
    assert env.get_state()["wrapper"] == {"step_counter": 1, "cumulative_rewards": 1.0}


def test_a_foreign_state_is_refused() -> None:
    env = gem.make(HARD)
    env.reset(seed=1)
    with pytest.raises(InvalidStateError):
        env.set_state(gem.make("game:Game2048-v0-easy").get_state())
    with pytest.raises(ValueError, match="state"):
        env.set_state({})


def test_spawn_makes_a_fresh_one_with_other_options() -> None:
    env = gem.make(HARD, seed=5, max_turns=3)
    env.reset()
    env.note = 1
    fresh = env.spawn(seed=9)
    assert (fresh.env_id, fresh.note) == (HARD, 1)
    fresh.reset()
    assert fresh.max_turns == 3
    again = env.spawn(max_turns=4)
    again.reset()
    assert again.max_turns == 4
    reference = gem.make(HARD, seed=9, max_turns=3)
    reference.reset()
    assert fresh.game_number == reference.game_number


def test_spawn_goes_through_any_number_of_wrappers() -> None:
    wrapped = _wrapped()
    fresh = wrapped.spawn(seed=6)
    assert [type(layer) for layer in _layers(fresh)] == [type(layer) for layer in _layers(wrapped)]
    fresh.reset()
    assert fresh.step("\\boxed{3}")[4]["step_counter"] == 1
    inner = wrapped.env.spawn()
    assert [type(layer) for layer in _layers(inner)] == [ObservationWrapper, GuessTheNumberEnv]


def test_spawn_of_a_python_environment_without_its_own_says_so() -> None:
    with pytest.raises(NotImplementedError, match="spawn"):
        CountingEnv().spawn()
    with pytest.raises(NotImplementedError, match="CountingEnv"):
        EpisodeTrackingWrapper(CountingEnv()).spawn(seed=3)


def _layers(env: Any) -> list[Any]:
    layers = [env]
    while hasattr(layers[-1], "env"):
        layers.append(layers[-1].env)
    return layers
