"""Many kinds of environments in one vector, each with its own options, and a table by id.

    python examples/multi_env/play_many.py
    python examples/multi_env/play_many.py --mixture --seed 7

Random agents play; replace `agent` by your model.
"""

from __future__ import annotations

import argparse
from typing import Any

import gem
from gem.utils.metrics import EpisodeMetrics
from gem.vector.vector_env import VectorEnv
from gem.wrappers.wrapper_factory import get_wrapper_fns

TASKS: dict[str, tuple[int, dict[str, Any]]] = {
    "game:GuessTheNumber-v0-easy": (6, {}),
    "game:GuessTheNumber-v0-hard": (4, {"max_number": 30, "max_turns": 8}),
    "game:Mastermind-v0-easy": (4, {}),
    "game:TowerofHanoi-v0-easy": (2, {"max_turns": 20}),
    "game:Game2048-v0-easy": (2, {"max_turns": 20}),
}
"""For each id: how many there are in the vector, and what they are made with."""


def make_vec(seed: int) -> VectorEnv:
    """One vector of all tasks; environment i starts from `seed` + i."""
    ids: list[str] = []
    options: list[dict[str, Any]] = []
    for env_id, (count, own) in TASKS.items():
        ids += [env_id] * count
        options += [dict(own) for _ in range(count)]
    for index, own in enumerate(options):
        own["seed"] = seed + index
    wrappers = get_wrapper_fns("concat,episode_tracking")
    return gem.make_vec(ids, vec_kwargs=options, wrappers=wrappers, async_mode=True)


def make_mixture(seed: int) -> VectorEnv:
    """As many environments, each of which plays another task in each episode, by these weights."""
    weights = {env_id: float(count) for env_id, (count, _) in TASKS.items()}
    options = {env_id: own for env_id, (_, own) in TASKS.items()}
    wrappers = get_wrapper_fns("concat,episode_tracking")
    return gem.make_vec(
        weights,
        num_envs=int(sum(weights.values())),
        vec_kwargs=options,
        wrappers=wrappers,
        seed=seed,
        async_mode=True,
    )


def agent(vec: VectorEnv, observations: list[str]) -> list[str]:
    """A random valid action for each observation."""
    return [env.unwrapped.sample_random_action() for env in vec.envs]


def play(vec: VectorEnv, steps: int) -> dict[str, float]:
    """Plays so many steps of every environment; the metrics of all episodes that ended."""
    metrics = EpisodeMetrics(vec)
    observations, _ = metrics.reset()
    for _ in range(steps):
        observations = metrics.step(agent(vec, observations))[0]
    vec.close()
    return metrics.summary()


def table(summary: dict[str, float]) -> str:
    """One line for each id."""
    lines = [f"{'id':<30}{'episodes':>9}{'return':>9}{'±':>7}{'success':>9}{'length':>8}"]
    for env_id in TASKS:
        names = ("episodes", "return_mean", "return_std", "success_rate", "episode_length_mean")
        count, mean, spread, success, length = (
            summary.get(f"gem/{env_id}/{name}", float("nan")) for name in names
        )
        lines.append(
            f"{env_id:<30}{count:>9.0f}{mean:>9.3f}{spread:>7.3f}{success:>9.3f}{length:>8.1f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Plays and prints."""
    parser = argparse.ArgumentParser(description="Play several kinds of environments at once.")
    parser.add_argument("--steps", type=int, default=200, help="steps of the vector (default 200)")
    parser.add_argument("--seed", type=int, default=0, help="the first environment's (default 0)")
    parser.add_argument(
        "--mixture", action="store_true", help="draw each episode's task instead of fixing it"
    )
    args = parser.parse_args()
    make = make_mixture if args.mixture else make_vec
    summary = play(make(args.seed), args.steps)
    print(table(summary))
    print(
        f"{summary['gem/steps']:.0f} steps, {summary['gem/steps_per_second']:.0f} a second; "
        f"one of the vector takes {1e6 * summary['gem/step_seconds_p50']:.0f} µs (median)."
    )


if __name__ == "__main__":
    main()
