"""Clearing a field of mines."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class MinesweeperEnv(NotYetEnv):
    """Clearing a field of mines; not part of this version."""
