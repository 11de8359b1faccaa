"""A trainer of 64 environments while everything around it goes wrong, again and again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "python"), str(TESTS / "e2e")]

from chaos import events  # noqa: E402
from chaos.trainer import GAMES, PYTHON, TOOLED, member_ids  # noqa: E402
from support import is_gone, reap, run_lines, start_script, wait_until  # noqa: E402

FIXTURES = TESTS / "fixtures"
NODE_OPTIONS = (
    f"--import {FIXTURES / 'recovery' / 'dying-worker.mjs'} "
    f"--import {FIXTURES / 'chaos' / 'busy-worker.mjs'}"
)
SEED = int(os.environ.get("GEM_CHAOS_SEED") or 20)
EVENTS = int(os.environ.get("GEM_CHAOS_EVENTS") or 8)
BUSY_SECONDS = int(os.environ.get("GEM_CHAOS_BUSY") or 3)
LIMIT_SECONDS = 100 + 10 * EVENTS
"""Ends a trainer that hangs; how long one takes is not judged."""

SCENARIOS = {
    "private": ("private", "ggghgghp", False),
    "private-async": ("private", "gghp", True),
    "unix": ("unix", "ggghgghp", False),
    "tcp": ("tcp", "ggghgggp", False),
}
"""Where the servers are, the members' kinds (see `member_ids`), whether the vector is async."""

SERVERS = 2


def _plan(name: str) -> dict[str, Any]:
    """What is played, and what happens meanwhile."""
    stage, kinds, is_async = SCENARIOS[name]
    turns = 2 * EVENTS
    if stage == "private":
        happenings = events.plan_private(SEED, turns, EVENTS)
    else:
        happenings = events.plan_remote(SEED, turns, EVENTS, SERVERS)
    return {
        "stage": stage,
        "servers": SERVERS,
        "kinds": kinds,
        "async": is_async,
        "seed": SEED,
        "turns": turns,
        "events": [events.write(event) for event in happenings],
    }


def _run(plan: dict[str, Any], folder: Path) -> tuple[dict[str, Any], str]:
    """Plays a plan in a fresh interpreter whose temporary folder is `folder`; gives its report."""
    orders = folder.parent / "orders"
    folder.mkdir()
    orders.mkdir()
    variables = {
        "TMPDIR": str(folder),
        "GEM_TEST_DEATHS": str(orders),
        "GEM_HOSTS": os.environ.get("GEM_HOSTS") or str(TESTS.parent / ".hosts"),
        "GEM_WORKERS": "2",
        "GEM_MIN_BLOCK": "16",
        "GEM_WORKER_MEMORY": "128",
        "GEM_RECONNECT": "4",
        "NODE_OPTIONS": NODE_OPTIONS,
    }
    # What goes over a relay of bytes cannot hand over shared memory.
    if plan["stage"] == "unix":
        variables["GEM_TRANSPORT"] = "unix"
    result = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(TESTS / "e2e/chaos/trainer.py")],
        input=json.dumps(plan),
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, f"{_again(plan)}\n{result.stderr}"
    assert "Traceback" not in result.stderr, f"{_again(plan)}\n{result.stderr}"
    report: dict[str, Any] = json.loads(result.stdout)
    return report, result.stderr


def _again(plan: dict[str, Any]) -> str:
    """How the same is played again."""
    return (
        f"GEM_CHAOS_SEED={SEED} GEM_CHAOS_EVENTS={EVENTS}; what was planned, for "
        f"`python tests/e2e/chaos/trainer.py < plan.json`:\n{json.dumps(plan)}\nWhat happened:"
    )


def _wrong(report: dict[str, Any], ids: list[str]) -> list[str]:
    """Where a member showed something else than in calm without saying so."""
    first_fault: dict[int, int] = {}
    wrong = [f"without any event: {fault}" for fault in report["calm_faults"]]
    for fault in report["faults"]:
        note, member = fault["gem"], fault["member"]
        if note is None or (fault["mask"] and note["outcome"] != "fault"):
            wrong.append(f"a fault that does not say so: {fault}")
        elif fault["mask"] and fault["shown"] not in ([], [0.0, False, True]):
            wrong.append(f"a fault that looks like data: {fault}")
        elif note["outcome"] == "fault":
            first_fault.setdefault(member, fault["turn"])
            if ids[member] != PYTHON and member < len(ids) - TOOLED:
                wrong.append(f"a member that should have survived: {fault}")
    for member, (calm, wild) in enumerate(zip(report["calm"], report["wild"], strict=True)):
        count = first_fault.get(member, len(calm) - 1) + 1
        if calm[:count] != wild[:count]:
            turn = next(i for i in range(count) if calm[i] != wild[i]) - 1
            wrong.append(f"member {member} ({ids[member]}) differs from turn {turn} on")
    return wrong


def _left(folder: Path) -> list[str]:
    """What is in a temporary folder, but for logs that say something and the hosts' folder."""
    return [
        str(path)
        for path in folder.rglob("*")
        if not (path.is_dir() and path.name.startswith(("gem-logs-", "gem-hosts-")))
        and not (path.suffix == ".log" and path.stat().st_size > 0)
    ]


@pytest.mark.timeout(LIMIT_SECONDS + 60)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_trainer_sees_nothing_of_what_goes_wrong_but_time(name: str, tmp_path: Path) -> None:
    plan = _plan(name)
    sys.stdout.write(f"GEM_CHAOS_SEED={SEED} GEM_CHAOS_EVENTS={EVENTS}\n")
    shared = set(os.listdir("/dev/shm"))
    report, log = _run(plan, tmp_path / "tmp")
    ids = member_ids(plan["kinds"]) + [GAMES[0]] * TOOLED
    assert _wrong(report, ids) == [], f"{_again(plan)}\n{log}"
    before, after = report["descriptors"]
    assert after == before, f"{_again(plan)}\n{log}"
    wait_until(lambda: all(map(is_gone, report["pids"])), "all processes have ended")
    assert _left(tmp_path / "tmp") == [], f"{_again(plan)}\n{log}"
    named = {name for name in set(os.listdir("/dev/shm")) - shared if "gem" in name}
    assert not [name for name in named if any(str(pid) in name for pid in report["pids"])]


BUSY = """
IDS = ["game:GuessTheNumber-v0-hard", "game:Sokoban-v0-easy"]
folder = os.environ["GEM_TEST_DEATHS"]
def order(name, text):
    with open(f"{folder}/.new", "w") as file: file.write(text)
    os.rename(f"{folder}/.new", f"{folder}/{name}")
    while os.path.exists(f"{folder}/{name}"): time.sleep(0.005)
def play(trouble):
    vec = gem.make_vec([IDS[i % 2] for i in range(64)], seed=3, on_fault="retry")
    rows = [vec.reset()]
    for turn in range(6):
        if turn in (2, 4): trouble()
        step = vec.step([f"\\\\boxed{{{turn + i}}}" for i in range(64)])
        rows.append([part if isinstance(part, list) else part.tolist() for part in step])
    assert not vec.fault_mask.any()
    return rows
def trouble():
    # Worker 1 computes; worker 0 dies before the step, and while the step waits for worker 1.
    order("busy-1", BUSY_MS)
    order("0", "throw")
    when_waiting(1, order, "0", "throw")
calm = play(lambda: None)
busy, pid = client().workers[1], server_pid()
say(play(trouble) == calm)
say(client().workers[1] is busy, busy.is_lost, server_pid() == pid)
while threading.active_count() > 1: time.sleep(0.01)
"""


@pytest.mark.timeout(100 + 3 * BUSY_SECONDS)
@pytest.mark.parametrize("transport", ["auto", "tcp"])
def test_a_busy_worker_is_never_taken_for_dead(transport: str, tmp_path: Path) -> None:
    script = BUSY.replace("BUSY_MS", repr(str(1000 * BUSY_SECONDS)))
    process = start_script(
        script,
        GEM_TRANSPORT=transport,
        GEM_WORKERS="2",
        GEM_MIN_BLOCK="16",
        GEM_TEST_DEATHS=str(tmp_path),
        NODE_OPTIONS=NODE_OPTIONS,
    )
    try:
        out, err = process.communicate(timeout=90 + 3 * BUSY_SECONDS)
    finally:
        reap(process)
    assert err == ""
    assert out.splitlines() == ["True", "True False True"]


AFTER_FAULTS = """
from gem.tools.tool_env_wrapper import ToolEnvWrapper
from gem.vector.sync_vector_env import SyncVectorEnv
sys.path.insert(0, CHAOS)
from chaos.trouble import Clockwork, CountTool
def kill(): os.kill(server_pid(), signal.SIGKILL)
def play(make, trouble, after):
    vec = SyncVectorEnv(["a", "b"], make, on_fault="retry")
    rows = [vec.reset(seed=7)]
    for turn in range(5):
        if turn == 2: trouble()
        if turn == 3: after()
        step = vec.step(["count us", "\\\\boxed{3}"])
        rows.append([part if isinstance(part, list) else part.tolist() for part in step[:4]])
    return rows, vec
def nothing(): pass
game = lambda: gem.make(ID, seed=1)
"""


def test_a_python_object_that_was_replaced_is_part_of_what_is_made_again() -> None:
    lines = run_lines(
        AFTER_FAULTS.replace("CHAOS", repr(str(TESTS / "e2e")))
        + """
def slip(): Clockwork.failures = 2
make = [Clockwork, game]
calm, _ = play(make, nothing, nothing)
wild, vec = play(make, slip, kill)
say(wild == calm, vec.fault_mask.tolist(), type(vec.envs[0]).__name__, vec.envs[0].turn)
"""
    )
    assert lines == ["True [False, False] Clockwork 5"]


def test_a_step_whose_tool_was_asked_again_can_be_played_again() -> None:
    lines = run_lines(
        AFTER_FAULTS.replace("CHAOS", repr(str(TESTS / "e2e")))
        + """
def leave(): CountTool.absences = 2
make = [lambda: ToolEnvWrapper(game(), tools=[CountTool()]), game]
calm, _ = play(make, nothing, nothing)
wild, vec = play(make, leave, kill)
say(wild == calm, vec.fault_mask.tolist())
"""
    )
    assert lines == ["True [False, False]"]
