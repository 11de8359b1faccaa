"""Python's `datasets`: makes the file, or loads it, from its cache where that is warm."""

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


def peak_kb() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def load(folder: str, environments: int) -> None:
    """Loads the folder for each environment, shuffles, and reads the first question."""
    import datasets

    datasets.disable_progress_bars()
    imported = loaded = time.perf_counter()
    empty = peak_kb()
    views = []
    for seed in range(environments):
        table = datasets.load_dataset(folder, split="train")
        if seed == 0:
            loaded = time.perf_counter()
        view = table.shuffle(seed=seed)
        view[0]["problem"]
        views.append(view)
    now = time.perf_counter()
    peak = peak_kb()
    result = {
        "load": (loaded - imported) * 1000,
        "ready": (now - imported) * 1000,
        "total": (now - started) * 1000,
        "peak_mb": peak / 1024,
        "own_mb": (peak - empty) / 1024,
        "questions": [view[0]["problem"] for view in views],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    command, path, count = sys.argv[1:]
    (make if command == "make" else load)(path, int(count))
