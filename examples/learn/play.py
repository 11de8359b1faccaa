"""The game's side: vectors of it, policies that play them, and what these earn."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import gem
from gem.vector.vector_env import VectorEnv
from gem.wrappers.wrapper_factory import get_wrapper_fns

ENV_ID = "game:GuessTheNumber-v0-easy"
LOWEST, HIGHEST = 1, 10
EVALUATION_SEED = 1_000_000

Policy = Callable[[list[str]], list[str]]
"""Observations to actions."""


@dataclass(frozen=True)
class Score:
    """What a policy earned: means over episodes."""

    mean_return: float
    standard_error: float
    success: float
    length: float


def make_vec(num_envs: int) -> VectorEnv:
    """The game as often as asked for; each observation tells the whole episode so far."""
    return gem.make_vec([ENV_ID] * num_envs, wrappers=get_wrapper_fns("concat"), async_mode=False)


def evaluate(policy: Policy, episodes: int = 1_024) -> Score:
    """Plays the first episode of each environment of a vector, the same ones for every policy."""
    vec = make_vec(episodes)
    observations, _ = vec.reset(seed=EVALUATION_SEED)
    playing = list(range(episodes))
    returns, last, lengths = np.zeros(episodes), np.zeros(episodes), np.zeros(episodes)
    while playing:
        actions = policy([observations[index] for index in playing])
        after, rewards, terminated, truncated, _ = vec.step(
            dict(zip(playing, actions, strict=True))
        )
        for index, observation, reward in zip(playing, after, rewards, strict=True):
            observations[index] = observation
            returns[index] += reward
            last[index] = reward
            lengths[index] += 1
        done = terminated | truncated
        playing = [index for index, ended in zip(playing, done, strict=True) if not ended]
    vec.close()
    return Score(
        mean_return=float(returns.mean()),
        standard_error=float(returns.std(ddof=1) / episodes**0.5),
        success=float((last == 1.0).mean()),
        length=float(lengths.mean()),
    )


def bounds(observation: str) -> tuple[int, int]:
    """The numbers that an episode's hints leave open: the lowest and the highest."""
    low, high = LOWEST, HIGHEST
    for side, number in re.findall(r"is (higher|lower) than (\d+)", observation):
        if side == "higher":
            low = max(low, int(number) + 1)
        else:
            high = min(high, int(number) - 1)
    return low, high


def reference_policies(seed: int = 0) -> dict[str, Policy]:
    """Players that need no learning, by name, from the worst to the best."""
    rng = random.Random(seed)
    return {
        "malformed": lambda texts: ["I would rather not say."] * len(texts),
        "uniform": lambda texts: [_boxed(rng.randint(LOWEST, HIGHEST)) for _ in texts],
        "uniform in the feasible range": lambda texts: [
            _boxed(rng.randint(*bounds(text))) for text in texts
        ],
        "binary search": lambda texts: [_boxed(sum(bounds(text)) // 2) for text in texts],
    }


def random_texts(seed: int, num_envs: int = 64, steps: int = 16) -> list[str]:
    """Observations of random play: what the vocabulary is made from, and the warm-up's prompts.

    Some guesses lie outside the range, so that their hint is seen as well.
    """
    vec = make_vec(num_envs)
    rng = random.Random(seed)
    observations, _ = vec.reset(seed=2 * EVALUATION_SEED + seed)
    seen = list(observations)
    for _ in range(steps):
        actions = [_boxed(rng.randint(LOWEST - 1, HIGHEST + 1)) for _ in observations]
        observations = vec.step(actions)[0]
        seen.extend(observations)
    vec.close()
    return seen


def _boxed(number: int) -> str:
    return rf"\boxed{{{number}}}"
