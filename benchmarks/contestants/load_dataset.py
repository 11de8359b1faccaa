"""Python's `datasets`: makes the file, or loads it from its warm cache."""

from __future__ import annotations

import json
import random
import resource
import sys
import time

started = time.perf_counter()


def make(path: str, rows: int) -> None:
    """Writes questions and answers as math datasets have them, and a column that nobody needs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = random.Random(0)
    words = [f"w{i}" * (i % 3 + 1) for i in range(5000)]
    problems = [" ".join(rng.choices(words, k=rng.randint(15, 70))) for _ in range(rows)]
    answers = [str(rng.randint(0, 10**6)) for _ in range(rows)]
    solutions = [" ".join(rng.choices(words, k=rng.randint(50, 150))) for _ in range(rows)]
    table = pa.table({"problem": problems, "answer": answers, "solution": solutions})
    pq.write_table(table, path)


def load(folder: str, environments: int) -> None:
    """Loads the folder for each environment, shuffles, and reads the first question."""
    import datasets

    datasets.disable_progress_bars()
    imported = time.perf_counter()
    views = []
    for seed in range(environments):
        view = datasets.load_dataset(folder, split="train").shuffle(seed=seed)
        view[0]["problem"]
        views.append(view)
    now = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {
        "load": now - imported,
        "total": now - started,
        "peak_mb": peak / 1024,
        "first": views[0][0]["problem"],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    command, path, count = sys.argv[1:]
    (make if command == "make" else load)(path, int(count))
