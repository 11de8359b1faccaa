"""What upstream's own examples and tests do: registering, setting, reading through layers."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import Any

import pytest

import gem
from gem.envs.game_env.fifteen_puzzle import FifteenPuzzleEnv
from gem.envs.game_env.wikigame import WikiGameEnv
from gem.envs.game_env.wikigame.rewards import WikiGameReward
from gem.envs.math_env import MathEnv
from gem.vector.vector_env import VectorEnv
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY, get_wrapper_fns
from sample_envs import CountingEnv, NarrowEnv
from support import REPOSITORY
from trainers.rollout import EASY, registered

ROWS = [{"problem": f"What is {i}?", "answer": str(i)} for i in range(5)]


def test_a_class_of_the_package_is_registered_by_its_name_with_columns() -> None:
    entry_point = "gem.envs.math_env:MathEnv"
    keys = {"dataset_name": "somewhere/nothing", "question_key": "q", "answer_key": "a"}
    with registered("math:OfContract", entry_point, **keys) as env_id:
        rows = [{"q": "1 + 1", "a": "2"}]
        env = gem.make(env_id, dataset=rows, use_mp=False)
        assert isinstance(env, MathEnv)
        assert env.entry_point == entry_point
        assert env.reset()[0] == "1 + 1"
        assert env.step("\\boxed{2}")[1] == 1.0


def test_a_class_of_a_script_is_registered_by_its_modules_name() -> None:
    with registered("game:OfContract", "sample_envs:CountingEnv", length=2) as env_id:
        env = gem.make(env_id)
        assert type(env) is CountingEnv
        assert env.env_id == env_id
        env.reset()
        observation, reward, _, _, _ = env.step("go")
        assert (observation, reward, type(reward)) == ("saw go", 1, int)
        vector = gem.make_vec([env_id] * 2, get_wrapper_fns("concat"), async_mode=True)
        vector.reset()
        assert vector.step(["a", "b"])[1].tolist() == [1.0, 1.0]


def test_a_constructor_without_a_seed_can_be_put_into_a_vector() -> None:
    with registered("game:Narrow", NarrowEnv) as env_id:
        assert gem.make_vec([env_id] * 2).reset()[0] == ["narrow"] * 2


def test_layers_are_read_through_as_upstreams_tests_do() -> None:
    wrapped: Any = MathEnv(dataset=ROWS)
    for wrapper in get_wrapper_fns("concat,episode_tracking"):
        wrapped = wrapper(wrapped)
    wrapped.reset()
    assert wrapped.env.env.answer == wrapped.unwrapped.answer
    assert wrapped.env.env.epoch == wrapped.unwrapped.epoch == 0
    vector = gem.make_vec([EASY] * 2, get_wrapper_fns("concat"))
    vector.reset()
    assert "boxed" in vector.envs[0].sample_random_action()
    assert "boxed" in vector.envs[1].env.sample_random_action()


def test_a_vector_of_mixed_ids_takes_bound_wrappers_and_common_options() -> None:
    wrapper = partial(WRAPPER_FACTORY["concat_with_action"], max_history_length=2)
    ids = [EASY, "game:Sokoban-v0-easy", "game:Wordle-v0"]
    vector = gem.make_vec(ids, wrappers=[wrapper], max_turns=3, async_mode=True)
    vector.reset()
    assert isinstance(vector, VectorEnv)
    assert [env.max_turns for env in vector.envs] == [3, 3, 3]
    assert len(vector.step(["\\boxed{1}"] * 3)[0]) == 3


def test_a_wrapper_of_a_script_copies_with_its_own_attributes() -> None:
    class Counting(gem.core.EnvWrapper):
        def __init__(self, env: gem.Env) -> None:
            super().__init__(env)
            self.seen: list[str] = []

        def step(self, action: Any) -> Any:
            self.seen.append(action)
            return self.env.step(action)

    env = Counting(gem.make(EASY))
    env.reset(seed=1)
    env.step("\\boxed{1}")
    copy = deepcopy(env)
    copy.step("\\boxed{2}")
    assert (env.seen, copy.seen) == (["\\boxed{1}"], ["\\boxed{1}", "\\boxed{2}"])
    assert env.turn_count == 1


def test_an_answer_that_upstreams_tests_set_is_judged() -> None:
    math = MathEnv(dataset=ROWS)
    math.reset()
    math.answer = "77"
    assert math.step("\\boxed{77}")[1] == 1.0


def test_upstreams_test_of_the_fifteen_puzzle_finds_what_it_calls() -> None:
    env: Any = FifteenPuzzleEnv(num_rows=4, max_turns=50)
    env.reset()
    board = [[1, 2, 3, 4], [5, 6, 7, 8], [9, None, 11, 12], [13, 10, 14, 15]]
    for direction, (down, right) in {"up": (1, 0), "left": (0, 1), "right": (0, -1)}.items():
        env.board = deepcopy(board)
        env.blank_pos = (2, 1)
        env.turn_count = 3
        assert env._move(direction) is True
        assert env._get_empty_position() == (2 + down, 1 + right)
        assert env.turn_count == 3
    goal = env._generate_goal_board()
    assert env._is_solved() is False
    env.board = goal
    assert (env._is_solved(), env._move("up")) == (True, False)
    assert env._is_solvable(board) is True
    assert env._is_solvable([*goal[:3], [13, 15, 14, None]]) is False


def test_upstreams_test_of_the_wiki_game_finds_what_it_calls() -> None:
    pages = str(REPOSITORY / "tests" / "fixtures" / "wiki")
    env: Any = WikiGameEnv(backend="folder", trawler_kwargs={"path": pages}, variant="oneback")
    env.reset(seed=1)
    start, link = env.current_page.title, env.current_page.links[0]
    target = next(link for link in env.current_page.links[1:] if link != start)
    env._reset_fixed_page(start, target)
    assert (env.current_page.title, env.target_page.title) == (start, target)
    env.step(f"\\boxed{{{link}}}")
    assert (env.current_page.title, env.backtracked) == (link, False)
    assert [page.title for page in env.page_history] == [start, link]
    assert WikiGameReward.invalid_action_reward == -0.2
    with pytest.raises(AttributeError, match="title"):
        _ = env.current_page.nothing
