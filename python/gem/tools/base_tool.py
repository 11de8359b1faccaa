"""What every tool derives from."""

from __future__ import annotations

from gem._bridge.not_yet import NotYet


class BaseTool(NotYet):
    """A tool; not part of this version."""
