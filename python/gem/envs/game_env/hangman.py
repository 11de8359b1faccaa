"""Guessing a word letter by letter."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class HangmanEnv(NotYetEnv):
    """Guessing a word letter by letter; not part of this version."""
