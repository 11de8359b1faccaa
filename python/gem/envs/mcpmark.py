"""Tasks of MCPMark."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class MCPMarkEnv(NotYetEnv):
    """Tasks of MCPMark; not part of this version."""
