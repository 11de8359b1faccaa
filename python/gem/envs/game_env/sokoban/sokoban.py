"""Pushing boxes onto targets; see `src/envs/games/sokoban`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class SokobanEnv(GameEnv):
    """Push all boxes onto targets."""

    _gem_class: ClassVar[str] = "SokobanEnv"

    def __init__(
        self,
        dim_room: tuple[int, int] | None = (6, 6),
        max_turns: int | None = 100,
        num_boxes: int | None = 3,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a value at each reset.

        Args:
            dim_room: rows and columns of the room.
            max_turns: how many moves there are.
            num_boxes: how many boxes there are.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(dim_room=dim_room, max_turns=max_turns, num_boxes=num_boxes, **kwargs)
