"""Writes a data set for Verl that has a seed in each row: what is learned from comes from playing.

`python examples/verl/make_rows.py OUT.parquet --rows 4096 --first-seed 1`
"""

from __future__ import annotations

import argparse
from typing import Any

INSTRUCTION = "You play a game. Think briefly, then give one move in \\boxed{}."


def rows(count: int, first_seed: int, instruction: str = INSTRUCTION) -> list[dict[str, Any]]:
    """Rows with the fields that Verl reads; the environment gives the first user message."""
    return [
        {
            "agent_name": "gem_agent",
            "data_source": "gem",
            "prompt": [{"role": "system", "content": instruction}],
            "reward_model": {"style": "rule", "ground_truth": ""},
            "extra_info": {"index": seed - first_seed, "seed": seed},
        }
        for seed in range(first_seed, first_seed + count)
    ]


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description="Writes seeds as a data set for Verl.")
    parser.add_argument("out")
    parser.add_argument("--rows", type=int, default=4096)
    parser.add_argument("--first-seed", type=int, default=1)
    chosen = parser.parse_args()
    from datasets import Dataset

    Dataset.from_list(rows(chosen.rows, chosen.first_seed)).to_parquet(chosen.out)
    print(f"{chosen.rows} rows in {chosen.out}")


if __name__ == "__main__":
    main()
