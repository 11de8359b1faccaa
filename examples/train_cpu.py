"""Train a small policy to guess numbers, with the environments running in Node.

The trainer knows nothing of the game but its text: it turns each observation into features (which
words follow each other), chooses one of a few replies, and learns by policy gradient (PPO with a
linear policy and a linear baseline) which reply pays. Only NumPy learns here.

    npm run demo                     # sets up what is missing, then runs this
    python examples/train_cpu.py --iterations 50 --out out

Writes the reward curve to `<out>/train_cpu.png` and its numbers to `<out>/train_cpu.json`.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns

ENV_ID = "game:GuessTheNumber-v0-easy"
WRAPPERS = "concat,episode_tracking"
REPLIES = ["I would rather not say.", *(rf"I guess \boxed{{{n}}}." for n in range(1, 13))]
"""What the policy can say: a reply without an answer, the numbers in range, two beyond it."""

EVAL_SEEDS = list(range(1_000, 1_512))
Floats = NDArray[np.float64]


class TextFeatures:
    """Binary features of a text: every run of one to three words in one of its lines."""

    def __init__(self, size: int) -> None:
        """Reserves `size` features; texts with more share them."""
        self.size = size
        self._ids: dict[tuple[str, ...], int] = {}
        self._of_line = lru_cache(maxsize=100_000)(self._line)

    def _line(self, line: str) -> list[int]:
        words = re.findall(r"[a-z]+|\d+", line.lower())
        runs = {tuple(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) + 1 - n)}
        return [self._ids.setdefault(run, len(self._ids) % self.size) for run in sorted(runs)]

    def __call__(self, texts: list[str]) -> Floats:
        """The features of each text, shape [len(texts), size]."""
        out = np.zeros((len(texts), self.size))
        for row, text in enumerate(texts):
            for line in text.splitlines():
                out[row, self._of_line(line)] = 1.0
        return out


class Adam:
    """Adam on one array, as published (Kingma and Ba, 2015)."""

    def __init__(self, shape: tuple[int, ...], rate: float) -> None:
        """Starts the moments at zero."""
        self.rate, self.steps = rate, 0
        self.first, self.second = np.zeros(shape), np.zeros(shape)

    def __call__(self, gradient: Floats) -> Floats:
        """The step to add for an ascent along `gradient`."""
        self.steps += 1
        self.first += 0.1 * (gradient - self.first)
        self.second += 0.001 * (gradient**2 - self.second)
        first = self.first / (1 - 0.9**self.steps)
        second = self.second / (1 - 0.999**self.steps)
        step: Floats = self.rate * first / (np.sqrt(second) + 1e-8)
        return step


class Policy:
    """A softmax over the replies, linear in the features, with a linear baseline."""

    def __init__(self, features: TextFeatures, rate: float, seed: int) -> None:
        """Starts as the uniform policy; `seed` is the policy's own, not the environments'."""
        self.features = features
        self.rng = np.random.default_rng(seed)
        self.weights = np.zeros((features.size, len(REPLIES)))
        self.value = np.zeros(features.size)
        self._step_weights = Adam(self.weights.shape, rate)
        self._step_value = Adam(self.value.shape, rate)

    def probabilities(self, x: Floats) -> Floats:
        """The chance of each reply, shape [n, replies]."""
        logits = x @ self.weights
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: Floats = chances / chances.sum(axis=1, keepdims=True)
        return result

    def act(self, x: Floats) -> NDArray[np.int64]:
        """One sampled reply for each row of features."""
        cumulative = self.probabilities(x).cumsum(axis=1)
        draws = self.rng.random((len(x), 1))
        chosen: NDArray[np.int64] = (cumulative < draws).sum(axis=1).clip(max=len(REPLIES) - 1)
        return chosen

    def learn(self, x: Floats, replies: NDArray[np.int64], returns: Floats, entropy: float) -> None:
        """Ascends the clipped objective of PPO, and moves the baseline toward the returns."""
        rows = np.arange(len(x))
        advantage = returns - x @ self.value
        advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
        before = self.probabilities(x)[rows, replies]
        for _ in range(4):
            chances = self.probabilities(x)
            ratio = chances[rows, replies] / before
            open_side = np.where(advantage > 0, ratio < 1.2, ratio > 0.8)
            score = -chances
            score[rows, replies] += 1.0
            log_chances = np.log(chances + 1e-12)
            spread = -chances * (log_chances - (chances * log_chances).sum(axis=1, keepdims=True))
            weight = (advantage * ratio * open_side)[:, None]
            self.weights += self._step_weights(x.T @ (score * weight + entropy * spread) / len(x))
            self.value += self._step_value(x.T @ (returns - x @ self.value) / len(x))


@dataclass
class Episode:
    """What one environment has gone through since its last reset."""

    x: list[Floats]
    replies: list[int]
    rewards: list[float]


def make_vec(size: int, seed: int) -> Any:
    """`size` environments stepped as one, wrapped as trainers wrap them."""
    return gem.make_vec(
        [ENV_ID] * size, wrappers=get_wrapper_fns(WRAPPERS), seed=seed, async_mode=True
    )


def evaluate(choose: Callable[[list[str]], list[str]], seeds: list[int]) -> float:
    """The mean return of one episode for each of the seeds."""
    vec = make_vec(len(seeds), 0)
    texts, _ = vec.reset(seed=seeds)
    returns = np.zeros(len(seeds))
    running = np.ones(len(seeds), dtype=bool)
    while running.any():
        texts, rewards, terminated, truncated, _ = vec.step(choose(texts))
        returns += rewards * running
        running &= ~(terminated | truncated)
    return float(returns.mean())


def collect(
    vec: Any,
    texts: list[str],
    policy: Policy,
    open_episodes: list[Episode],
    steps: int,
) -> tuple[list[str], list[Episode]]:
    """Steps the vector and gives back the episodes that ended."""
    finished = []
    for _ in range(steps):
        x = policy.features(texts)
        replies = policy.act(x)
        texts, rewards, terminated, truncated, _ = vec.step([REPLIES[r] for r in replies])
        for i, episode in enumerate(open_episodes):
            episode.x.append(x[i])
            episode.replies.append(int(replies[i]))
            episode.rewards.append(float(rewards[i]))
            if terminated[i] or truncated[i]:
                finished.append(episode)
                open_episodes[i] = Episode([], [], [])
    return texts, finished


def learn_from(policy: Policy, episodes: list[Episode], gamma: float, entropy: float) -> None:
    """One update from the discounted reward-to-go of every step."""
    x, replies, returns = [], [], []
    for episode in episodes:
        to_go = 0.0
        for t in reversed(range(len(episode.rewards))):
            to_go = episode.rewards[t] + gamma * to_go
            x.append(episode.x[t])
            replies.append(episode.replies[t])
            returns.append(to_go)
    policy.learn(np.array(x), np.array(replies), np.array(returns), entropy)


def train(
    args: argparse.Namespace, on_iteration: Callable[[int, float], None]
) -> tuple[Policy, list[float]]:
    """Trains for `args.iterations` updates; gives the policy and each one's mean return."""
    policy = Policy(TextFeatures(1024), args.rate, args.seed)
    vec = make_vec(args.envs, args.seed)
    texts, _ = vec.reset(seed=args.seed)
    open_episodes = [Episode([], [], []) for _ in range(args.envs)]
    curve = []
    for iteration in range(args.iterations):
        texts, episodes = collect(vec, texts, policy, open_episodes, args.steps)
        learn_from(policy, episodes, args.gamma, args.entropy)
        curve.append(statistics.fmean(sum(episode.rewards) for episode in episodes))
        on_iteration(iteration, curve[-1])
    return policy, curve


def random_choice(seed: int) -> Callable[[list[str]], list[str]]:
    """The random policy: a uniform number in range, always well-formed."""
    rng = np.random.default_rng(seed)
    return lambda texts: [rf"\boxed{{{rng.integers(1, 11)}}}" for _ in texts]


def step_costs() -> dict[str, float]:
    """Median µs of a step across the bridge: alone, and per environment in a vector of 64."""
    env = gem.make(ENV_ID)
    env.reset(seed=0)
    vec = make_vec(64, 0)
    vec.reset(seed=0)
    actions = [r"\boxed{5}"] * 64
    alone, batched = [], []
    for _ in range(1_000):
        start = time.perf_counter_ns()
        env.step(actions[0])
        alone.append((time.perf_counter_ns() - start) / 1e3)
    for _ in range(300):
        start = time.perf_counter_ns()
        vec.step(actions)
        batched.append((time.perf_counter_ns() - start) / 1e3 / 64)
    return {"single_us": statistics.median(alone), "vector_64_us": statistics.median(batched)}


def smooth(values: list[float], width: int) -> list[float]:
    """Running means over the last `width` values."""
    return [statistics.fmean(values[max(0, i + 1 - width) : i + 1]) for i in range(len(values))]


def draw_terminal(curve: list[float], levels: dict[str, float]) -> None:
    """Draws the curve and the reference levels with text characters."""
    import plotext

    plotext.clear_figure()
    plotext.plot_size(90, 18)
    plotext.theme("clear")
    plotext.plot(smooth(curve, 5), label="training return")
    for name, level in levels.items():
        plotext.plot([0, len(curve)], [level, level], label=name)
    plotext.title(f"{ENV_ID}: mean return by update")
    plotext.show()


def draw_png(curve: list[float], levels: dict[str, float], path: Path) -> None:
    """Saves the curve as a picture."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), constrained_layout=True)
    axes.plot(curve, alpha=0.3, color="tab:blue")
    axes.plot(smooth(curve, 5), color="tab:blue", label="training return")
    for (name, level), color in zip(levels.items(), ("tab:gray", "tab:green"), strict=False):
        axes.axhline(level, linestyle="--", color=color, label=f"{name}: {level:.2f}")
    axes.set(xlabel="policy update", ylabel="mean return", title=ENV_ID)
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def parse_args() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Train a small policy by policy gradient; environments run in Node."
    )
    parser.add_argument("--iterations", type=int, default=150, help="policy updates (default 150)")
    parser.add_argument(
        "--envs", type=int, default=256, help="environments in the vector (default 256)"
    )
    parser.add_argument("--steps", type=int, default=8, help="vector steps per update (default 8)")
    parser.add_argument("--rate", type=float, default=0.01, help="learning rate (default 0.01)")
    parser.add_argument("--gamma", type=float, default=0.9, help="discount per turn (default 0.9)")
    parser.add_argument(
        "--entropy", type=float, default=0.001, help="entropy bonus (default 0.001)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="seed of policy and environments (default 0)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out"), help="folder for curve and numbers (default out)"
    )
    return parser.parse_args()


def main() -> None:
    """Trains, evaluates on fixed seeds, draws."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    args = parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    print(f"Training on {ENV_ID}: {args.envs} environments in Node, wrappers {WRAPPERS!r}.")
    start = time.perf_counter()
    columns = (
        TextColumn("update {task.completed}/{task.total}"),
        BarColumn(40),
        TextColumn("return {task.fields[ret]:+.2f}"),
    )
    with Progress(*columns, TimeElapsedColumn()) as progress:
        task = progress.add_task("train", total=args.iterations, ret=0.0)
        policy, curve = train(args, lambda _, value: progress.update(task, advance=1, ret=value))
    seconds = time.perf_counter() - start

    by_chance = evaluate(random_choice(args.seed), EVAL_SEEDS)
    trained = evaluate(
        lambda texts: [REPLIES[r] for r in policy.act(policy.features(texts))], EVAL_SEEDS
    )
    levels = {"random policy": by_chance, "trained, evaluated": trained}
    draw_terminal(curve, levels)
    draw_png(curve, levels, args.out / "train_cpu.png")
    costs = step_costs()
    result = {
        "env_id": ENV_ID,
        "seconds": seconds,
        "random": by_chance,
        "trained": trained,
        "curve": curve,
        **costs,
    }
    (args.out / "train_cpu.json").write_text(json.dumps(result, indent=2))

    steps = args.iterations * args.steps * args.envs
    print(f"Trained {args.iterations} updates, {steps:,} environment steps, in {seconds:.1f} s.")
    print(f"Mean return over {len(EVAL_SEEDS)} fixed seeds:", end=" ")
    print(f"random {by_chance:.3f}, trained {trained:.3f}.")
    print(
        f"A step across the bridge: {costs['single_us']:.0f} µs alone, "
        f"{costs['vector_64_us']:.1f} µs per environment in a vector of 64."
    )
    print(f"Curve: {args.out / 'train_cpu.png'}")


if __name__ == "__main__":
    main()
