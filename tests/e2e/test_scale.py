"""Many sessions, many steps, long computations: nothing stays behind, nobody is taken for dead."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from scale_server import BareClient, Heap, ScaleServer, play_once

SESSIONS = 2_000
STEPS = 100_000
WIDTH = 64
BUSY_SECONDS = 5
LEAK_BYTES = 500
"""What a session may keep; a session and a client of its own have more."""

LEAK_BYTES_A_STEP = 8
"""What a step may keep: less than any object."""


@pytest.fixture
def server() -> Iterator[ScaleServer]:
    """A server with one worker."""
    with ScaleServer() as server:
        yield server


def test_sessions_that_are_over_leave_nothing_behind(server: ScaleServer) -> None:
    (endpoint,) = server.endpoints
    with Heap(endpoint) as heap:
        for _ in range(SESSIONS):
            play_once(endpoint)
        before = heap.used()
        for _ in range(SESSIONS):
            play_once(endpoint)
        assert heap.used() - before < SESSIONS * LEAK_BYTES
        stats = heap.stats()
    assert (stats["sessions"], stats["clients"], stats["calls_waiting"]) == (1, 1, 0)
    assert {id_: count for id_, count in stats["environments"].items() if count} == {
        "scale:Memory": 1
    }


def test_steps_leave_nothing_behind(server: ScaleServer) -> None:
    (endpoint,) = server.endpoints
    with Heap(endpoint) as heap, BareClient(endpoint) as client:
        specs = [["game:GuessTheNumber-v0-easy", {"seed": seed}] for seed in range(WIDTH)]
        handles = [handle for handle, _ in client.call("make", specs, [])[1]]
        vector = client.call("vector", handles, False, "SameStep")
        client.call("vector_reset", vector, None, {})
        actions = ["\\boxed{5}"] * WIDTH
        calls = STEPS // WIDTH
        for _ in range(calls):
            client.call("vector_step", vector, actions, None)
        before = heap.used()
        for _ in range(calls):
            client.call("vector_step", vector, actions, None)
        assert heap.used() - before < STEPS * LEAK_BYTES_A_STEP
        load = heap.load()
    assert (load["environments"], load["sessions"], load["calls_in_flight"]) == (WIDTH + 1, 2, 1)


def test_a_worker_that_computes_is_not_taken_for_dead_and_the_other_answers_meanwhile() -> None:
    with (
        ScaleServer(workers=2) as server,
        BareClient(server.endpoints[0]) as busy,
        BareClient(server.endpoints[0]) as sibling,
        BareClient(server.endpoints[1]) as other,
    ):
        handle = busy.make("scale:Busy")
        busy.call("reset", handle, 0, 1, {})
        quick = other.make("game:GuessTheNumber-v0-easy")
        answers: list[object] = []

        def step() -> None:
            answers.append(busy.call("step", handle, 0, str(BUSY_SECONDS)))

        thread = threading.Thread(target=step)
        thread.start()
        rounds = 0
        while thread.is_alive():
            other.call("reset", quick, 0, rounds, {})
            rounds += 1
        thread.join()
        assert rounds > 1
        assert answers == [["1", 1.0, False, False, {}]]
        # Sessions and environments from before are known: it is the same worker.
        assert sibling.call("load")["environments"] == 1
        assert busy.call("step", handle, 0, "0")[0] == "2"
