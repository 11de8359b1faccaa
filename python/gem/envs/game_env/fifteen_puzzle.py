"""Sliding tiles into order."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class FifteenPuzzleEnv(NotYetEnv):
    """Sliding tiles into order; not part of this version."""
