"""Seeding helpers, constants, and the episode printers."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import numpy as np
import pytest

import gem
from gem.errors import InvalidSeedError
from gem.utils import debug, seeding
from gem.utils.constants import TERMINAL_STATE, LanguageGameReward

EASY = "game:GuessTheNumber-v0-easy"


def test_the_constants_are_upstreams() -> None:
    assert TERMINAL_STATE == "<｜TERMINAL_STATE｜>"  # noqa: RUF001 (the fullwidth bars are meant)
    assert len(TERMINAL_STATE) == 18
    rewards = LanguageGameReward
    assert (rewards.success_reward, rewards.format_error_reward) == (1.0, -0.1)
    assert (
        rewards.internal_step_reward == rewards.fail_reward == rewards.invalid_action_reward == 0.0
    )


@pytest.mark.parametrize("seed", [0, 42, 2**32, 2**70 + 5])
def test_set_seed_seeds_both_global_generators(seed: int) -> None:
    seeding.set_seed(seed)
    assert random.random() == random.Random(seed).random()
    assert np.random.random() == np.random.RandomState(seed % 2**32).random()


def test_a_refused_seed_touches_neither() -> None:
    seeding.set_seed(1)
    state, numpy_state = random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index]
    with pytest.raises(InvalidSeedError):
        seeding.set_seed(-1)
    assert random.getstate() == state
    assert np.random.get_state()[1].tolist() == numpy_state  # type: ignore[index]
    seeding.set_seed()
    assert random.getstate() != state


def test_np_random_makes_a_generator_of_its_own() -> None:
    generator, entropy = seeding.np_random(2**70)
    assert entropy == 2**70
    assert generator.random() == np.random.default_rng(2**70).random()
    assert seeding.np_random()[1] > 0
    with pytest.raises(InvalidSeedError):
        seeding.np_random(1.5)  # type: ignore[arg-type]


def test_an_episode_is_printed_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    env = gem.make(EASY)
    debug.run_and_print_episode(env, lambda _: "\\boxed{0}")
    text = capsys.readouterr().out
    assert text.count("Step ") == 1
    assert "'\\\\boxed{0}'" in text
    assert "terminated: True truncated: False" in text


def test_a_printed_episode_ends_when_all_have_ended_or_at_the_last_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    vector = gem.make_vec([EASY] * 2)
    debug.run_and_print_episode(vector, lambda texts: ["\\boxed{0}"] * len(texts))
    assert capsys.readouterr().out.count("Step ") == 1
    debug.run_and_print_episode(vector, lambda texts: [None] * 2, ignore_done=True, max_steps=3)
    assert capsys.readouterr().out.count("Step ") == 3


def test_a_random_part_of_a_vector_is_stepped(capsys: pytest.CaptureFixture[str]) -> None:
    np.random.seed(1)
    vector = gem.make_vec([EASY] * 3)
    seen: list[int] = []

    def policy(texts: list[str]) -> list[str]:
        seen.append(len(texts))
        return ["\\boxed{3}"] * len(texts)

    debug.run_and_print_episode_with_random_selection(vector, policy, ignore_done=True, max_steps=9)
    assert len(seen) == 9
    assert set(seen) <= {1, 2, 3}
    assert len(set(seen)) > 1
    assert capsys.readouterr().out.count("next_observation") == 9


def test_an_episode_may_be_awaited(capsys: pytest.CaptureFixture[str]) -> None:
    class Awaitable:
        def __init__(self) -> None:
            self.env = gem.make(EASY)

        async def reset(self) -> Any:
            return self.env.reset()

        async def step(self, action: str) -> Any:
            return self.env.step(action)

    async def policy(_: str) -> str:
        return "\\boxed{0}"

    asyncio.run(debug.run_and_print_episode_async(Awaitable(), policy))
    asyncio.run(debug.run_and_print_episode_async(gem.make(EASY), lambda _: "\\boxed{0}"))
    assert capsys.readouterr().out.count("Step 1") == 2
