"""Finding a code from pegs."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class MastermindEnv(NotYetEnv):
    """Finding a code from pegs; not part of this version."""
