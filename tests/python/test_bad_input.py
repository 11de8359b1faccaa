"""The caller's mistakes: a typed error at once, nothing changed, everybody else unharmed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gem
from gem.errors import (
    ActionCountError,
    InvalidActionError,
    InvalidArgumentError,
    InvalidOptionError,
    InvalidPromptError,
    InvalidSeedError,
    ResetNeededError,
    UnknownEnvError,
    UnknownOptionError,
)

EASY = "game:GuessTheNumber-v0-easy"


@pytest.fixture(autouse=True)
def _a_sibling_is_unharmed() -> Any:
    """After each mistake an environment that was there before goes on where it was."""
    sibling = gem.make(EASY)
    sibling.reset(seed=1)
    sibling.step("\\boxed{1}")
    state = sibling.get_state()
    yield
    assert sibling.get_state() == state
    sibling.step("\\boxed{2}")
    assert sibling.turn_count == 2


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownEnvError, match=r"Did you mean .game:GuessTheNumber-v0-easy"):
        gem.make("game:GuessTheNumbr-v0-easy")
    with pytest.raises(ValueError, match="nowhere"):
        gem.make_vec(["nowhere:Nothing"])
    with pytest.raises(UnknownEnvError, match="is a string"):
        gem.make(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"max_turn": 3}, UnknownOptionError, "max_turns"),
        ({"max_turns": "3"}, InvalidOptionError, "max_turns"),
        ({"max_turns": -1}, InvalidOptionError, "max_turns"),
        ({"max_turns": 2.5}, InvalidOptionError, "max_turns"),
        ({"prompts": {"sufix": "x"}}, InvalidPromptError, "suffix"),
        ({"prompts": {"suffix": "{nothing}"}}, InvalidPromptError, "nothing"),
        ({"seed": -1}, InvalidSeedError, "-1"),
        ({"seed": 1.5}, InvalidSeedError, "1.5"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(
    options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        gem.make(EASY, **options)
    with pytest.raises(error, match=text):
        gem.make_vec([EASY] * 3, vec_kwargs=[{}, options, {}])


BAD_SEEDS = [-1, 1.0, 1.5, True, "1", b"1", [1], np.float64(1.0), np.bool_(True), object()]


@pytest.mark.parametrize("seed", BAD_SEEDS, ids=repr)
def test_what_is_no_non_negative_integer_is_no_seed(seed: Any) -> None:
    env = gem.make(EASY)
    env.reset(seed=3)
    before = env.get_state()
    with pytest.raises(InvalidSeedError, match="non-negative integer"):
        env.reset(seed=seed)
    assert env.get_state() == before


@pytest.mark.parametrize("seed", [-1, 1.5, True, "12", [1], [1, 2, 3], [1, -2], [1, 2.0]], ids=repr)
def test_a_vector_takes_one_integer_or_one_for_each(seed: Any) -> None:
    vector = gem.make_vec([EASY] * 2)
    vector.reset(seed=3)
    before = [env.get_state() for env in vector.envs]
    with pytest.raises(InvalidSeedError):
        vector.reset(seed=seed)
    assert [env.get_state() for env in vector.envs] == before


BAD_ACTIONS = [3, 1.5, b"\\boxed{3}", ["\\boxed{3}"], {"a": 1}, True, np.array(["x"]), object()]


@pytest.mark.parametrize("action", BAD_ACTIONS, ids=repr)
def test_an_action_that_is_no_string_is_refused(action: Any) -> None:
    env = gem.make(EASY)
    env.reset(seed=3)
    with pytest.raises(InvalidActionError, match="must be a string"):
        env.step(action)
    assert env.turn_count == 0
    vector = gem.make_vec([EASY] * 2)
    vector.reset(seed=3)
    with pytest.raises(InvalidActionError, match="must be a string"):
        vector.step(["\\boxed{1}", action])
    with pytest.raises(InvalidActionError):
        vector.step({0: "\\boxed{1}", 1: action})
    assert [member.turn_count for member in vector.envs] == [0, 0]


def test_none_counts_as_an_empty_reply() -> None:
    env = gem.make(EASY)
    env.reset(seed=3)
    with_none = env.step(None)
    env.reset(seed=3)
    assert with_none == env.step("")
    vector = gem.make_vec([EASY] * 2)
    vector.reset()
    assert vector.step([None, ""])[1].tolist() == [-0.1, -0.1]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_vector_wants_exactly_one_action_for_each(count: int) -> None:
    vector = gem.make_vec([EASY] * 2)
    vector.reset(seed=3)
    with pytest.raises(ActionCountError, match=f"2 environments, got {count}"):
        vector.step(["\\boxed{1}"] * count)
    assert [member.turn_count for member in vector.envs] == [0, 0]


@pytest.mark.parametrize(
    "actions", ["ab", b"ab", 5, None, np.array(["a", "b"]), {"a", "b"}], ids=repr
)
def test_a_vector_wants_a_sequence_or_a_map(actions: Any) -> None:
    vector = gem.make_vec([EASY] * 2)
    vector.reset(seed=3)
    with pytest.raises(InvalidActionError, match="list of actions"):
        vector.step(actions)


@pytest.mark.parametrize("key", [2, -1, "0", 0.0, True, None], ids=repr)
def test_a_key_that_is_no_position_is_refused(key: Any) -> None:
    vector = gem.make_vec([EASY] * 2)
    vector.reset(seed=3)
    with pytest.raises(InvalidArgumentError, match="from 0 to 1"):
        vector.step({key: "\\boxed{1}"})


def test_a_step_needs_a_reset_first() -> None:
    with pytest.raises(ResetNeededError, match="reset"):
        gem.make(EASY).step("x")
    vector = gem.make_vec([EASY] * 2)
    with pytest.raises(ResetNeededError, match="reset"):
        vector.step(["x", "x"])


def test_an_unknown_keyword_of_reset_is_refused() -> None:
    with pytest.raises(TypeError, match="idx"):
        gem.make(EASY).reset(idx=3)  # type: ignore[call-arg]
    vector = gem.make_vec([EASY] * 2)
    with pytest.raises(TypeError, match="idx"):
        vector.reset(env1_kwargs={"idx": 3})
    with pytest.raises(UnknownOptionError, match="seeds"):
        vector.reset(seeds=3)
    with pytest.raises(InvalidArgumentError, match="from 0 to 1"):
        vector.reset(env2_kwargs={})
    with pytest.raises(InvalidArgumentError, match="env0_kwargs"):
        vector.reset(env0_kwargs=3)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"env_ids": []}, "at least one"),
        ({}, "id or a list of ids"),
        ({"env_ids": 3}, "id or a list of ids"),
        ({"env_ids": [EASY] * 2, "num_envs": 3}, "num_envs"),
        ({"env_ids": [EASY] * 2, "vec_kwargs": [{}]}, "vec_kwargs"),
        ({"env_ids": [EASY], "autoreset_mode": "Sometimes"}, "SameStep"),
        ({"env_ids": [EASY], "seed": -1}, "non-negative"),
        ({"env_ids": [EASY], "wrappers": [lambda env: None]}, "must give an environment"),
    ],
)
def test_arguments_of_make_vec_must_fit_together(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        gem.make_vec(**arguments)


def test_a_vector_that_cannot_be_made_names_the_environment_at_fault() -> None:
    with pytest.raises(InvalidOptionError) as caught:
        gem.make_vec([EASY] * 3, vec_kwargs=[{}, {}, {"max_turns": "many"}])
    assert caught.value.details["index"] == 2
