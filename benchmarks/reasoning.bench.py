"""Vectors and resets of `rg:*`, beside upstream's.

    npm run bench -- reasoning [DATASET ...] [--resets 100] [--think 500] [--rounds 3] [--seconds 3]

Vectors: 64 environments of a dataset whose answers the default scorer judges, of one whose own
scorer is known to Node, of one that only the library judges, and of one that, besides, has items
that no two environments share; all give the same answer or each another one. Each step ends every
episode, so a step is a score and a reset. `make_vec` gives neighbours seeds that follow each other,
so in the first three they meet each other's items one step later. Steps per second over a few
seconds, the two taking turns; the ratio is the median over the rounds.

Resets: of the ten datasets whose slowest items take longest to generate, or of those that are
named. A model that thinks for `--think` milliseconds before it answers is simulated by sleeping, on
our side only: upstream generates nothing meanwhile. A row's ratio is upstream's 99th percentile
divided by ours.
"""

from __future__ import annotations

import argparse
import os
import statistics
from typing import Any

from contestants.process import (
    FOLDER,
    ORACLE_PYTHON,
    OUR_PYTHON,
    ROOT,
    Contestant,
    has_oracle,
    machine,
)

VECTORS = ("leg_counting", "chain_sum", "spell_backward", "knights_knaves")
MODES = ((False, False), (True, False), (False, True), (True, True))
"""Whether a vector is asynchronous, and whether the environments' answers differ."""
ENVS = 64

SLOWEST = (
    "zebra_puzzles",
    "knight_swap",
    "futoshiki",
    "intermediate_integration",
    "sokoban",
    "puzzle24",
    "sudoku",
    "rearc",
    "polynomial_equations",
    "countdown",
)


def vectors(ours: Contestant, theirs: Contestant, rounds: int, seconds: float) -> None:
    """Prints steps per second, measured for `seconds` each time."""
    print(f"\n| {ENVS} of | mode | ours, steps/s | upstream | ours / upstream |")
    print("|---|---|--:|--:|--:|")
    for name in VECTORS:
        for is_async, differ in MODES:
            request = {
                "case": "vector",
                "env_id": f"rg:{name}",
                "envs": ENVS,
                "is_async": is_async,
                "differ": differ,
                "seconds": seconds,
            }
            pairs = [
                (ours.ask(**request)["steps_per_s"], theirs.ask(**request)["steps_per_s"])
                for _ in range(rounds)
            ]
            ratio = statistics.median(fast / slow for fast, slow in pairs)
            fast, slow = (statistics.median(rates) for rates in zip(*pairs, strict=True))
            mode = f"{'async' if is_async else 'sync'}, {'own' if differ else 'same'} answers"
            print(f"| rg:{name} | {mode} | {fast:,.0f} | {slow:,.0f} | {ratio:.2f} |", flush=True)


def resets(ours: Contestant, theirs: Contestant, name: str, count: int, think_ms: float) -> str:
    """The table row of one dataset."""
    request: dict[str, Any] = {"case": "resets", "env_id": f"rg:{name}", "count": count}
    fast: Any = ours.ask(**request, think_ms=think_ms)["ms"]
    slow: Any = theirs.ask(**request, think_ms=0)["ms"]
    cells = [percentile(samples, part) for samples in (fast, slow) for part in (50, 99)]
    ratio = cells[3] / cells[1]
    return f"| rg:{name} | {' | '.join(f'{cell:.2f}' for cell in cells)} | {ratio:.1f} |"


def percentile(samples: list[float], part: int) -> float:
    """The sample that `part` percent do not exceed."""
    return sorted(samples)[min(len(samples) - 1, len(samples) * part // 100)]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Vectors and resets of rg:*.")
    parser.add_argument("datasets", nargs="*", help="whose resets are timed; default the slowest")
    parser.add_argument("--resets", type=int, default=100, help="per dataset (default 100)")
    parser.add_argument("--think", type=float, default=500, help="milliseconds (default 500)")
    parser.add_argument("--rounds", type=int, default=3, help="of the vectors (default 3)")
    parser.add_argument("--seconds", type=float, default=3, help="per vector (default 3)")
    args = parser.parse_args()
    if not has_oracle():
        parser.error("there is no .venv-oracle to compare with (`npm test` makes it)")
    print(f"Machine: {machine()}")
    script = str(FOLDER / "reasoning.py")
    path = os.pathsep.join([str(ROOT / "python"), os.environ.get("PYTHONPATH", "")])
    ours = Contestant("ours", [OUR_PYTHON, script], {"PYTHONPATH": path.rstrip(os.pathsep)})
    theirs = Contestant("upstream", [ORACLE_PYTHON, script], {"PYTHONPATH": ""})
    if args.rounds > 0:
        vectors(ours, theirs, args.rounds, args.seconds)
    print(f"\n{args.resets} resets each; {args.think:g} ms of thinking before ours.\n")
    print("| id | ours p50 ms | p99 | upstream p50 ms | p99 | upstream / ours, p99 |")
    print("|---|--:|--:|--:|--:|--:|")
    for name in args.datasets or SLOWEST:
        print(resets(ours, theirs, name, args.resets, args.think), flush=True)
    ours.close()
    theirs.close()


if __name__ == "__main__":
    main()
