"""Upstream's way of trying its games with random actions, call for call."""

from __future__ import annotations

import numpy as np
import pytest

import gem
from gem.utils.debug import run_and_print_episode, run_and_print_episode_with_random_selection
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY, get_wrapper_fns

IDS = ["game:GuessTheNumber-v0", "game:Game2048-v0-random", "game:Sokoban-v0-easy"]


def test_a_single_environment_plays_an_episode(capsys: pytest.CaptureFixture[str]) -> None:
    env = gem.make(IDS[0], max_turns=3)
    run_and_print_episode(env, lambda _: env.sample_random_action())
    assert capsys.readouterr().out


@pytest.mark.parametrize("async_mode", [True, False])
def test_a_vector_of_three_games_plays_episodes(
    async_mode: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    ta_vec_env = gem.make_vec(
        IDS, wrappers=[WRAPPER_FACTORY["concat"]], max_turns=3, async_mode=async_mode
    )
    run_and_print_episode(
        ta_vec_env,
        policy=lambda _: [
            ta_vec_env.envs[i].env.sample_random_action() for i in range(ta_vec_env.num_envs)
        ],
        max_steps=8,
        ignore_done=True,
    )
    assert capsys.readouterr().out


def test_a_random_part_of_a_vector_plays(capsys: pytest.CaptureFixture[str]) -> None:
    vec = gem.make_vec(IDS, wrappers=[WRAPPER_FACTORY["concat"]], max_turns=3, async_mode=True)
    run_and_print_episode_with_random_selection(
        vec,
        policy=lambda _: [vec.envs[i].env.sample_random_action() for i in range(vec.num_envs)],
        max_steps=5,
    )
    assert capsys.readouterr().out


def test_a_trainer_collects_episodes() -> None:
    """The trainers' loop: wrappers by name, big seeds, combined flags, prev_ep keys."""
    vec = gem.make_vec(
        [IDS[0]] * 4,
        vec_kwargs=[{"seed": 233 + 2**60 * i} for i in range(4)],
        wrappers=get_wrapper_fns("concat,episode_tracking"),
        async_mode=True,
    )
    obs, _ = vec.reset()
    lengths = []
    for _ in range(30):
        next_obs, reward, terminated, truncated, info = vec.step(
            [vec.envs[i].unwrapped.sample_random_action() for i in range(vec.num_envs)]
        )
        done = terminated | truncated
        assert reward.dtype == np.float64
        assert done.dtype == np.bool_
        for i in range(vec.num_envs):
            assert isinstance(next_obs[i], str)
            if done[i]:
                lengths.append(info[i]["prev_ep_step_counter"])
                next_obs[i] = vec.envs[i].reset()[0]
        obs = next_obs
    assert len(obs) == 4
    assert lengths
    assert all(1 <= length <= 10 for length in lengths)
