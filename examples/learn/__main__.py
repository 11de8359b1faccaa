"""Trains over several seeds and once with learning rate 0, measures, and draws the figure.

python -m examples.learn --out examples/learn
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from .experiment import measure, score_table, scores_of
from .plot import draw


def parse_args(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.learn",
        description="Train a tiny language model on a game, with environments in Node.",
    )
    parser.add_argument("--seeds", type=int, default=3, help="runs that learn (default 3)")
    parser.add_argument("--updates", type=int, default=100, help="policy updates (default 100)")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="learning rate (default 0.0015)")
    parser.add_argument("--width", type=int, default=64, help="the model's width (default 64)")
    parser.add_argument("--layers", type=int, default=2, help="its layers (default 2)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default cpu)")
    parser.add_argument(
        "--jobs",
        type=int,
        default=min(4, os.cpu_count() or 1),
        help="runs at the same time, one core each (default: the cores, at most 4)",
    )
    parser.add_argument("--out", type=Path, default=Path("out/learn"), help="folder for results")
    return parser.parse_args(arguments)


def main() -> None:
    """Measures, writes `results.json`, draws `curve.png`, prints the scores."""
    args = parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    results = measure(args)
    (args.out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    draw(results, args.out / "curve.png")
    print(score_table(scores_of(results)))
    print(f"{time.perf_counter() - start:.0f} s. Figure: {args.out / 'curve.png'}")


if __name__ == "__main__":
    main()
