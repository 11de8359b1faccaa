"""Mathematics problems from datasets."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class MathEnv(NotYetEnv):
    """Mathematics problems; not part of this version."""
