"""Rollouts that wait for nobody: slow environments and a slow model, side by side with `step`.

`python examples/async_rollout.py` plays the same environments both ways and prints the steps per
second of each.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gem
from gem.vector.async_stepping import Batch
from gem.vector.vector_env import VectorEnv

MODEL_SECONDS = 0.03
"""How long the stand-in for a model takes for a batch, whatever its size."""

sys.path.insert(0, str(Path(__file__).parent))
gem.register("example:SlowSum", "slow_env:SlowSumEnv", host=True)


async def generate(observations: Sequence[str]) -> list[str]:
    """Stands for a model's server: answers after a while, and many batches at the same time."""
    await asyncio.sleep(MODEL_SECONDS)
    return ["I do not know." for _ in observations]


async def in_step(vector: VectorEnv, steps: int) -> float:
    """All environments wait for the slowest and for the model; gives steps per second."""
    observations, _ = vector.reset(seed=1)
    start = time.perf_counter()
    for _ in range(steps // vector.num_envs):
        observations, *_ = vector.step(await generate(observations))
    return steps / (time.perf_counter() - start)


async def on_their_own(vector: VectorEnv, steps: int) -> float:
    """Whatever is back goes to the model, whatever the model has answered goes back."""
    vector.send_reset(seeds=1)
    ids, observations, *_ = vector.recv(min=vector.num_envs)
    start = time.perf_counter()
    models: set[asyncio.Task[tuple[list[int], list[str]]]] = set()

    async def ask(members: list[int], texts: list[str]) -> tuple[list[int], list[str]]:
        return members, await generate(texts)

    models.add(asyncio.ensure_future(ask(ids.tolist(), observations)))
    receiving: asyncio.Task[Batch] | None = None
    played = 0
    while played < steps:
        if receiving is None and vector.in_flight:
            receiving = asyncio.ensure_future(vector.arecv())
        waiting: set[asyncio.Task[Any]] = set(models)
        if receiving is not None:
            waiting.add(receiving)
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for model in list(models & done):
            models.discard(model)
            members, actions = model.result()
            vector.send(actions, members)
        if receiving is not None and receiving.done():
            # Rewards, flags and infos are for the trainer; `ids` says whose they are.
            ids, observations, _rewards, _terminated, _truncated, _infos = receiving.result()
            receiving = None
            played += len(ids)
            models.add(asyncio.ensure_future(ask(ids.tolist(), observations)))
    seconds = time.perf_counter() - start
    for model in models:
        model.cancel()
    while vector.in_flight:
        await vector.arecv()
    return played / seconds


async def main() -> None:
    """Plays both ways."""
    count = int(os.environ.get("ENVIRONMENTS", "8"))
    # They sleep more than they compute: a process for each, whatever the number of cores.
    os.environ.setdefault("GEM_HOST_PROCESSES", str(count))
    steps = count * int(os.environ.get("ROUNDS", "20"))
    vector = gem.make_vec(["example:SlowSum"] * count, async_mode=True)
    together = await in_step(vector, steps)
    apart = await on_their_own(vector, steps)
    print(f"step():            {together:6.0f} steps/s")
    print(f"send() and recv(): {apart:6.0f} steps/s, {apart / together:.1f} times as many")
    vector.close()


if __name__ == "__main__":
    asyncio.run(main())
