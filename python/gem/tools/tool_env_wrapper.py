"""Giving an agent tools inside an environment."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetWrapper


class ToolEnvWrapper(NotYetWrapper):
    """Gives an agent tools; not part of this version."""
