"""Filling a Sudoku; see `src/envs/games/sudoku`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class SudokuEnv(GameEnv):
    """Fill a Sudoku."""

    _gem_class: ClassVar[str] = "SudokuEnv"

    def __init__(
        self,
        clues: int | None = 30,
        max_turns: int | None = 100,
        scale: int | None = 9,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a value at each reset.

        Args:
            clues: how many cells a reset tries to empty.
            max_turns: how many numbers may be tried.
            scale: rows, columns and blocks, and the largest number: 4, 9 or 16.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(clues=clues, max_turns=max_turns, scale=scale, **kwargs)
