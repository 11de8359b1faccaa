"""Finding a hidden code from pegs; see `src/envs/games/mastermind`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class MastermindEnv(GameEnv):
    """Find a hidden code of numbers."""

    _gem_class: ClassVar[str] = "MastermindEnv"

    def __init__(
        self,
        code_length: int | None = 4,
        num_numbers: int | None = 6,
        duplicate_numbers: bool = False,
        max_turns: int | None = 20,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws length, numbers and turns at each reset.

        Args:
            code_length: how many numbers the code has.
            num_numbers: the greatest number; the least is 1.
            duplicate_numbers: whether a number may be in the code more than once.
            max_turns: how many guesses there are.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            code_length=code_length,
            num_numbers=num_numbers,
            duplicate_numbers=duplicate_numbers,
            max_turns=max_turns,
            **kwargs,
        )
