"""Environments with several agents."""

from __future__ import annotations

from gem.envs.multiagent.agent_selector import AgentSelector
from gem.envs.multiagent.multi_agent_env import MultiAgentEnv

__all__ = ["AgentSelector", "MultiAgentEnv"]
