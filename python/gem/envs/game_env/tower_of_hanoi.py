"""Moving disks between pegs."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class TowerofHanoiEnv(NotYetEnv):
    """Moving disks between pegs; not part of this version."""
