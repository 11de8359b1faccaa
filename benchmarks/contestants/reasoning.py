"""What a trainer does with `rg:*`, timed: run with this project's `gem` or with upstream's.

Reads one JSON request a line and answers with one JSON line. Nothing here knows which `gem` it is.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

with contextlib.redirect_stdout(io.StringIO()):
    import gem


def vector(env_id: str, envs: int, is_async: bool, differ: bool, seconds: float) -> dict[str, Any]:
    """Steps a vector, autoresets included, for a while, after half as long that is not timed.

    All environments give the same answer, or each another one at each step.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        vec = gem.make_vec([env_id] * envs, async_mode=is_async)
    vec.reset(seed=0)
    rate = 0.0
    for period in (seconds / 2, seconds):
        steps = 0
        start = time.perf_counter()
        while time.perf_counter() - start < period:
            numbers = range(steps, steps + envs) if differ else [5] * envs
            vec.step([f"I would guess \\boxed{{{number}}} now." for number in numbers])
            steps += envs
        rate = steps / (time.perf_counter() - start)
    return {"steps_per_s": rate}


def resets(env_id: str, count: int, think_ms: float) -> dict[str, Any]:
    """Resets without a seed, an answer after each; `think_ms` pass before it as a model thinks."""
    env = gem.make(env_id)
    env.reset()
    samples = []
    for _ in range(count):
        time.sleep(think_ms / 1e3)
        env.step("")
        start = time.perf_counter()
        env.reset()
        samples.append((time.perf_counter() - start) * 1e3)
    return {"ms": samples}


CASES: dict[str, Callable[..., dict[str, Any]]] = {"vector": vector, "resets": resets}


def main() -> None:
    """Answers requests until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        with contextlib.redirect_stdout(io.StringIO()):
            result = CASES[request.pop("case")](**request)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
