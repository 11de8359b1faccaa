"""What recording costs: the same play, recorded and not, taking turns on one server.

    npm run bench -- recording [--rounds 7] [--seconds 0.7] [--observations]

64 GuessTheNumber-hard with the whole history as observation, and one alone: flat out, and with a
model that thinks before each step, which is simulated by sleeping. A row's cost is the median over
the rounds of (rate without recording) / (rate with it) - 1; both sides of a round run one right
after the other, and take turns in who is first. `noise` is the same figure of two vectors neither
of which is recorded: a cost is worth as much as the noise beside it is small. Without a pause the
server's thread has no time of its own but what the client takes to read a reply, so that row is
the upper bound.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants.process import machine

os.environ["GEM_WORKERS"] = "1"

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns

ENV = "game:GuessTheNumber-v0-hard"
WIDTH = 64
THINK_MS = (0.0, 1.0, 5.0, 20.0)
REST_SECONDS = 0.1
ACTIONS = [f"I think it is in the middle. \\boxed{{{guess}}}" for guess in (25, 12, 37, 6, 43)]

Play = Callable[[int], None]


def vector(record: Path | None, *, observations: bool) -> Play:
    """A vector's step."""
    vec = gem.make_vec(
        [ENV] * WIDTH,
        get_wrapper_fns("concat"),
        seed=1,
        record=record,
        record_observations=observations and record is not None,
    )
    vec.reset()
    return lambda turn: void(vec.step([ACTIONS[turn % len(ACTIONS)]] * WIDTH))


def single(record: Path | None, *, observations: bool) -> Play:
    """One environment's step, and its reset where the episode has ended."""
    env = gem.make(
        ENV, seed=1, record=record, record_observations=observations and record is not None
    )
    env.reset()

    def play(turn: int) -> None:
        result = env.step(ACTIONS[turn % len(ACTIONS)])
        if result[2] or result[3]:
            env.reset()

    return play


def void(_: Any) -> None:
    """Drops a result."""


def rate(play: Play, seconds: float, think_ms: float) -> float:
    """Calls per second."""
    start = time.perf_counter()
    end = start + seconds
    turn = 0
    while time.perf_counter() < end:
        if think_ms > 0:
            time.sleep(think_ms / 1000)
        play(turn)
        turn += 1
    return turn / (time.perf_counter() - start)


def rested(play: Play, seconds: float, think_ms: float) -> float:
    """Calls per second, after what the side before has left to be written."""
    time.sleep(REST_SECONDS)
    return rate(play, seconds, think_ms)


def cost(plain: Play, recorded: Play, rounds: int, seconds: float, think: float) -> list[float]:
    """The rate without recording, and by how much it is higher than that with it, in percent."""
    rates = []
    for turn in range(rounds):
        both = (plain, recorded) if turn % 2 == 0 else (recorded, plain)
        first, second = (rested(play, seconds, think) for play in both)
        rates.append((first, second) if turn % 2 == 0 else (second, first))
    without = statistics.median(one for one, _ in rates)
    ratio = statistics.median(one / other for one, other in rates)
    return [without, (ratio - 1) * 100]


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.7)
    parser.add_argument("--observations", action="store_true")
    given = parser.parse_args()
    print(machine())
    print("\n| | think, ms | calls/s | recording costs, % | noise, % |")
    print("|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in ((f"vector of {WIDTH}", vector), ("one", single)):
            path = Path(folder) / f"{make.__name__}.jsonl"
            recorded = make(path, observations=given.observations)
            plain, other = (make(None, observations=False) for _ in range(2))
            for play in (plain, other, recorded):
                rate(play, given.seconds, 0.0)
            for think in THINK_MS:
                settings = (given.rounds, given.seconds, think)
                calls, percent = cost(plain, recorded, *settings)
                _, noise = cost(plain, other, *settings)
                print(
                    f"| {name} | {think:g} | {calls:,.0f} | {percent:.1f} | {noise:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
