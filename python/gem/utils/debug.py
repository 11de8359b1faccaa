"""Playing an episode and printing everything that happens."""

from __future__ import annotations

import asyncio
import pprint
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Policy = Callable[[Any], Any]
"""Observation(s) to action(s)."""

_LINE = "=" * 30


def ppprint(x: object) -> None:
    """Prints a value; a list entry by entry, with the entries counted."""
    if not isinstance(x, (list, tuple)):
        _print(pprint.pformat(x))
        return
    for number, item in enumerate(x, start=1):
        _print(f"----- {number}/{len(x)}:")
        _print(f"{pprint.pformat(item)}\n")


def run_and_print_episode(
    env: Any, policy: Policy, ignore_done: bool = False, max_steps: int = 10**9
) -> None:
    """Plays one episode of an environment or a vector and prints every step.

    Args:
        env: what to play.
        policy: gives the action for an observation; for a vector the actions for the observations.
        ignore_done: whether to go on after the end of the episode.
        max_steps: when to stop at the latest.
    """
    start = time.perf_counter()
    observation, _ = env.reset()
    for step in range(1, int(max_steps) + 1):
        action = policy(observation)
        after, reward, terminated, truncated, _ = env.step(action)
        _print_step(step, {"observation": observation, "action": action, "reward": reward})
        observation = after
        if _print_flags(terminated, truncated) and not ignore_done:
            break
    _print_time(start)


async def run_and_print_episode_async(
    env: Any, policy: Policy, ignore_done: bool = False, max_steps: int = 10**9
) -> None:
    """Plays and prints like `run_and_print_episode`; `env` and `policy` may give awaitables."""
    start = time.perf_counter()
    observation, _ = await _settle(env.reset())
    for step in range(1, int(max_steps) + 1):
        action = await _settle(policy(observation))
        after, reward, terminated, truncated, _ = await _settle(env.step(action))
        _print_step(step, {"observation": observation, "action": action, "reward": reward})
        observation = after
        if _print_flags(terminated, truncated) and not ignore_done:
            break
    _print_time(start)


def run_and_print_episode_with_selective_step(
    env: Any, policy: Policy, ignore_done: bool = False, max_steps: int = 10**9
) -> None:
    """Plays a vector, stepping a random non-empty part of it each time, and prints every step.

    NumPy's global generator chooses the part.

    Args:
        env: a vector.
        policy: gives the actions for the observations of the environments that step.
        ignore_done: whether to go on when all that stepped have ended.
        max_steps: when to stop at the latest.
    """
    start = time.perf_counter()
    observations = dict(enumerate(env.reset()[0]))
    for step in range(1, int(max_steps) + 1):
        chosen = _choose(len(observations))
        policy_actions = policy([observations[index] for index in chosen])
        # A policy may give more actions than environments step; upstream drops the rest.
        actions = dict(zip(chosen, policy_actions, strict=False))
        after, reward, terminated, truncated, _ = env.step(actions)
        observations.update(zip(chosen, after, strict=True))
        _print_step(step, {"action": actions, "next_observation": list(after), "reward": reward})
        if _print_flags(terminated, truncated) and not ignore_done:
            break
    _print_time(start)


run_and_print_episode_with_random_selection = run_and_print_episode_with_selective_step


def _choose(count: int) -> Sequence[int]:
    import numpy as np

    while True:
        chosen = [index for index in range(count) if np.random.rand() > 0.5]
        if chosen:
            return chosen


async def _settle(value: Any) -> Any:
    return await value if asyncio.iscoroutine(value) or isinstance(value, asyncio.Future) else value


def _print_step(step: int, parts: Mapping[str, object]) -> None:
    _print(f"{_LINE}\nStep {step}")
    for name, part in parts.items():
        _print(f"---------- {name} ----------")
        ppprint(part)


def _print_flags(terminated: Any, truncated: Any) -> bool:
    """Prints both flags; whether everything has ended."""
    _print(f"terminated: {terminated} truncated: {truncated}\n{_LINE}")
    done = terminated | truncated
    return bool(done.all()) if hasattr(done, "all") else bool(done)


def _print_time(start: float) -> None:
    _print(f"---- {time.perf_counter() - start:.2f} seconds")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
