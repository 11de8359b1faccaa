"""All runs of the figure: seeds that learn, a control that does not, and the reference policies."""

from __future__ import annotations

import argparse
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from typing import Any

from .play import ENV_ID, Score, evaluate, reference_policies


def run(seed: int, options: dict[str, Any], label: str) -> dict[str, Any]:
    """Trains one model and evaluates it on fixed episodes; called in a process of its own."""
    from .model import Size
    from .training import Settings, Update, train

    settings = Settings(**{**options, "size": Size(**options["size"])})

    def show(number: int, update: Update) -> None:
        if (number + 1) % 10 == 0 or number + 1 == settings.updates:
            print(
                f"{label}: update {number + 1:3d}, return {update.mean_return:+.3f}, "
                f"success {update.success:.2f}, {update.seconds:.0f} s",
                flush=True,
            )

    start = time.process_time()
    player, history = train(seed, settings, show)
    return {
        "seed": seed,
        "returns": [round(update.mean_return, 4) for update in history],
        "successes": [round(update.success, 4) for update in history],
        "turns": sum(update.turns for update in history),
        "parameters": sum(value.numel() for value in player.model.parameters()),
        "evaluation": _rounded(evaluate(player.play)),
        "cpu_seconds": time.process_time() - start,
    }


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """All runs, side by side in processes; a run's numbers do not depend on how many."""
    from .model import Size
    from .training import Settings

    size = Size(width=args.width, layers=args.layers, heads=max(1, args.width // 16))
    settings = Settings(updates=args.updates, rate=args.rate, device=args.device, size=size)
    references = {name: _rounded(evaluate(policy)) for name, policy in reference_policies().items()}
    print(score_table(references), flush=True)
    jobs = [(seed, asdict(settings), f"seed {seed}") for seed in range(args.seeds)]
    jobs.append((0, asdict(replace(settings, rate=0.0)), "control"))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.jobs, mp_context=context) as pool:
        *runs, control = pool.map(run, *zip(*jobs, strict=True))
    turns = sum(one["turns"] for one in runs) / (len(runs) * settings.updates)
    print(f"CPU seconds: {sum(one.pop('cpu_seconds') for one in [*runs, control]):.0f}")
    return {
        "env_id": ENV_ID,
        "settings": asdict(settings),
        "parameters": control["parameters"],
        "turns_per_update": round(turns, 1),
        "references": references,
        "runs": runs,
        "control": control,
    }


def scores_of(results: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The scores of all policies that were measured, by name."""
    trained = {f"trained, seed {run['seed']}": run["evaluation"] for run in results["runs"]}
    control = {"control (learning rate 0)": results["control"]["evaluation"]}
    return {**results["references"], **trained, **control}


def score_table(scores: dict[str, dict[str, float]]) -> str:
    """One line for each policy."""
    lines = [f"{'policy':<32}{'return':>8}{'±':>7}{'success':>9}{'turns':>7}"]
    lines += [
        f"{name:<32}{one['mean_return']:>8.3f}{one['standard_error']:>7.3f}"
        f"{one['success']:>9.3f}{one['length']:>7.2f}"
        for name, one in scores.items()
    ]
    return "\n".join(lines)


def _rounded(score: Score) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(score).items()}
