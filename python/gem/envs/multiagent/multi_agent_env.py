"""Environments with several agents."""

from __future__ import annotations

from gem._bridge.not_yet import NotYet, NotYetEnv


class AgentSelector(NotYet):
    """Says whose turn it is; not part of this version."""


class MultiAgentEnv(NotYetEnv):
    """An environment with several agents; not part of this version."""
