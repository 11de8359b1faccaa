"""Environments with several agents, under their older path."""

from __future__ import annotations

from gem.envs.multiagent.multi_agent_env import AgentSelector, MultiAgentEnv

__all__ = ["AgentSelector", "MultiAgentEnv"]
