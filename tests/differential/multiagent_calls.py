"""Makes calls of `MultiAgentEnv` and `AgentSelector`, upstream's or this package's.

A request is `{"agents", "mode", "calls"}`; a row is what a call gave, or the kind of what it
raised, and the state afterwards.
"""

import copy
import importlib
from typing import Any

from oracle_lines import serve

multiagent = importlib.import_module("gem.multiagent")
STATE = (
    "agents",
    "terminations",
    "truncations",
    "_cumulative_rewards",
    "shared_memory",
)


class Party(multiagent.MultiAgentEnv):  # type: ignore[misc, name-defined]
    """Pays by the action's length; "die" and "stop" set the agent's own flags."""

    def observe(self, agent: str) -> str:
        """Says who sees, and how many there are."""
        return f"{agent} of {len(self.agents)}"

    def _process_actions(self, actions: dict[str, str]) -> Any:
        for agent, action in actions.items():
            self.terminations[agent] = action == "die"
            self.truncations[agent] = action == "stop"
        return (
            {agent: f"{agent} did {action}" for agent, action in actions.items()},
            {agent: float(len(action)) for agent, action in actions.items()},
            {agent: self.terminations[agent] for agent in actions},
            {agent: self.truncations[agent] for agent in actions},
            {agent: {} for agent in actions},
        )


def play(agents: list[str], mode: str | None, calls: list[list[Any]]) -> list[Any]:
    """Plays a list of calls, each `[method, arguments]`; `selector.` leads to the selector."""
    env = Party()
    env.possible_agents = agents
    if mode is not None:
        env.agent_selector = multiagent.AgentSelector(agents, mode)
    told = []
    for method, arguments in calls:
        target: Any = env.agent_selector if method.startswith("selector.") else env
        try:
            value = getattr(target, method.removeprefix("selector."))(*arguments)
        except ValueError:
            value = "ValueError"
        row = [value, {name: getattr(env, name) for name in STATE}, turn_of(env)]
        told.append(copy.deepcopy(row))
    return told


def turn_of(env: Any) -> Any:
    """Whose turn it is."""
    selector = env.agent_selector
    return (
        None if selector is None else [selector.selected, selector._current_idx, selector._agents]
    )


if __name__ == "__main__":
    serve(lambda request: play(request["agents"], request["mode"], request["calls"]))
