"""Sliding and merging tiles; see `src/envs/games/game-2048.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class Game2048Env(GameEnv):
    """Merge tiles up to a target."""

    _gem_class: ClassVar[str] = "Game2048Env"

    def __init__(
        self,
        target_tile: int | None = 2048,
        max_turns: int | None = 1000,
        board_size: int = 4,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a value at each reset.

        Args:
            target_tile: the tile to reach, a power of two.
            max_turns: how many moves there are.
            board_size: rows and columns.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            target_tile=target_tile, max_turns=max_turns, board_size=board_size, **kwargs
        )
