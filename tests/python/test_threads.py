"""Threads: an environment made in one may be used in any other, and in several at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
from sample_envs import ChatTokenizer
from support import run_script

HARD = "game:GuessTheNumber-v0-hard"
THREADS = 16


def _all_at_once(task: Callable[[int], Any]) -> list[Any]:
    barrier = threading.Barrier(THREADS)

    def run(index: int) -> Any:
        barrier.wait(timeout=60)
        return task(index)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_threads_play_their_own_environments_as_one_thread_would() -> None:
    envs = [gem.make(HARD) for _ in range(THREADS)]

    def play(index: int) -> list[Any]:
        trace: list[Any] = [envs[index].reset(seed=index)]
        trace += (envs[index].step(f"\\boxed{{{guess}}}") for guess in range(1, 6))
        return trace

    assert _all_at_once(play) == [play(index) for index in range(THREADS)]


def test_threads_that_share_an_environment_step_it_one_after_the_other() -> None:
    env: Any = gem.make(HARD, max_turns=1000, max_number=100_000)
    env.reset(seed=3)
    _all_at_once(lambda index: [env.step(f"\\boxed{{{index * 10 + k + 1}}}") for k in range(10)])
    assert env.turn_count == THREADS * 10


def test_threads_make_and_drop_environments_at_the_same_time() -> None:
    def task(index: int) -> int:
        for round_ in range(5):
            env: Any = gem.make(HARD)
            env.reset(seed=index * 10 + round_)
            env.step("\\boxed{3}")
        return int(env.turn_count)

    assert _all_at_once(task) == [1] * THREADS


def test_threads_share_a_vector_with_a_tokenizer() -> None:
    vector = gem.make_vec(
        [HARD] * 3, get_wrapper_fns("concat_chat", ChatTokenizer()), async_mode=True
    )
    vector.reset(seed=1)
    results = _all_at_once(lambda index: vector.step({index % 3: f"\\boxed{{{index + 1}}}"}))
    assert all(len(result[0]) == 1 for result in results)


def test_the_first_use_in_many_threads_starts_one_server() -> None:
    script = """
import os, threading, gem
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
barrier = threading.Barrier(16)
def task(index):
    barrier.wait()
    return gem.make("game:GuessTheNumber-v0-easy").reset(seed=1)[0]
def is_server(process):
    try:
        parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        return parent == os.getpid() and "serve" in (process / "cmdline").read_text().split("\\0")
    except OSError:
        return False
with ThreadPoolExecutor(16) as pool:
    assert len(set(pool.map(task, range(16)))) == 1
print(sum(map(is_server, Path("/proc").glob("[0-9]*"))))
"""
    assert run_script(script).stdout.strip() == "1"


@pytest.mark.parametrize("same_thread", [False, True])
def test_an_event_loop_may_call_synchronously(same_thread: bool) -> None:
    import asyncio

    async def play() -> Any:
        env: Any = gem.make(HARD)
        if same_thread:
            env.reset(seed=1)
            return env.step("\\boxed{3}")[1]
        await asyncio.to_thread(env.reset, seed=1)
        return (
            await asyncio.gather(*(asyncio.to_thread(env.step, "\\boxed{3}") for _ in range(3)))
        )[0][1]

    assert asyncio.run(play()) == 0.0
