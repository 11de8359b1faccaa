"""What a trainer does, timed: run with this project's `gem` or with upstream's.

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

import numpy as np

with contextlib.redirect_stdout(io.StringIO()):
    import gem
    from gem.wrappers.wrapper_factory import get_wrapper_fns

ACTION = "I would guess \\boxed{5} now."


def single(env_id: str, calls: int) -> dict[str, float]:
    """Steps one environment; resets are made but not timed."""
    env = gem.make(env_id)
    env.reset(seed=0)
    samples = np.empty(calls)
    for i in range(calls):
        start = time.perf_counter_ns()
        done = env.step(ACTION)[2]
        samples[i] = time.perf_counter_ns() - start
        if done:
            env.reset()
    return summary(samples, 1)


def vector(env_id: str, envs: int, wrappers: str, is_async: bool, calls: int) -> dict[str, float]:
    """Steps a vector, autoresets included, after half as many calls that are not timed."""
    with contextlib.redirect_stdout(io.StringIO()):
        vec = gem.make_vec([env_id] * envs, wrappers=get_wrapper_fns(wrappers), async_mode=is_async)
    vec.reset(seed=0)
    actions = [ACTION] * envs
    for _ in range(calls // 2):
        vec.step(actions)
    samples = np.empty(calls)
    for i in range(calls):
        start = time.perf_counter_ns()
        vec.step(actions)
        samples[i] = time.perf_counter_ns() - start
    return summary(samples, envs)


def payload(env_id: str, size: int, calls: int) -> dict[str, float]:
    """Steps one environment with an action, and a suffix in its info, of `size` bytes each."""
    env = gem.make(env_id, prompts={"suffix": "s" * size})
    env.reset(seed=0)
    action = "\\boxed{51}".rjust(size, "a")
    samples = np.empty(calls)
    for i in range(calls):
        start = time.perf_counter_ns()
        env.step(action)
        samples[i] = time.perf_counter_ns() - start
    return summary(samples, 1)


def summary(samples_ns: Any, envs: int) -> dict[str, float]:
    """Median and 99th percentile of a call in µs, and steps per second at the median."""
    p50, p99 = np.percentile(samples_ns, [50, 99]) / 1e3
    return {"p50": float(p50), "p99": float(p99), "steps_per_s": envs / float(p50) * 1e6}


CASES: dict[str, Callable[..., dict[str, float]]] = {
    "single": single,
    "vector": vector,
    "payload": payload,
}


def main() -> None:
    """Answers requests until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        result = CASES[request.pop("case")](**request)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
