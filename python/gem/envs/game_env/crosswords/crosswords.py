"""Solving a crossword."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class CrosswordsEnv(NotYetEnv):
    """Solving a crossword; not part of this version."""
