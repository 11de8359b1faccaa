"""Moving a pile of disks from tower to tower; see `src/envs/games/tower-of-hanoi`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class TowerofHanoiEnv(GameEnv):
    """Move all disks from the first of three towers to the last."""

    _gem_class: ClassVar[str] = "TowerofHanoiEnv"

    def __init__(
        self, num_disks: int | None = 3, max_turns: int | None = 100, **kwargs: Any
    ) -> None:
        """Makes a game; None draws disks and turns at each reset.

        Args:
            num_disks: how many disks there are.
            max_turns: how many moves there are.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(num_disks=num_disks, max_turns=max_turns, **kwargs)
