"""Tasks in a terminal inside a container."""

from __future__ import annotations

from gem._bridge.not_yet import NotYet, NotYetEnv


class TaskConfig(NotYet):
    """Describes a task; not part of this version."""


class ContainerConfig(NotYet):
    """Describes a container; not part of this version."""


class DockerEnv(NotYetEnv):
    """Tasks in a terminal; not part of this version."""
