"""Guessing a word from coloured letters."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class WordleEnv(NotYetEnv):
    """Guessing a word from coloured letters; not part of this version."""
