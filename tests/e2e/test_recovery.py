"""Servers and workers that die under a trainer: it sees latency, or a typed error."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "python"))

from recovery_play import PLAY  # noqa: E402
from support import ENTRY, is_gone, run_lines, start_script, wait_until  # noqa: E402

os.environ.setdefault("GEM_HOSTS", str(TESTS.parent / ".hosts"))

DYING = TESTS / "fixtures" / "recovery" / "dying-worker.mjs"


def _dying(tmp_path: Path) -> dict[str, str]:
    """The environment of a server whose workers die when `die` below tells them to."""
    return {"GEM_TEST_DEATHS": str(tmp_path), "NODE_OPTIONS": f"--import {DYING}"}


MOODY = """
import time
from gem.core import Env
class MoodyEnv(Env):
    def reset(self, seed=None): return "go", {}
    def step(self, action): return "went", time.monotonic_ns() / 1e9, False, False, {}
"""

DIE = """
def die(worker, how="throw"):
    folder = os.environ["GEM_TEST_DEATHS"]
    with open(f"{folder}/.new", "w") as order: order.write(how)
    os.rename(f"{folder}/.new", f"{folder}/{worker}")
    while os.path.exists(f"{folder}/{worker}"): time.sleep(0.005)
"""


@contextlib.contextmanager
def _serving(
    transport: str, workers: int, **variables: str
) -> Iterator[tuple[subprocess.Popen[bytes], list[str]]]:
    """A server that lives as long as the block; gives its addresses."""
    node = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert node is not None
    command = [node, ENTRY, "serve", "--transport", transport, "--workers", str(workers)]
    environment = {**os.environ, **variables}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["endpoints"]
        finally:
            process.kill()


@pytest.mark.parametrize("mode", ["SameStep", "NextStep"])
def test_a_killed_server_costs_a_vector_of_64_only_time(mode: str) -> None:
    lines = run_lines(
        PLAY
        + f"""
undisturbed = play(mode={mode!r})
say(play(("before the first reset", 0, 13, 39), mode={mode!r}) == undisturbed)
"""
    )
    assert lines == ["True"]


def test_environments_in_hosts_are_made_again_too() -> None:
    lines = run_lines(
        PLAY
        + """
ids = ["rg:leg_counting", "game:GuessTheNumber-v0-hard"]
say(play((3,), ids=ids, size=8, turns=6) == play(ids=ids, size=8, turns=6))
"""
    )
    assert lines == ["True"]


def test_a_step_in_flight_when_the_server_dies_is_played_once() -> None:
    lines = run_lines(
        PLAY
        + """
def during():
    freeze(server_pid())
    when_waiting(1, os.kill, server_pid(), signal.SIGKILL)
say(play((7, 21), how=during) == play())
env = gem.make(IDS[0], max_turns=50); env.reset()
for turn in range(3):
    during(); env.step("\\\\boxed{1}"); say(env.turn_count)
"""
    )
    assert lines == ["True", "1", "2", "3"]


def test_a_long_episode_goes_on_from_its_last_snapshot() -> None:
    lines = run_lines(
        PLAY
        + """
turns = 400
undisturbed = play(turns=turns, size=8)
say(play((111, 222, 333, 399), turns=turns, size=8) == undisturbed)
"""
    )
    assert lines == ["True"]


def test_streams_that_nobody_seeded_go_on_where_they_were() -> None:
    lines = run_lines(
        PLAY
        + """
envs = [gem.make(env_id) for env_id in IDS]
envs.append(WRAPPER_FACTORY["concat"](gem.make(IDS[0])))
kill()
for env in envs: env.reset(); env.step("\\\\boxed{1}"); env.reset()
envs += [copy.deepcopy(envs[0]), envs[1].spawn()]
states = [env.get_state() for env in envs]
kill()
say([env.get_state() for env in envs] == states)
envs[0].turn_count = 3
kill()
say(envs[0].turn_count)
"""
    )
    assert lines == ["True", "3"]


def test_exchanged_environments_and_closed_ones_stay_so() -> None:
    lines = run_lines(
        PLAY
        + """
vec = gem.make_vec([IDS[0]] * 6, seed=1); vec.reset(); vec.step(["\\\\boxed{1}"] * 6)
for place in (1, 2): vec.envs[place] = copy.deepcopy(vec.envs[0])
vec.step(["\\\\boxed{2}"] * 6)
states = [env.get_state() for env in vec.envs]
kill()
say([env.get_state() for env in vec.envs] == states, states[0] == states[1] == states[2])
kill()
vec.envs[3] = copy.deepcopy(vec.envs[0])
say(vec.envs[3].get_state() == states[0], vec.envs[4].get_state() == states[4])
env = gem.make(IDS[0]); env.reset(); env.close(); kill()
try: env.step("x")
except ClosedError: say("closed")
"""
    )
    assert lines == ["True True", "True True", "closed"]


def test_threads_with_environments_of_their_own_all_go_on() -> None:
    lines = run_lines(
        PLAY
        + """
from concurrent.futures import ThreadPoolExecutor
def episode(env, pause=lambda turn: None):
    log = [env.reset()]
    for turn in range(200):
        pause(turn)
        step = env.step(f"\\\\boxed{{{turn % 50}}}"); log.append(step)
        if step[2] or step[3]: log.append(env.reset())
    return log
expected = [episode(gem.make(IDS[0], seed=i)) for i in range(8)]
barrier = threading.Barrier(8, kill)
def pause(turn):
    if turn in (50, 120): barrier.wait()
with ThreadPoolExecutor(8) as pool:
    envs = [gem.make(IDS[0], seed=i) for i in range(8)]
    say(list(pool.map(lambda env: episode(env, pause), envs)) == expected)
"""
    )
    assert lines == ["True"]


# A thread that runs out of memory with a socket of ZeroMQ takes its process along.
@pytest.mark.parametrize(
    ("transport", "how"),
    [
        ("auto", "throw"),
        ("auto", "memory"),
        ("unix", "throw"),
        ("unix", "memory"),
        ("ipc", "throw"),
    ],
)
def test_a_worker_that_dies_is_replaced_and_its_environments_with_it(
    tmp_path: Path, transport: str, how: str
) -> None:
    lines = run_lines(
        PLAY
        + DIE
        + f"""
undisturbed = play(); pid = server_pid()
say(play((0, 20), how=lambda: die(0, {how!r})) == undisturbed, server_pid() == pid)
""",
        GEM_TRANSPORT=transport,
        GEM_WORKERS="2",
        GEM_MIN_BLOCK="16",
        GEM_WORKER_MEMORY="64",
        **_dying(tmp_path),
    )
    assert lines == ["True True"]


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_a_worker_of_a_remote_server_that_dies_costs_only_time(
    tmp_path: Path, transport: str
) -> None:
    with _serving(transport, 2, **_dying(tmp_path)) as (server, endpoints):
        lines = run_lines(
            PLAY + DIE + "say(play((5, 17), how=lambda: die(1)) == play())",
            GEM_SERVER=",".join(endpoints),
            GEM_MIN_BLOCK="16",
            **_dying(tmp_path),
        )
        assert lines == ["True"]
        assert server.poll() is None


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_other_servers_take_over_from_one_that_is_killed(transport: str) -> None:
    with _serving(transport, 1) as (first, one), _serving(transport, 1) as (second, two):
        lines = run_lines(
            PLAY
            + f"""
undisturbed = play()
say(play((9,), how=lambda: os.kill({first.pid}, signal.SIGKILL)) == undisturbed)
say(len({{worker.peer.endpoint for worker in client().workers if not worker.is_lost}}))
""",
            GEM_SERVER=",".join(one + two),
            GEM_MIN_BLOCK="16",
        )
        assert lines == ["True", "1"]
        assert second.poll() is None


def test_a_worker_that_dies_again_and_again_ends_the_server(tmp_path: Path) -> None:
    with _serving("unix", 1, **_dying(tmp_path)) as (server, _):
        for _ in range(6):
            wait_until(lambda: not (tmp_path / "0").exists(), "the worker has begun to die")
            (tmp_path / ".new").write_text("throw")
            (tmp_path / ".new").rename(tmp_path / "0")
        assert server.wait(60) == 1


def test_a_call_that_kills_its_worker_is_given_up_and_the_environment_is_not() -> None:
    lines = run_lines(
        PLAY
        + """
env = gem.make(IDS[0]); env.reset(); env.step("\\\\boxed{1}"); state = env.get_state()
import gem._bridge.worker as bridge
take = bridge.Worker.take_connection
def doomed(worker):
    connection = take(worker)
    if armed[0]: worker.client.process.process.kill(); worker.client.process.process.wait()
    return connection
armed = [False]; bridge.Worker.take_connection = doomed
class Doom:
    def __enter__(self): armed[0] = True
    def __exit__(self, *_): armed[0] = False
try:
    with Doom(): env.step("\\\\boxed{2}")
except ServerLostError: say("given up")
say(env.get_state() == state)
"""
    )
    assert lines == ["given up", "True"]


def test_a_stopped_server_that_goes_on_costs_only_time() -> None:
    lines = run_lines(
        PLAY
        + """
def pause():
    pid = server_pid(); freeze(pid); when_waiting(1, os.kill, pid, signal.SIGCONT)
undisturbed = play(); pid = server_pid()
say(play((3, 30), how=pause) == undisturbed, server_pid() == pid)
"""
    )
    assert lines == ["True True"]


def test_what_is_not_deterministic_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "moody_env.py").write_text(MOODY)
    lines = run_lines(
        PLAY
        + f"""
sys.path.insert(0, {str(tmp_path)!r})
gem.register("my:Moody", "moody_env:MoodyEnv", host=True)
env = gem.make("my:Moody"); env.reset(); env.step("x"); kill()
try: env.step("x")
except ServerLostError as error: say("not deterministic" in str(error), error.details["because"])
""",
    )
    assert len(lines) == 1
    assert lines[0].startswith("True it could not be made again: it is not deterministic")


def test_what_cannot_be_made_again_is_masked_where_faults_are(tmp_path: Path) -> None:
    (tmp_path / "moody_env.py").write_text(MOODY)
    lines = run_lines(
        PLAY
        + f"""
sys.path.insert(0, {str(tmp_path)!r})
gem.register("my:Moody", "moody_env:MoodyEnv", host=True)
vec = gem.make_vec(["my:Moody"] * 2, on_fault="mask"); vec.reset(); vec.step(["x"] * 2); kill()
observations, rewards, terminated, truncated, infos = vec.step(["x"] * 2)
say(observations, rewards.tolist(), terminated.tolist(), truncated.tolist())
say(vec.fault_mask.tolist(), infos[0]["gem"]["outcome"], infos[0]["gem"]["cause"])
vec.step(["x"] * 2); say(vec.fault_mask.tolist())
env = gem.make("my:Moody", on_fault="retry"); env.reset(); env.step("x"); kill()
say(env.step("x")[:4], env.step("x")[0])
"""
    )
    assert lines == [
        "['go', 'go'] [0.0, 0.0] [False, False] [True, True]",
        "[True, True] fault GEM_SERVER_LOST",
        "[False, False]",
        "('go', 0.0, False, True) went",
    ]


def test_recovery_can_be_switched_off() -> None:
    lines = run_lines(
        PLAY
        + """
env = gem.make(IDS[0]); env.reset(); kill()
try: env.step("x")
except ServerLostError: say("lost")
""",
        GEM_RECOVER="0",
    )
    assert lines == ["lost"]


def test_a_forked_child_plays_nothing_again() -> None:
    lines = run_lines(
        PLAY
        + """
env = gem.make(IDS[0]); env.reset(); env.step("\\\\boxed{1}"); kill()
child = os.fork()
if child == 0:
    try: env.step("x")
    except UnknownHandleError: say("refused")
    os._exit(0)
os.waitpid(child, 0)
env.step("\\\\boxed{2}"); say(env.turn_count)
"""
    )
    assert lines == ["refused", "2"]


def test_nothing_is_left_behind() -> None:
    process = start_script(
        PLAY
        + """
import gc
def left():
    gc.collect()
    return len(os.listdir("/proc/self/fd")), sorted(os.listdir("/dev/shm"))
pids = []
def noted(): pids.append(server_pid()); kill()
play((1,), how=noted); before = left()
play((1, 5, 9), how=noted); say(left() == before)
say(*pids, server_pid())
"""
    )
    out, err = process.communicate(timeout=100)
    assert err == ""
    same, pids = out.splitlines()
    assert same == "True"
    assert all(is_gone(int(pid)) for pid in pids.split())
    assert not [path for pid in pids.split() for path in Path("/tmp").glob(f"gem-{pid}-*")]
