"""Finding words in a grid."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class WordSearchEnv(NotYetEnv):
    """Finding words in a grid; not part of this version."""
