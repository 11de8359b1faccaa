"""Whose turn it is among several agents."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gem._bridge.errors import InvalidArgumentError

SEQUENTIAL = "sequential"
PARALLEL = "parallel"


class AgentSelector:
    """Says which agents act: one after the other ("sequential"), or all at once ("parallel").

    `selected` is the agent whose turn it is, None without agents.
    """

    selected: str | None

    def __init__(self, agents: Iterable[str], mode: str = SEQUENTIAL) -> None:
        """Starts at the first agent.

        Args:
            agents: the agents, in the order in which they act.
            mode: "sequential" or "parallel".
        """
        self.mode = mode
        self.reinit(agents)

    def reinit(self, agents: Iterable[str]) -> None:
        """Starts again at the first of these agents."""
        self._agents = list(agents)
        self._current_idx = 0
        self.selected = self._agents[0] if self._agents else None

    def get_active_agents(self) -> list[str]:
        """Lists the agents that act now.

        Raises:
            InvalidArgumentError: a `ValueError`; the mode is neither of the two.
        """
        if self.mode == SEQUENTIAL:
            return [] if self.selected is None else [self.selected]
        if self.mode == PARALLEL:
            return list(self._agents)
        message = f'The mode of an AgentSelector is "sequential" or "parallel", got {self.mode!r}.'
        raise InvalidArgumentError(message)

    def next(self) -> None:
        """Passes the turn to the next agent, after the last one to the first; in sequence only."""
        if self.mode == SEQUENTIAL and self._agents:
            self._current_idx = (self._current_idx + 1) % len(self._agents)
            self.selected = self._agents[self._current_idx]

    def is_first(self) -> bool:
        """Tells whether it is the first agent's turn."""
        return self._current_idx == 0

    def is_last(self) -> bool:
        """Tells whether it is the last agent's turn."""
        return self._current_idx == len(self._agents) - 1

    def add_agent(self, agent: str) -> None:
        """Puts an agent at the end; does nothing when it is there."""
        if agent not in self._agents:
            self._agents.append(agent)

    def remove_agent(self, agent: str) -> None:
        """Takes an agent out; does nothing when it is not there.

        Who is selected afterwards is the agent before the one whose turn it was, if that one or
        one before it goes: `next` then gives the turn to whom it belongs. Only the first agent has
        none before it, so that the second one is selected.
        """
        if agent not in self._agents:
            return
        index = self._agents.index(agent)
        self._agents.pop(index)
        if index <= self._current_idx:
            self._current_idx = max(0, self._current_idx - 1)
        if self._agents:
            self._current_idx %= len(self._agents)
            self.selected = self._agents[self._current_idx]
        else:
            self._current_idx = 0
            self.selected = None

    def pass_turn(self, gone: Collection[str] = ()) -> None:
        """Takes out the agents that are gone, and passes the turn to the next one that is left.

        Args:
            gone: agents that act no more; the one whose turn it was may be among them.
        """
        turn = self._agents[self._current_idx :] + self._agents[: self._current_idx]
        heir = next((agent for agent in turn[1:] if agent not in gone), None)
        for agent in gone:
            self.remove_agent(agent)
        # Upstream skips an agent when the first one is gone (parity D141): `next` starts before
        # the heir here, wherever the removals have left the turn.
        sequential = self.mode == SEQUENTIAL
        if sequential and heir is not None and any(agent in gone for agent in turn):
            self._current_idx = (self._agents.index(heir) - 1) % len(self._agents)
        self.next()
