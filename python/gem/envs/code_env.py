"""Programming problems graded by running tests."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class CodeEnv(NotYetEnv):
    """Programming problems; not part of this version."""
