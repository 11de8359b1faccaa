"""Experience as Oat's actor collects it: a vector, wrappers, whole episodes, transitions as JSON.

`python examples/oat/actor.py` plays with a policy that guesses at random. An actor of yours derives
from Oat's `PPOActor` and does the same, with its `llm` for the policy.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import gem
from gem.vector.vector_env import VectorEnv
from gem.wrappers.wrapper_factory import get_wrapper_fns

Policy = Callable[[Sequence[str]], list[str]]


@dataclass
class Transition:
    """A turn of an episode."""

    observation: str
    action: str
    reward: float
    is_last: bool
    discounted_return: float = 0.0


def make_environments(actor_id: int, env_id: str, wrappers: str, count: int) -> VectorEnv:
    """The vector of an actor; its seeds are its own, as large as they may be."""
    seed = 42 + 233 ** (actor_id + 1)
    return gem.make_vec(
        [env_id] * count,
        vec_kwargs=[{"seed": seed + place} for place in range(count)],
        wrappers=get_wrapper_fns(wrappers, tokenizer=None),
        async_mode=True,
    )


def collect(env: VectorEnv, policy: Policy, least: int, gamma: float) -> list[list[Transition]]:
    """Plays until the episodes that have ended hold `least` transitions, and values each turn."""
    observations, _ = env.reset()
    playing: list[list[Transition]] = [[] for _ in range(env.num_envs)]
    ended: list[list[Transition]] = []
    while sum(map(len, ended)) < least:
        actions = policy(observations)
        following, rewards, terminated, truncated, _infos = env.step(actions)
        over = terminated | truncated
        for place, episode in enumerate(playing):
            episode.append(
                Transition(
                    observations[place], actions[place], rewards[place].item(), bool(over[place])
                )
            )
            if over[place]:
                ended.append(valued(episode, gamma))
                playing[place] = []
        # An environment that has ended is in its next episode already: this is its first prompt.
        observations = following
    return ended


def valued(episode: list[Transition], gamma: float) -> list[Transition]:
    """The episode with the discounted sum of the rewards from each turn on."""
    following = 0.0
    for transition in reversed(episode):
        following = transition.reward + gamma * following
        transition.discounted_return = following
    return episode


def guess(generator: random.Random) -> Policy:
    """A policy that needs no model."""
    return lambda observations: [f"\\boxed{{{generator.randint(1, 10)}}}" for _ in observations]


def main() -> None:
    """Collects experience and says what it holds."""
    parser = argparse.ArgumentParser(description="Collects experience as Oat's actor does.")
    parser.add_argument("--env-id", default="game:GuessTheNumber-v0-easy")
    parser.add_argument("--wrappers", default="concat")
    parser.add_argument("--num-env", type=int, default=16)
    parser.add_argument("--transitions", type=int, default=512)
    parser.add_argument("--out", help="a file for the transitions, one in a line")
    chosen = parser.parse_args()
    env = make_environments(0, chosen.env_id, chosen.wrappers, chosen.num_env)
    episodes = collect(env, guess(random.Random(0)), chosen.transitions, gamma=0.9)
    env.close()
    if chosen.out is not None:
        with open(chosen.out, "w", encoding="utf-8") as file:
            for episode in episodes:
                file.writelines(json.dumps(asdict(turn)) + "\n" for turn in episode)
    returns = [sum(turn.reward for turn in episode) for episode in episodes]
    won = sum(episode[-1].reward == 1 for episode in episodes) / len(episodes)
    turns = sum(map(len, episodes)) / len(episodes)
    mean = sum(returns) / len(returns)
    print(f"{len(episodes)} episodes, {turns:.2f} turns, return {mean:.3f}, success {won:.3f}")


if __name__ == "__main__":
    main()
