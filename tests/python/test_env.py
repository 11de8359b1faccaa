"""The proxy of one environment: it behaves like the object it stands for."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import gem
from gem.envs.game_env.game_2048 import Game2048Env
from gem.envs.game_env.guess_the_number import GuessTheNumberEnv
from gem.envs.game_env.sokoban import SokobanEnv
from gem.errors import ClosedError, InvalidAttributeError, UnknownAttributeError

EASY = "game:GuessTheNumber-v0-easy"


@pytest.fixture
def env() -> GuessTheNumberEnv:
    made = gem.make(EASY)
    assert isinstance(made, GuessTheNumberEnv)
    made.reset(seed=42)
    return made


@pytest.mark.parametrize(
    ("env_id", "cls"),
    [
        ("game:GuessTheNumber-v0", GuessTheNumberEnv),
        (EASY, GuessTheNumberEnv),
        ("game:Game2048-v0-easy", Game2048Env),
        ("game:Sokoban-v0-easy", SokobanEnv),
    ],
)
def test_make_gives_an_instance_of_upstreams_class(env_id: str, cls: type[gem.Env]) -> None:
    env = gem.make(env_id)
    assert type(env) is cls
    assert isinstance(env, gem.Env)
    assert env.env_id == env_id
    assert (
        env.entry_point == f"{cls.__module__.removesuffix('.sokoban.sokoban')}:{cls.__name__}"
        or (env.entry_point == "gem.envs.game_env.sokoban:SokobanEnv")
    )


def test_an_episode_has_upstreams_types(env: GuessTheNumberEnv) -> None:
    observation, info = env.reset(seed=42)
    assert type(observation) is str
    assert type(info) is dict
    observation, reward, terminated, truncated, info = env.step(f"\\boxed{{{env.game_number}}}")
    assert type(observation) is str
    assert (type(reward), reward) == (float, 1.0)
    assert (type(terminated), terminated, type(truncated)) == (bool, True, bool)
    info["mine"] = 1
    assert "mine" not in env.reset()[1]


def test_the_seed_decides_and_nothing_global_is_touched() -> None:
    first, second = gem.make(EASY), gem.make(EASY)
    random.seed(5)
    np.random.seed(5)
    expected = random.Random(5).random()
    numbers = []
    for env in (first, second, first):
        env.reset(seed=2**70 + 3)
        numbers.append(env.game_number)
        env.step("\\boxed{1}")
    assert len(set(numbers)) == 1
    assert random.random() == expected
    assert np.random.random() == np.random.RandomState(5).random()


@pytest.mark.parametrize("seed", [0, np.int64(7), np.uint8(7), 2**32, 2**64 + 1, 2**200])
def test_any_non_negative_integer_is_a_seed(env: GuessTheNumberEnv, seed: Any) -> None:
    env.reset(seed=seed)
    number = env.game_number
    env.reset(int(seed))
    assert env.game_number == number


def test_attributes_are_read_live_in_upstreams_types(env: GuessTheNumberEnv) -> None:
    assert env.turn_count == 0
    env.step("\\boxed{3}")
    env.step("\\boxed{9}")
    assert env.turn_count == 2
    assert env.previous_guesses == {3, 9}
    room = gem.make("game:Sokoban-v0-easy")
    room.reset(seed=1)
    assert room.room_state.dtype == np.int64
    assert room.room_state.shape == (6, 6)
    assert type(room.dim_room) is tuple


def test_attributes_are_written_through(env: GuessTheNumberEnv) -> None:
    env.game_number = 8
    env.turn_count = 1
    env.previous_guesses = {1, 2}
    assert (env.game_number, env.turn_count, env.previous_guesses) == (8, 1, {1, 2})
    assert env.step("\\boxed{8}")[1] == 1.0
    game = gem.make("game:Game2048-v0-easy")
    game.reset(seed=1)
    board = [[2, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    game.board = board
    assert game.board == board
    room = gem.make("game:Sokoban-v0-easy")
    room.reset(seed=1)
    room.room_state = room.room_state.copy()


def test_a_value_of_another_type_is_refused_and_changes_nothing(env: GuessTheNumberEnv) -> None:
    before = env.game_number
    with pytest.raises(InvalidAttributeError, match="game_number"):
        env.game_number = "eight"
    assert env.game_number == before


def test_an_unknown_attribute_stays_in_python(env: GuessTheNumberEnv) -> None:
    env.note = ["mine"]
    assert env.note is env.note
    del env.note
    assert not hasattr(env, "note")


def test_an_unknown_attribute_raises_at_once_and_suggests(env: GuessTheNumberEnv) -> None:
    assert not hasattr(env, "dataset")
    assert not hasattr(env, "env")
    with pytest.raises(UnknownAttributeError, match="Did you mean 'turn_count'"):
        _ = env.turn_cuont
    with pytest.raises(AttributeError):
        _ = env.__array__


def test_dir_lists_exactly_what_can_be_read(env: GuessTheNumberEnv) -> None:
    names = dir(env)
    assert {"turn_count", "game_number", "get_task_suffix", "step", "env_id"} <= set(names)
    assert "dataset" not in names
    for name in names:
        getattr(env, name)


def test_further_methods_are_calls(env: GuessTheNumberEnv) -> None:
    assert isinstance(env.get_task_suffix(), str)
    action = env.sample_random_action()
    assert type(action) is str
    assert "boxed" in action


def test_it_is_its_own_innermost_environment(env: GuessTheNumberEnv) -> None:
    assert env.unwrapped is env


def test_a_class_is_made_with_upstreams_defaults() -> None:
    env = GuessTheNumberEnv()
    env.reset(seed=1)
    assert (env.min_number, env.max_number, env.max_turns) == (1, 20, 20)
    assert not hasattr(env, "env_id")
    env = GuessTheNumberEnv(3, 4, max_turns=5, seed=7)
    env.reset()
    assert (env.min_number, env.max_number, env.max_turns) == (3, 4, 5)
    game = Game2048Env()
    game.reset(seed=1)
    assert (game.target_tile, game.max_turns, game.board_size) == (2048, 1000, 4)
    room = SokobanEnv(dim_room=(6, 7), num_boxes=2)
    room.reset(seed=1)
    assert (room.dim_room, room.num_boxes, room.max_turns) == ((6, 7), 2, 100)


def test_options_and_prompts_reach_the_environment() -> None:
    env = gem.make(env_id=EASY, max_turns=9, prompts={"suffix": "Well?"}, seed=3)
    assert env.reset()[1]["suffix"] == "Well?"
    assert env.max_turns == 9


def test_the_making_seed_decides_the_first_episode() -> None:
    numbers = []
    for _ in range(2):
        env = gem.make("game:GuessTheNumber-v0-hard", seed=np.int64(11))
        env.reset()
        numbers.append(env.game_number)
    assert numbers[0] == numbers[1]


def test_options_of_other_environments_that_trainers_pass_are_ignored() -> None:
    gem.make(EASY, dataset=object(), use_mp=False, verbose=True, size=10**9).reset()


def test_closing_twice_is_fine_and_later_calls_are_refused(env: GuessTheNumberEnv) -> None:
    other = gem.make(EASY)
    env.close()
    env.close()
    for call in (lambda: env.step("x"), env.reset, env.get_state):
        with pytest.raises(ClosedError, match="closed"):
            call()
    other.reset()
    with other as same:
        assert same is other
    with pytest.raises(ClosedError):
        other.step("x")


def test_two_environments_are_equal_only_when_they_are_the_same(env: GuessTheNumberEnv) -> None:
    assert env == env
    assert env not in [gem.make(EASY)]
    assert len({env, gem.make(EASY)}) == 2


def test_its_text_form_names_class_and_id(env: GuessTheNumberEnv) -> None:
    assert repr(env) == f"<GuessTheNumberEnv {EASY}>"


def test_lone_surrogates_in_a_reply_are_replaced_not_refused(env: GuessTheNumberEnv) -> None:
    assert type(env.step("\ud800\\boxed{3}")[0]) is str
    assert env.previous_guesses == {3}
