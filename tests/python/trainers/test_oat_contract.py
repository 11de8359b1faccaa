"""Oat's use of environments: actors in foreign threads, experience as JSON, evaluation, groups."""

from __future__ import annotations

import json
import pickle
from collections import deque
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
from support import run_script
from trainers.rollout import EASY, Actor, dataset_size, in_foreign_thread

HARD = "game:GuessTheNumber-v0-hard"
ROWS = [{"problem": f"What is {i}?", "answer": str(i)} for i in range(5)]


def _act(text: str) -> str:
    return f"\\boxed{{{len(text) % 10 + 1}}}"


@pytest.mark.parametrize("async_env", [False, True])
@pytest.mark.parametrize("wrappers", ["", "concat", "concat_chat,episode_tracking"])
def test_an_actor_is_made_in_one_foreign_thread_and_collects_in_others(
    wrappers: str, async_env: bool
) -> None:
    actor = Actor(EASY, wrappers, 4, async_env)
    in_foreign_thread(actor.init, 7)
    first = in_foreign_thread(actor.collect, 16, _act)
    second = in_foreign_thread(actor.collect, 16, _act)
    for episode in first + second:
        assert [step["done"] for step in episode] == [False] * (len(episode) - 1) + [True]
        assert all(type(step["obs"]) is str for step in episode)
    assert json.loads(json.dumps(first + second)) == first + second
    assert pickle.loads(pickle.dumps(first)) == first


def test_experience_can_be_written_as_json_as_it_comes() -> None:
    vector = gem.make_vec([EASY] * 3, get_wrapper_fns("concat,episode_tracking"))
    obs, infos = vector.reset(seed=1)
    _, rewards, terminated, truncated, step_infos = vector.step(["\\boxed{3}"] * 3)
    text = json.dumps([obs, infos, [rewards[0]], float(rewards.sum()), step_infos])
    assert type(json.loads(text)[2][0]) is float
    assert (type(rewards[0]), type(terminated[0])) == (np.float64, np.bool_)
    assert {int(flag) for flag in terminated | truncated} <= {0, 1}


@pytest.mark.parametrize(
    "env_id", [EASY, "game:Sokoban-v0-easy", "game:Game2048-v0-easy", "game:Minesweeper-v0-easy"]
)
def test_infos_are_made_of_builtins_and_can_be_pickled(env_id: str) -> None:
    def builtin(value: Any) -> bool:
        if isinstance(value, dict):
            return all(type(key) is str and builtin(item) for key, item in value.items())
        if isinstance(value, (list, tuple)):
            return all(map(builtin, value))
        return value is None or type(value) in (str, int, float, bool)

    vector = gem.make_vec([env_id] * 2, get_wrapper_fns("concat,episode_tracking"))
    infos = list(vector.reset(seed=1)[1])
    for _ in range(6):
        infos += vector.step([env.sample_random_action() for env in vector.envs])[4]
    assert all(map(builtin, infos))
    assert pickle.loads(pickle.dumps(infos)) == infos


def test_a_success_is_exactly_one() -> None:
    vector = gem.make_vec([EASY] * 2)
    vector.reset(seed=1)
    rewards = vector.step([f"\\boxed{{{env.game_number}}}" for env in vector.envs])[1]
    assert rewards.tolist() == [1, 1]


def test_a_failed_generation_resets_one_environment_and_writes_its_observation() -> None:
    vector = gem.make_vec([HARD] * 3, get_wrapper_fns("concat"))
    vector.reset(seed=1)
    next_obs = vector.step(["\\boxed{3}"] * 3)[0]
    next_obs[1] = vector.envs[1].reset()[0]
    assert [env.turn_count for env in vector.envs] == [1, 0, 1]
    assert type(next_obs) is list
    assert all(type(text) is str for text in next_obs)


def test_an_integer_beyond_64_bits_seeds_an_actor() -> None:
    actors = [Actor(EASY, "", 3, False) for _ in range(2)]
    for actor in actors:
        actor.init(9)
    assert actors[0].collect(20, _act) == actors[1].collect(20, _act)


def test_the_info_of_a_finished_episode_counts_its_tool_calls() -> None:
    script = """
import gem, json
from gem.wrappers.wrapper_factory import get_wrapper_fns
from trainers.rollout import TurnTokenizer
wrappers = get_wrapper_fns("python_tool_no_int_reward,concat_chat", tokenizer=TurnTokenizer())
vector = gem.make_vec(["game:GuessTheNumber-v0-easy"] * 2, wrappers=wrappers)
vector.reset(seed=1)
call = "```python\\nprint(1)\\n```"
vector.step([call, "\\\\boxed{0}"])
_, _, terminated, truncated, info = vector.step(["\\\\boxed{0}", call])
print((terminated | truncated).tolist(), info[0].get("prev_ep_tool_use_counter", -1),
      info[0].get("prev_ep_tool_success_counter", -1), info[1].get("prev_ep_tool_use_counter", -1))
"""
    assert run_script(script).stdout.strip() == "[True, False] 1 1 -1"


def test_the_size_of_a_dataset_is_found_behind_wrappers() -> None:
    math = gem.make_vec(
        ["math:GSM8K"] * 2,
        wrappers=get_wrapper_fns("concat,episode_tracking"),
        async_mode=True,
        dataset=ROWS,
    )
    assert dataset_size(math) == len(ROWS)
    assert dataset_size(gem.make_vec([EASY] * 2, get_wrapper_fns("concat"))) is None


def test_an_evaluation_asks_for_rows_by_number_and_steps_those_that_are_left() -> None:
    batch = 4
    vector = gem.make_vec(["math:GSM8K"] * batch, vec_kwargs=[{"seed": 0}] * batch, dataset=ROWS)
    shuffled = vector.envs[0].dataset["problem"]
    seen = []
    for start in range(0, len(ROWS), batch):
        n = min(batch, len(ROWS) - start)
        kwargs: dict[str, Any] = {f"env{j}_kwargs": {"idx": start + j} for j in range(n)}
        obs, infos = vector.reset(**kwargs)
        obs, infos = obs[:n], infos[:n]
        seen += obs
        answers = {i: f"\\boxed{{{obs[i].split()[2][:-1]}}}" for i in range(n)}
        next_obs, rewards, terminated, truncated, step_infos = vector.step(answers)
        assert len(next_obs) == len(step_infos) == n
        assert rewards.tolist() == [1.0] * n
        assert (terminated | truncated).all()
    assert seen == shuffled


def test_only_environments_over_datasets_take_a_row_by_number() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        gem.make_vec([EASY] * 2).reset(env0_kwargs={"idx": 3})


def test_the_steps_of_a_part_come_in_the_order_of_the_map() -> None:
    vector = gem.make_vec([EASY] * 4, get_wrapper_fns("concat_with_action"))
    vector.reset(seed=1)
    texts, rewards, _, _, infos = vector.step({3: "\\boxed{9}", 1: "\\boxed{8}"})
    assert ["\\boxed{9}" in texts[0], "\\boxed{8}" in texts[1]] == [True, True]
    assert (len(rewards), len(infos)) == (2, 2)


@pytest.mark.parametrize("wrappers", ["", "concat", "concat_chat,episode_tracking"])
def test_a_group_forks_an_environment_and_puts_the_copies_into_a_vector(wrappers: str) -> None:
    from trainers.rollout import TurnTokenizer

    vector = gem.make_vec([EASY] * 3, get_wrapper_fns(wrappers, tokenizer=TurnTokenizer()))
    vector.reset(seed=5)
    vector.step(["\\boxed{2}"] * 3)
    env = vector.envs[0]
    assert hasattr(env, "get_state")
    assert hasattr(env, "set_state")
    waiting: deque[Any] = deque()
    for i in range(1, 3):
        copy = deepcopy(env)
        assert copy != env
        if copy not in waiting:
            waiting.append(copy)
        vector.envs[i] = copy
    assert env not in waiting
    assert vector.envs[1] in waiting
    texts, rewards, terminated, truncated, _ = vector.step(["\\boxed{7}"] * 3)
    assert len(set(texts)) == 1
    assert len(set(rewards.tolist())) == 1
    assert len(set(zip(terminated.tolist(), truncated.tolist(), strict=True))) == 1


def test_a_state_moves_between_the_environments_of_a_group() -> None:
    vector = gem.make_vec([EASY] * 2, get_wrapper_fns("concat"))
    vector.reset(seed=5)
    vector.step(["\\boxed{2}", "\\boxed{3}"])
    vector.envs[1].set_state(vector.envs[0].get_state())
    texts = vector.step(["\\boxed{7}"] * 2)[0]
    assert texts[0] == texts[1]


def test_one_map_of_options_may_be_given_for_all_environments() -> None:
    options = {"seed": 7}
    vector = gem.make_vec([EASY] * 64, vec_kwargs=[options] * 64)
    assert len(set(vector.reset()[0])) == 1
    assert len({env.game_number for env in vector.envs}) == 1


def test_unknown_presets_are_key_errors_and_none_are_an_empty_list() -> None:
    assert get_wrapper_fns("", tokenizer=None) == []
    with pytest.raises(KeyError):
        get_wrapper_fns("concat, concat_chat", tokenizer=None)
