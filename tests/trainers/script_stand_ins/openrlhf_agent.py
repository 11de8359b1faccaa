"""A stand-in for OpenRLHF's `openrlhf.utils.agent`, the classes that agents derive from.

Ray awaits their `__init__`; here `start` does.
"""

from __future__ import annotations

from typing import Any


class AgentInstanceBase:
    """One episode's agent."""


class AgentExecutorBase:
    """What runs agents; not used here."""


async def start(cls: type[Any]) -> Any:
    """Makes an agent as an asynchronous actor of Ray does."""
    agent = cls.__new__(cls)
    await agent.__init__()
    return agent
