"""`send` and `recv` beside `step`: one block and several, threads, coroutines, Python objects."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gem
from gem.errors import (
    ActionCountError,
    ClosedError,
    InFlightError,
    InvalidActionError,
    InvalidArgumentError,
    InvalidSeedError,
    ObjectFaultError,
    ResetNeededError,
)
from gem.vector.async_vector_env import AsyncVectorEnv
from gem.vector.sync_vector_env import SyncVectorEnv
from sample_envs import BadNews, CountingEnv, FailingEnv, LoudWrapper, MeetingEnv
from support import run_lines

HARD = "game:GuessTheNumber-v0-hard"
EASY = "game:GuessTheNumber-v0-easy"
MIXED = [HARD, "game:Sokoban-v0-easy", "game:Mastermind-v0-hard", EASY, "game:Wordle-v0-hard"]
GUESS = "\\boxed{3}"


@pytest.fixture(params=["one block", "several blocks"])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with the vector on one worker and split over two."""
    if request.param == "several blocks":
        monkeypatch.setenv("GEM_MIN_BLOCK", "2")


pytestmark = pytest.mark.usefixtures("_blocks")


def _vector(ids: list[str], **options: Any) -> Any:
    vector = gem.make_vec(ids, **options)
    vector.reset(seed=11)
    return vector


def _rows(batch: Any) -> dict[int, list[Any]]:
    ids, *columns = batch
    return {int(i): [column[place] for column in columns] for place, i in enumerate(ids)}


def test_recv_gives_what_step_gives_with_the_positions_in_front() -> None:
    sent, stepped = _vector([HARD] * 5), _vector([HARD] * 5)
    assert sent.send([GUESS] * 3, [4, 0, 2]) is None
    ids, observations, rewards, terminated, truncated, infos = sent.recv(min=3)
    expected = stepped.step({4: GUESS, 0: GUESS, 2: GUESS})
    assert (ids.dtype, rewards.dtype, terminated.dtype, truncated.dtype) == (
        np.int64,
        np.float64,
        np.bool_,
        np.bool_,
    )
    assert _rows((ids, observations, rewards, terminated, truncated, infos)) == _rows(
        (np.array([4, 0, 2]), *expected)
    )


def test_send_without_ids_and_with_a_map_names_the_same_environments() -> None:
    vector = _vector([HARD] * 4)
    vector.send([GUESS] * 4)
    assert vector.in_flight == [0, 1, 2, 3]
    assert sorted(vector.recv(min=4).ids) == [0, 1, 2, 3]
    vector.send({3: GUESS, 1: GUESS})
    assert sorted(vector.recv(min=2).ids) == [1, 3]
    assert vector.in_flight == []


def test_what_is_beyond_max_comes_with_the_next_recv() -> None:
    vector = _vector([HARD] * 4)
    vector.send([GUESS] * 4)
    first = vector.recv(min=2, max=2).ids
    assert len(first) == 2
    assert len(vector.in_flight) == 2
    rest = vector.recv(min=2).ids
    assert sorted([*first, *rest]) == [0, 1, 2, 3]


def test_members_in_flight_are_named_and_nothing_else_begins() -> None:
    vector = _vector([HARD] * 4)
    vector.send([GUESS] * 2, [1, 3])
    with pytest.raises(InFlightError, match="environments 1, 3 are in flight") as caught:
        vector.send([GUESS] * 4)
    assert caught.value.details["members"] == [1, 3]
    refused: list[tuple[str, list[Any]]] = [
        ("step", [[GUESS] * 4]),
        ("step", [{0: GUESS}]),
        ("reset", []),
        ("send_reset", [[3]]),
        ("__deepcopy__", [{}]),
    ]
    for name, arguments in refused:
        with pytest.raises(InFlightError):
            getattr(vector, name)(*arguments)
    assert [env.turn_count for env in vector.envs] == [0, 1, 0, 1]
    assert sorted(vector.recv(min=2).ids) == [1, 3]
    vector.step([GUESS] * 4)


def test_recv_with_nothing_in_flight_is_an_error_or_ends_in_time() -> None:
    vector = _vector([HARD] * 2)
    with pytest.raises(InvalidArgumentError, match="would wait for ever: nothing is in flight"):
        vector.recv()
    ids, observations, rewards, *flags, infos = vector.recv(max_wait=0.01)
    assert (ids.tolist(), observations, rewards.tolist(), infos) == ([], [], [], [])
    assert all(flag.dtype == np.bool_ and flag.shape == (0,) for flag in flags)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda vector: vector.send(["a"]), ActionCountError),
        (lambda vector: vector.send(["a", 3], [0, 1]), InvalidActionError),
        (lambda vector: vector.send(["a", "a"], [1, 1]), InvalidArgumentError),
        (lambda vector: vector.send(["a"], [9]), InvalidArgumentError),
        (lambda vector: vector.send({0: "a"}, [0]), InvalidArgumentError),
        (lambda vector: vector.send_reset([0], [1, 2]), InvalidSeedError),
        (lambda vector: vector.send_reset([0], [-1]), InvalidSeedError),
        (lambda vector: vector.recv(min=0), InvalidArgumentError),
        (lambda vector: vector.recv(min=3, max=2), InvalidArgumentError),
        (lambda vector: vector.recv(max_wait=-1), InvalidArgumentError),
    ],
)
def test_mistakes_are_told_before_anything_begins(call: Any, error: type) -> None:
    vector = _vector([HARD] * 4)
    with pytest.raises(error):
        call(vector)
    assert vector.in_flight == []


def test_an_environment_without_an_episode_is_not_sent() -> None:
    vector = gem.make_vec([HARD] * 4)
    with pytest.raises(ResetNeededError, match=r"Call reset\(\) before send\(\)"):
        vector.send(["a"], [2])
    assert vector.in_flight == []


def test_episodes_begin_from_seeds() -> None:
    vector = gem.make_vec([HARD] * 4)
    vector.send_reset(seeds=11)
    batch = vector.recv(min=4)
    assert _rows(batch)[2][1:4] == [0.0, False, False]
    twin = _vector([HARD] * 4)
    assert [env.game_number for env in vector.envs] == [env.game_number for env in twin.envs]
    vector.send_reset([3, 1], [7, 7])
    vector.recv(min=2)
    assert vector.envs[3].game_number == vector.envs[1].game_number


@pytest.mark.parametrize("mode", ["SameStep", "NextStep"])
def test_episodes_end_and_begin_as_in_step(mode: str) -> None:
    sent = _vector([EASY] * 4, autoreset_mode=mode)
    stepped = _vector([EASY] * 4, autoreset_mode=mode)
    for turn in range(1, 14):
        actions = [f"\\boxed{{{turn % 10}}}"] * 4
        sent.send(actions)
        assert _rows(sent.recv(min=4)) == _rows((range(4), *stepped.step(actions)))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.booleans()), max_size=25))
def test_any_interleaving_gives_each_environment_the_trajectory_of_step(
    plan: list[tuple[int, int, bool]],
) -> None:
    vector, twin = _vector(MIXED), _vector(MIXED)
    seen: dict[int, list[Any]] = {}
    wanted: dict[int, list[Any]] = {}

    def take(least: int) -> None:
        for position, row in _rows(vector.recv(min=least)).items():
            seen.setdefault(position, []).append(row)

    for position, digit, receives in plan:
        while position in vector.in_flight:
            take(1)
        action = f"\\boxed{{{digit}}}"
        vector.send([action], [position])
        if receives:
            take(1)
        row = _rows((np.array([position]), *twin.step({position: action})))[position]
        wanted.setdefault(position, []).append(row)
    while vector.in_flight:
        take(1)
    assert seen == wanted


def test_one_thread_sends_and_another_receives() -> None:
    vector = _vector([HARD] * 6)
    received: dict[int, int] = dict.fromkeys(range(6), 0)

    def receive() -> None:
        while sum(received.values()) < 60:
            for position in vector.recv(max_wait=30).ids.tolist():
                received[position] += 1
                idle.release()

    idle = threading.Semaphore(0)
    thread = threading.Thread(target=receive)
    thread.start()
    for _ in range(10):
        for position in range(6):
            vector.send([GUESS], [position])
        for _ in range(6):
            idle.acquire()
    thread.join()
    assert received == dict.fromkeys(range(6), 10)


def test_coroutines_receive_and_lose_nothing_when_cancelled() -> None:
    vector = _vector([HARD] * 4)

    async def main() -> list[int]:
        waiting = asyncio.ensure_future(vector.arecv(max_wait=30))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        vector.send([GUESS] * 4)
        got: list[int] = []
        while len(got) < 4:
            got += (await vector.arecv(max_wait=30)).ids.tolist()
        return sorted(got)

    assert asyncio.run(main()) == [0, 1, 2, 3]


def test_close_discards_what_is_in_flight() -> None:
    vector = _vector([HARD] * 4)
    vector.send([GUESS] * 4)
    vector.close()
    assert vector.in_flight == []
    with pytest.raises(ClosedError):
        vector.send([GUESS] * 4)


def test_python_environments_go_on_while_recv_waits() -> None:
    vector = SyncVectorEnv(["a"] * 3, [CountingEnv, CountingEnv, CountingEnv])
    vector.reset()
    vector.send(["x"] * 3)
    envs: list[Any] = list(vector.envs)
    assert [env.count for env in envs] == [0, 0, 0]
    ids, observations, *_, infos = vector.recv()
    assert (ids.tolist(), observations, infos[0]["count"]) == ([0], ["saw x"], 1)
    assert vector.recv(min=2).ids.tolist() == [1, 2]


def test_python_environments_of_an_asynchronous_vector_step_at_the_same_time() -> None:
    MeetingEnv.barrier = threading.Barrier(3)
    vector = AsyncVectorEnv(["a"] * 3, [MeetingEnv, MeetingEnv, MeetingEnv])
    vector.reset()
    vector.send(["x"] * 3)
    assert sorted(vector.recv(min=3).ids) == [0, 1, 2]


def test_a_failing_environment_raises_its_own_exception_once() -> None:
    vector = AsyncVectorEnv(["a"] * 3, [FailingEnv, FailingEnv, CountingEnv])
    vector.reset()
    vector.send(["x", "fail", "x"])
    with pytest.raises((BadNews, ObjectFaultError)):
        vector.recv(min=3)
    assert vector.recv(min=3).ids.tolist() == [0, 2]
    assert vector.in_flight == []
    vector.send(["x"] * 3)
    assert sorted(vector.recv(min=3).ids) == [0, 1, 2]


def test_a_masked_fault_comes_through_recv_and_is_marked() -> None:
    vector = AsyncVectorEnv(["a"] * 3, [FailingEnv, FailingEnv, CountingEnv], on_fault="mask")
    vector.reset()
    vector.send(["x", "fail", "x"])
    batch = vector.recv(min=3)
    place = batch.ids.tolist().index(1)
    assert vector.fault_mask.tolist() == [i == 1 for i in batch.ids]
    assert (batch.rewards[place], batch.truncated[place]) == (0.0, True)
    assert batch.infos[place]["gem"]["outcome"] == "fault"
    vector.send(["x"] * 3)
    vector.recv(min=3)
    assert not vector.fault_mask.any()


def test_objects_in_infos_keep_their_identity() -> None:
    vector = AsyncVectorEnv(["a"] * 2, [CountingEnv, CountingEnv])
    vector.send_reset()
    batch = vector.recv(min=2)
    for place, position in enumerate(batch.ids):
        env: Any = vector.envs[position]
        assert batch.infos[place]["marker"] is env.marker


def test_wrappers_in_python_work_in_flight() -> None:
    vector = gem.make_vec([HARD] * 2, wrappers=[LoudWrapper])
    vector.reset(seed=1)
    vector.send([GUESS] * 2)
    assert all(text.endswith("!") for text in vector.recv(min=2).observations)


TRANSPORTS = """
import numpy
vec = gem.make_vec([ID] * 6, seed=5)
vec.reset(seed=5)
twin = gem.make_vec([ID] * 6, seed=5)
twin.reset(seed=5)
for turn in range(6):
    vec.send([f"\\\\boxed{{{turn}}}"] * 6)
    got = {}
    while vec.in_flight:
        batch = vec.recv(min=2, max_wait=20)
        got.update((i, (o, float(r))) for i, o, r in zip(batch[0].tolist(), batch[1], batch[2]))
    observations, rewards, *_ = twin.step([f"\\\\boxed{{{turn}}}"] * 6)
    assert [got[i] for i in range(6)] == list(zip(observations, rewards.tolist())), turn
say("same over", len(vec._gem_members.blocks))
"""


@pytest.mark.parametrize("transport", ["shm", "unix", "ipc", "tcp"])
def test_every_transport_carries_it(transport: str) -> None:
    lines = run_lines(TRANSPORTS, GEM_TRANSPORT=transport, GEM_WORKERS="2")
    assert lines == [f"same over {2 if os.environ.get('GEM_MIN_BLOCK') else 1}"]
