"""What `import gem` and the first environment cost, beside `import numpy` and upstream.

    npm run bench -- startup [--rounds 9]

Every figure comes from a fresh process; the cases take turns within each round; figures are
medians over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess

from contestants.process import FOLDER, ORACLE_PYTHON, OUR_PYTHON, has_oracle, machine

ENV_ID = "game:GuessTheNumber-v0-easy"
TIMED = "import time; start = time.perf_counter(); {code}; print(time.perf_counter() - start)"
IMPORT = "import gem"
NUMPY = "import numpy"
FIRST = f"import gem; env = gem.make({ENV_ID!r}); env.reset(seed=0)"


def cases() -> dict[str, tuple[str, str]]:
    """Name → (python, code)."""
    ours = {
        "import numpy": (OUR_PYTHON, NUMPY),
        "import gem": (OUR_PYTHON, IMPORT),
        "import gem, make, first observation": (OUR_PYTHON, FIRST),
    }
    if not has_oracle():
        return ours
    return {
        **ours,
        "upstream: import gem": (ORACLE_PYTHON, IMPORT),
        "upstream: import gem, make, first observation": (ORACLE_PYTHON, FIRST),
    }


def seconds(python: str, code: str) -> float:
    """The time that `code` takes in a fresh process."""
    command = [python, "-c", TIMED.format(code=code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=FOLDER)
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Cost of import and of the first environment.")
    parser.add_argument(
        "--rounds", type=int, default=9, help="rounds to take medians over (default 9)"
    )
    args = parser.parse_args()
    print(f"Machine: {machine()}")
    samples: dict[str, list[float]] = {}
    for _ in range(args.rounds):
        for name, (python, code) in cases().items():
            samples.setdefault(name, []).append(seconds(python, code) * 1e3)
    print("| case | median ms | min ms |\n|---|--:|--:|")
    for name, values in samples.items():
        print(f"| {name} | {statistics.median(values):.0f} | {min(values):.0f} |")
    middle = {name: statistics.median(values) for name, values in samples.items()}
    print(f"import gem − import numpy: {middle['import gem'] - middle['import numpy']:+.0f} ms")
    if "upstream: import gem" in middle:
        print(
            f"upstream's import / ours: {middle['upstream: import gem'] / middle['import gem']:.1f}"
        )


if __name__ == "__main__":
    main()
