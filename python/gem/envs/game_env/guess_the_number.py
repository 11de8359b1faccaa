"""Finding a hidden number from "higher" and "lower"; see `src/envs/games/guess-the-number.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class GuessTheNumberEnv(GameEnv):
    """Find a hidden number."""

    _gem_class: ClassVar[str] = "GuessTheNumberEnv"

    def __init__(
        self,
        min_number: int | None = 1,
        max_number: int | None = 20,
        max_turns: int | None = 20,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a value at each reset.

        Args:
            min_number: the least number it may be.
            max_number: the greatest.
            max_turns: how many guesses there are.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            min_number=min_number, max_number=max_number, max_turns=max_turns, **kwargs
        )
