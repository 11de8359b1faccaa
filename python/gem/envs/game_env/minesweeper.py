"""Clearing a field of mines; see `src/envs/games/minesweeper`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class MinesweeperEnv(GameEnv):
    """Reveal every cell that holds no mine."""

    _gem_class: ClassVar[str] = "MinesweeperEnv"

    def __init__(
        self,
        rows: int | None = 8,
        cols: int | None = 8,
        num_mines: int | None = 10,
        max_turns: int | None = 20,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws size, mines and turns at each reset.

        Args:
            rows: how many rows the field has.
            cols: how many columns.
            num_mines: how many mines are hidden.
            max_turns: how many moves there are.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(rows=rows, cols=cols, num_mines=num_mines, max_turns=max_turns, **kwargs)
