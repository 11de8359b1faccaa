"""Shopping in a simulated shop."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class WebshopEnv(NotYetEnv):
    """Shopping in a simulated shop; not part of this version."""
