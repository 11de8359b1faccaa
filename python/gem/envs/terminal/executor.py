"""Running commands inside a container."""

from __future__ import annotations

from gem._bridge.not_yet import NotYet


class DockerExecutor(NotYet):
    """Runs commands; not part of this version."""
