"""What goes wrong inside the trainer's process: environments that raise, tools that are away."""

from __future__ import annotations

import hashlib
from typing import Any

from gem.core import Env
from gem.errors import UnavailableError
from gem.tools.base_tool import BaseTool

EPISODE_STEPS = 7


class Clockwork(Env):
    """Gives what its seed, its turn and the action determine; raises when it is told to."""

    failures = 0
    """How many of the next steps of any of them raise."""

    def __init__(self) -> None:
        self.start = 0
        self.turn = 0

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        self.start = self.start + 1 if seed is None else seed
        self.turn = 0
        return f"start {self.start}", {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        if Clockwork.failures > 0:
            Clockwork.failures -= 1
            message = "the mainspring slips"
            raise OSError(message)
        self.turn += 1
        digest = hashlib.sha256(f"{self.start} {self.turn} {action}".encode()).digest()
        is_over = self.turn == EPISODE_STEPS
        return digest.hex(), float(digest[0]), is_over, False, {"turn": self.turn}

    def get_state(self) -> tuple[int, int]:
        return self.start, self.turn

    def set_state(self, state: tuple[int, int]) -> None:
        self.start, self.turn = state

    def spawn(self, same_state: bool = False, **kwargs: Any) -> Clockwork:
        new = Clockwork()
        if same_state:
            new.start, new.turn = self.start, self.turn
        return new


class CountTool(BaseTool):
    """Counts the letters behind "count"; is away when it is told to be."""

    tool_type = "count"
    absences = 0
    """How many of the next calls of any of them find nobody."""

    def instruction_string(self) -> str:
        return "Write count and a word."

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        word, _, text = action.partition(" ")
        if word != "count":
            return False, True, "", action
        if CountTool.absences > 0:
            CountTool.absences -= 1
            message = "The counter is out."
            raise UnavailableError(message)
        return True, False, f"{len(text)} letters", action
