"""The base class of environments with several agents, which are written in Python."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

from gem._bridge.errors import InvalidArgumentError
from gem.core import Env
from gem.envs.multiagent.agent_selector import AgentSelector

__all__ = ["AgentSelector", "AgentState", "Maps", "MultiAgentEnv"]

Maps = tuple[
    dict[str, str],
    dict[str, float],
    dict[str, bool],
    dict[str, bool],
    dict[str, dict[str, Any]],
]
"""Observations, rewards, terminations, truncations and infos, each by agent."""

AgentState = tuple[str, float, bool, bool, dict[str, Any]]
"""One agent's observation, reward so far, whether it has terminated or is truncated, and info."""


class MultiAgentEnv(Env):
    """Several agents in one environment: `step` takes a map of actions and gives maps by agent.

    A subclass sets `possible_agents`, and `agent_selector` where not all act at once; it implements
    `observe` and `_process_actions`. An agent whose flag is set, in the maps that
    `_process_actions` returns or in `terminations` and `truncations`, leaves `agents`.
    """

    def __init__(self) -> None:
        """Has no agents yet."""
        super().__init__()
        self.possible_agents: list[str] = []
        self.agent_selector: AgentSelector | None = None
        self.global_context: str = ""
        self.shared_memory: list[dict[str, str]] = []
        self._start([])

    @abc.abstractmethod
    def observe(self, agent: str) -> str:
        """Says what an agent sees."""

    @abc.abstractmethod
    def _process_actions(self, actions: dict[str, str]) -> Maps:
        """Plays the actions of the agents that act.

        Args:
            actions: by agent; one for each agent that acts, and no other.

        Returns:
            Observations, rewards, terminations, truncations and infos by agent.
        """

    def reset(self, seed: int | None = None) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        """Starts an episode with all possible agents.

        Args:
            seed: seeds Python's and NumPy's global generators, as for any environment in Python;
                None leaves them alone.

        Returns:
            What each agent sees, and an empty info for each.
        """
        super().reset(seed)
        self._start(self.possible_agents)
        self.shared_memory = []
        if self.agent_selector is not None:
            self.agent_selector.reinit(self.agents)
        observations = {agent: self.observe(agent) for agent in self.agents}
        return observations, {agent: {} for agent in self.agents}

    def step(self, actions: dict[str, str]) -> Maps:  # type: ignore[override]
        """Plays one action of each agent that acts now.

        Args:
            actions: by agent.

        Returns:
            What `_process_actions` gives.

        Raises:
            InvalidArgumentError: a `ValueError`; it is no dict, an agent that acts has no action,
                or one that does not act has one.
        """
        if not isinstance(actions, dict):
            message = f"Actions are a dict of one action for each agent that acts, got {actions!r}."
            raise InvalidArgumentError(message)
        selector = self.agent_selector
        active = self.agents if selector is None else selector.get_active_agents()
        self._validate_actions(actions, active)
        result = self._process_actions(actions)
        self._take(result)
        dead = [agent for agent in self.agents if self._is_done(agent)]
        for agent in dead:
            self._forget(agent)
        if selector is not None:
            selector.pass_turn(dead) if dead else selector.next()
        return result

    def get_state(self, agent: str) -> AgentState:
        """Tells how an agent stands.

        Raises:
            InvalidArgumentError: a `ValueError`; there is no such agent.
        """
        self._check_agent("agent", agent)
        return (
            self.observe(agent),
            self._cumulative_rewards[agent],
            self.terminations[agent],
            self.truncations[agent],
            self.infos[agent],
        )

    def get_active_states(self) -> dict[str, AgentState]:
        """Tells how each agent stands that acts now."""
        selector = self.agent_selector
        active = self.agents if selector is None else selector.get_active_agents()
        return {agent: self.get_state(agent) for agent in active}

    def add_agent(self, agent_id: str) -> None:
        """Lets another agent take part from now on; does nothing when it does."""
        if agent_id in self.agents:
            return
        self.agents.append(agent_id)
        self.terminations[agent_id] = False
        self.truncations[agent_id] = False
        self.rewards[agent_id] = 0.0
        self.infos[agent_id] = {}
        self._cumulative_rewards[agent_id] = 0.0
        if self.agent_selector is not None:
            self.agent_selector.add_agent(agent_id)

    def remove_agent(self, agent_id: str) -> None:
        """Takes an agent out; does nothing when it does not take part."""
        if agent_id not in self.agents:
            return
        self._forget(agent_id)
        if self.agent_selector is not None:
            self.agent_selector.remove_agent(agent_id)

    def send_message(self, from_agent: str, to_agent: str, message: str) -> None:
        """Leaves a message in `shared_memory`.

        Raises:
            InvalidArgumentError: a `ValueError`; one of the two does not take part.
        """
        self._check_agent("sender", from_agent)
        self._check_agent("receiver", to_agent)
        self.shared_memory.append({"from": from_agent, "to": to_agent, "message": message})

    def broadcast_message(self, from_agent: str, message: str) -> None:
        """Leaves a message for everybody else.

        Raises:
            InvalidArgumentError: a `ValueError`; the sender does not take part.
        """
        self._check_agent("sender", from_agent)
        for agent in self.agents:
            if agent != from_agent:
                self.send_message(from_agent, agent, message)

    def _start(self, agents: list[str]) -> None:
        self.agents: list[str] = list(agents)
        self.terminations: dict[str, bool] = dict.fromkeys(agents, False)
        self.truncations: dict[str, bool] = dict.fromkeys(agents, False)
        self.rewards: dict[str, float] = dict.fromkeys(agents, 0.0)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in agents}
        self._cumulative_rewards: dict[str, float] = dict.fromkeys(agents, 0.0)

    def _take(self, result: Maps) -> None:
        """Adds up rewards and keeps what was returned; upstream forgets all else (parity D142)."""
        _, rewards, terminations, truncations, infos = result
        for agent in self.agents:
            if agent in rewards:
                self.rewards[agent] = rewards[agent]
                self._cumulative_rewards[agent] += rewards[agent]
            if agent in infos:
                self.infos[agent] = infos[agent]
            if terminations.get(agent, False):
                self.terminations[agent] = True
            if truncations.get(agent, False):
                self.truncations[agent] = True

    def _is_done(self, agent: str) -> bool:
        return self.terminations.get(agent, False) or self.truncations.get(agent, False)

    def _forget(self, agent: str) -> None:
        self.agents.remove(agent)
        maps: tuple[dict[str, Any], ...] = (
            self.terminations,
            self.truncations,
            self.rewards,
            self.infos,
            self._cumulative_rewards,
        )
        for entries in maps:
            entries.pop(agent, None)

    def _validate_actions(self, actions: Mapping[str, str], active_agents: list[str]) -> None:
        for agent in active_agents:
            if agent in self.agents and not self._is_done(agent) and agent not in actions:
                message = f"{agent} acts now, but has no action; actions came for {list(actions)}."
                raise InvalidArgumentError(message)
        for agent in actions:
            if agent not in active_agents:
                message = (
                    f"{agent} has an action, but does not act now; those who do are "
                    f"{list(active_agents)}."
                )
                raise InvalidArgumentError(message)

    def _check_agent(self, role: str, agent: str) -> None:
        if agent not in self.agents:
            message = f"The {role} {agent!r} does not take part; those who do are {self.agents}."
            raise InvalidArgumentError(message)
