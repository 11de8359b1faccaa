"""Environments that tests register with `host=True`: a host process imports this module."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from typing import Any

from gem.core import Env


class DiceEnv(Env):
    """Rolls dice from the global generator; misbehaves when an action says so."""

    def __init__(self, sides: int = 6) -> None:
        """Rolls dice of so many sides."""
        self.sides = sides
        self.rolls: list[int] = []

    def reset(self, seed: int | None = None, bonus: int = 0) -> tuple[str, dict[str, Any]]:
        """Starts with one roll, plus a bonus."""
        super().reset(seed)
        self.rolls = [random.randint(1, self.sides) + bonus]
        return f"rolled {self.rolls}", {}

    def step(self, action: str) -> Any:
        """Rolls again, or does what the action says."""
        if action == "raise":
            message = "the dice fell off the table"
            raise RuntimeError(message)
        if action == "sleep":
            time.sleep(3600)
        if action == "exit":
            os._exit(7)
        if action == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if action == "print":
            for _ in range(1024):
                sys.stdout.write("x" * 1_000_000 + "\n")
        if action == "wrong":
            return "no tuple of five", 1.0
        self.rolls.append(random.randint(1, self.sides))
        return f"rolled {self.rolls}", 0.5, len(self.rolls) > 20, False, {}

    @property
    def pid(self) -> int:
        """The process that it runs in."""
        return os.getpid()

    def total(self, offset: int = 0) -> int:
        """Adds everything up."""
        return sum(self.rolls) + offset


class TossEnv(DiceEnv):
    """Rolls dice that no seed reaches."""

    def step(self, action: str) -> Any:
        """Adds a number that is another one each time it is played."""
        result = super().step(action)
        return (f"{result[0]} at {time.monotonic_ns()}", *result[1:])


class NotThereError(Exception):
    """Raised where an environment cannot be made."""


class BrokenEnv(DiceEnv):
    """Cannot be made."""

    def __init__(self) -> None:
        """Fails."""
        message = "no dice today"
        raise NotThereError(message)


class Outer:
    """Holds a class inside a class."""

    class InnerEnv(DiceEnv):
        """An environment whose name has a dot."""
