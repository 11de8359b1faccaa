"""What OpenRLHF, RL2, Tinker and Verl do with environments: big seeds, groups, event loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
from trainers.rollout import EASY

GUESS = "game:GuessTheNumber-v0"
ROWS = [{"problem": f"What is {i}?", "answer": str(i)} for i in range(5)]


def test_the_older_examples_number_game_has_twenty_numbers_and_ten_turns() -> None:
    env = gem.make(GUESS, seed=1_800_000_000_000_000_000)
    text, info = env.reset(11)
    assert (type(text), type(info)) == (str, dict)
    assert (env.max_turns, env.min_number, env.max_number) == (10, 1, 20)
    observation, reward, terminated, truncated, info = env.step("\\boxed{1}")
    assert (type(observation), type(reward)) == (str, float)
    assert (type(terminated), type(truncated)) == (bool, bool)


def test_a_torch_like_conversion_of_a_reward_sees_a_plain_number() -> None:
    env = gem.make(GUESS)
    env.reset(3)
    reward = env.step("\\boxed{0}")[1]
    assert np.asarray(reward).dtype == np.float64
    assert type(reward) is float


def test_a_dataset_of_any_size_is_made_lazily() -> None:
    env = gem.make(env_id="rg:letter_counting", size=10**9, seed=2**62 + 5)
    assert env.size == 10**9
    assert type(env.reset()[0]) is str
    assert env.step("\\boxed{0}")[2] is True


@pytest.mark.parametrize("env_id", [EASY, "game:Sokoban-v0-easy", "rg:leg_counting"])
def test_every_family_takes_what_one_script_passes_to_all(env_id: str) -> None:
    env = gem.make(env_id, seed=2**64 * 13, dataset=None, use_mp=False)
    assert not hasattr(env, "dataset")
    assert type(env.reset()[0]) is str


def test_a_dataset_of_one_environment_is_handed_to_a_group_of_others() -> None:
    parent = gem.make("math:GSM8K", seed=2**90 + 7, use_mp=False, dataset=ROWS)
    dataset = parent.dataset if hasattr(parent, "dataset") else None
    group = [
        gem.make("math:GSM8K", seed=2**90 + 7 + i, dataset=dataset, use_mp=False) for i in range(3)
    ]
    assert [env.seed for env in group] == [2**90 + 7, 2**90 + 8, 2**90 + 9]
    assert all(len(env.dataset) == 5 for env in group)
    wrapped = group[0]
    for wrapper in get_wrapper_fns("concat,episode_tracking"):
        wrapped = wrapper(wrapped)
    assert wrapped.reset()[0].startswith("What is")


@pytest.mark.parametrize("seed", [0, 2**63, 2**64 * 17 + 1, 2**200])
@pytest.mark.parametrize(
    ("env_id", "options"), [("math:GSM8K", {"dataset": ROWS}), ("rg:leg_counting", {})]
)
def test_a_seed_is_read_back_exactly_and_added_to(
    env_id: str, options: dict[str, Any], seed: int
) -> None:
    env = gem.make(env_id, seed=seed, **options)
    assert env.seed + 3 == seed + 3
    assert type(env.seed) is int
    assert env.spawn(seed=env.seed + 3).seed == seed + 3


@pytest.mark.parametrize(
    ("env_id", "options"),
    [("math:GSM8K", {"dataset": ROWS}), ("rg:leg_counting", {}), (EASY, {})],
)
def test_a_group_is_spawned_in_the_same_state(env_id: str, options: dict[str, Any]) -> None:
    env = gem.make(env_id, seed=3, **options)
    assert isinstance(env, gem.Env)
    assert hasattr(env, "get_state")
    env.reset()
    group = [env.spawn(same_state=True) for _ in range(2)]
    steps = [each.step("\\boxed{3}") for each in (env, *group)]
    assert steps[0] == steps[1] == steps[2]
    numbers = {k: v for k, v in steps[0][4].items() if isinstance(v, (int, float))}
    assert all(type(value) in (int, float, bool) for value in numbers.values())


def test_infos_are_spread_into_others() -> None:
    vector = gem.make_vec([EASY] * 3, get_wrapper_fns("episode_tracking"), async_mode=True)
    vector.reset()
    _, rewards, terminated, truncated, infos = vector.step(["\\boxed{0}"] * 3)
    merged = [{**infos[i], "idx": i} for i in range(3)]
    assert [entry["idx"] for entry in merged] == [0, 1, 2]
    assert all(bool(terminated[i] or truncated[i]) for i in range(3))
    assert [float(reward) for reward in rewards] == [-0.1] * 3


def test_a_configuration_of_plain_texts_and_numbers_makes_a_vector() -> None:
    config: dict[str, Any] = {"env_id": EASY, "num_env": 2, "wrappers": "concat", "async_env": True}
    seed = 1_800_000_000_123_456_789
    vector = gem.make_vec(
        [config["env_id"]] * config["num_env"],
        vec_kwargs=[{"seed": seed + j} for j in range(config["num_env"])],
        wrappers=get_wrapper_fns(config["wrappers"], tokenizer=None),
        async_mode=config["async_env"],
    )
    obs, _ = vector.reset()
    obs = vector.step(["\\boxed{0}"] * 2)[0]
    obs[1] = vector.envs[1].reset()[0]
    assert [type(text) for text in obs] == [str, str]
