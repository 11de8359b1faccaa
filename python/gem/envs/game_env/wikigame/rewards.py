"""Rewards of the wiki game."""

from __future__ import annotations

from gem._bridge.not_yet import NotYet


class WikiGameReward(NotYet):
    """Rewards of the wiki game; not part of this version."""
