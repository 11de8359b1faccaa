"""Sliding tiles into order; see `src/envs/games/fifteen-puzzle`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class FifteenPuzzleEnv(GameEnv):
    """Slide the tiles into order."""

    _gem_class: ClassVar[str] = "FifteenPuzzleEnv"

    def __init__(
        self,
        max_turns: int | None = 20,
        num_rows: int | None = 2,
        init_algo: str = "monte_carlo",
        mc_rand_moves: int = 100,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a value at each reset.

        Args:
            max_turns: how many moves there are.
            num_rows: rows, and columns, of the board.
            init_algo: "monte_carlo" (random moves from the goal) or "pure_random" (any board that
                can be solved).
            mc_rand_moves: how many moves monte_carlo makes.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            max_turns=max_turns,
            num_rows=num_rows,
            init_algo=init_algo,
            mc_rand_moves=mc_rand_moves,
            **kwargs,
        )
