"""Environments, wrappers and tokenizers in Python for the tests; importable, to be pickled."""

from __future__ import annotations

import copy
import threading
from typing import Any

import numpy as np

from gem.core import Env, EnvWrapper
from gem.envs.game_env.guess_the_number import GuessTheNumberEnv


class Marker:
    """An object that nothing but its identity tells apart."""


class CountingEnv(Env):
    """Counts its steps and ends after `length` of them."""

    def __init__(self, length: int = 3, **_: Any) -> None:
        self.length = length
        self.count = 0
        self.marker = Marker()
        self.closed = 0

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        self.count = 0
        self.seed = seed
        self.options = kwargs
        return "start", {"suffix": "?", "marker": self.marker, "half": 0.5, "two": 2.0}

    def step(self, action: Any) -> tuple[str, Any, Any, Any, dict[str, Any]]:
        self.count += 1
        done = self.count >= self.length
        info = {"action": action, "count": self.count, "nested": {"a": [1, 2.0]}}
        return f"saw {action}", 1, np.bool_(done), False, info

    def sample_random_action(self) -> str:
        return "any"

    def close(self) -> None:
        self.closed += 1


class StatefulEnv(CountingEnv):
    """A counting environment with a state of its own choice."""

    def get_state(self) -> dict[str, Any]:
        return {"count": self.count, "weight": 2.0}

    def set_state(self, state: dict[str, Any]) -> None:
        assert isinstance(state["weight"], float)
        self.count = state["count"]


class BadNews(Exception):
    """What `FailingEnv` raises."""


class FailingEnv(CountingEnv):
    """Raises at the action "fail"."""

    def step(self, action: Any) -> tuple[str, Any, Any, Any, dict[str, Any]]:
        if action == "fail":
            raise BadNews(self.marker)
        return super().step(action)


class MisshapenEnv(CountingEnv):
    """Gives four values where five belong."""

    def step(self, action: Any) -> Any:
        return super().step(action)[:4]


class NarrowEnv(Env):
    """Takes no keyword arguments at all."""

    def __init__(self) -> None:
        self.seeds: list[int | None] = []

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed)
        self.seeds.append(seed)
        return "narrow", {}

    def step(self, action: Any) -> tuple[str, float, bool, bool, dict[str, Any]]:
        return "narrow", 0.25, False, False, {}


class MeetingEnv(CountingEnv):
    """Steps only when as many as the barrier wants step at the same time."""

    barrier: threading.Barrier

    def step(self, action: Any) -> tuple[str, Any, Any, Any, dict[str, Any]]:
        self.barrier.wait(timeout=60)
        return super().step(action)


class ShoutingGuess(GuessTheNumberEnv):
    """A built-in game whose steps are changed in Python."""

    steps = 0

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.steps += 1
        observation, reward, terminated, truncated, info = super().step(action)
        return observation.upper(), reward, terminated, truncated, {**info, "steps": self.steps}


class LoudWrapper(EnvWrapper):
    """A wrapper in Python that marks observations and counts."""

    def __init__(self, env: Env, mark: str = "!") -> None:
        super().__init__(env)
        self.mark = mark
        self.calls = 0

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        self.calls += 1
        observation, *rest = self.env.step(action)
        return (observation + self.mark, *rest)


class ChatTokenizer:
    """Has a chat template that shows roles and contents; must never be copied."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def apply_chat_template(
        self, messages: Any, tokenize: bool = True, add_generation_prompt: bool = False
    ) -> str:
        assert tokenize is False
        self.calls.append(copy.deepcopy(messages))
        text = "".join(f"<{message['role']}>{message['content']}</>" for message in messages)
        return text + ("<gen>" if add_generation_prompt else "")

    def __deepcopy__(self, memo: dict[int, Any]) -> ChatTokenizer:
        raise AssertionError("a tokenizer is shared, never copied")
