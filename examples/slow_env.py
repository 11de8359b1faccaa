"""An environment that takes its time, as one does that runs programs or asks services."""

from __future__ import annotations

import random
import time
from typing import Any

import gem

MOST_TURNS = 6


class SlowSumEnv(gem.Env):
    """Asks for a sum; most steps are quick, some take long."""

    def __init__(self, quick: float = 0.002, slow: float = 0.12, share: float = 0.2) -> None:
        """Takes `quick` seconds a step, and `slow` ones with a probability of `share`."""
        self.quick, self.slow, self.share = quick, slow, share
        self.random = random.Random(0)

    def reset(self, seed: int | None = None, **_: Any) -> tuple[str, dict[str, Any]]:
        """Draws two numbers."""
        if seed is not None:
            self.random.seed(seed)
        self.numbers = self.random.randint(1, 99), self.random.randint(1, 99)
        self.turn = 0
        return self._question(), {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Judges an answer, after a while."""
        time.sleep(self.slow if self.random.random() < self.share else self.quick)
        self.turn += 1
        is_right = action.strip() == str(sum(self.numbers))
        return self._question(), float(is_right), is_right, self.turn >= MOST_TURNS, {}

    def _question(self) -> str:
        return f"What is {self.numbers[0]} + {self.numbers[1]}?"
