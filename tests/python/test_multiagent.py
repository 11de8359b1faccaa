"""Environments with several agents: what differs from upstream, and what users write."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gem.envs.multiagent.multi_agent_env import AgentSelector, MultiAgentEnv
from gem.errors import InvalidArgumentError, InvalidSeedError


class Relay(MultiAgentEnv):
    """Agents that pass a number on; the word "leave" ends one's part, by the maps alone."""

    def __init__(self, *agents: str, mode: str = "sequential") -> None:
        super().__init__()
        self.possible_agents = list(agents)
        self.agent_selector = AgentSelector(self.possible_agents, mode)

    def observe(self, agent: str) -> str:
        return f"{agent} sees {self.rewards.get(agent)}"

    def _process_actions(self, actions: dict[str, str]) -> Any:
        return (
            {agent: self.observe(agent) for agent in actions},
            dict.fromkeys(actions, 1.0),
            {agent: action == "leave" for agent, action in actions.items()},
            {agent: action == "drop" for agent, action in actions.items()},
            {agent: {"said": action} for agent, action in actions.items()},
        )


def _turns(env: Relay, actions: list[str]) -> list[str]:
    turns = []
    for action in actions:
        assert env.agent_selector is not None
        [agent] = env.agent_selector.get_active_agents()
        turns.append(agent)
        env.step({agent: action})
    return turns


def test_both_import_paths_are_one() -> None:
    import gem.envs.multiagent
    import gem.multiagent

    assert gem.multiagent.MultiAgentEnv is gem.envs.multiagent.MultiAgentEnv is MultiAgentEnv
    assert gem.multiagent.AgentSelector is gem.envs.multiagent.AgentSelector is AgentSelector
    assert issubclass(MultiAgentEnv, gem.Env)


def test_a_seed_seeds_the_global_generators() -> None:
    env = Relay("ann", "bob")
    observations, infos = env.reset(seed=5)
    assert observations == {"ann": "ann sees 0.0", "bob": "bob sees 0.0"}
    assert infos == {"ann": {}, "bob": {}}
    drawn = random.random()
    env.reset(5)
    assert random.random() == drawn
    with pytest.raises(InvalidSeedError):
        env.reset(seed=-1)


def test_flags_that_are_returned_end_an_agents_part() -> None:
    env = Relay("ann", "bob", mode="parallel")
    env.reset()
    _, _, terminations, truncations, infos = env.step({"ann": "leave", "bob": "stay"})
    assert terminations == {"ann": True, "bob": False}
    assert truncations == {"ann": False, "bob": False}
    assert infos == {"ann": {"said": "leave"}, "bob": {"said": "stay"}}
    assert env.agents == ["bob"]
    assert env.get_state("bob") == ("bob sees 1.0", 1.0, False, False, {"said": "stay"})
    env.step({"bob": "drop"})
    assert env.agents == []
    env.reset()
    assert env.agents == ["ann", "bob"]


@pytest.mark.parametrize(
    ("actions", "turns"),
    [
        (["go", "go", "go", "go"], "abca"),
        (["leave", "go", "go", "go"], "abcb"),
        (["go", "leave", "go", "go"], "abca"),
        (["go", "go", "leave", "go", "go"], "abcab"),
        (["leave", "leave", "go", "go"], "abcc"),
        (["go", "go", "leave", "leave", "go"], "abcab"),
    ],
)
def test_nobody_is_skipped_when_an_agent_leaves(actions: list[str], turns: str) -> None:
    env = Relay("a", "b", "c")
    env.reset()
    assert "".join(_turns(env, actions)) == turns


def test_the_last_agent_leaves_an_empty_environment() -> None:
    env = Relay("a", "b")
    env.reset()
    assert _turns(env, ["leave", "leave"]) == ["a", "b"]
    assert (env.agents, env.agent_selector and env.agent_selector.selected) == ([], None)
    assert env.step({}) == ({}, {}, {}, {}, {})


def test_actions_that_do_not_fit_are_refused_and_change_nothing() -> None:
    env = Relay("ann", "bob")
    env.reset()
    for actions in ("go", {}, {"bob": "go"}, {"ann": "go", "bob": "go"}):
        with pytest.raises(InvalidArgumentError, match=r"\.$") as caught:
            env.step(actions)  # type: ignore[arg-type]
        assert isinstance(caught.value, ValueError)
    assert env.get_state("ann")[1] == 0.0
    with pytest.raises(InvalidArgumentError, match="eve"):
        env.get_state("eve")
    with pytest.raises(InvalidArgumentError, match="receiver"):
        env.send_message("ann", "eve", "hello")


def test_threads_play_environments_of_their_own() -> None:
    def play(number: int) -> float:
        env = Relay("ann", "bob")
        env.reset()
        _turns(env, ["go"] * number)
        return env.get_state("ann")[1]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(play, range(8))) == [0, 1, 1, 2, 2, 3, 3, 4]
