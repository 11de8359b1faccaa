"""Questions with short answers."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class QaEnv(NotYetEnv):
    """Questions with short answers; not part of this version."""
