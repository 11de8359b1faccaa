"""Library hosts behind a trainer: killed in the middle of steps, and gone when the trainer is."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

import gem
from gem._bridge import server
from support import WATCHDOG_SECONDS, is_gone, read_line, start_script, wait_until

os.environ.setdefault("GEM_HOSTS", str(Path(__file__).resolve().parents[2] / ".hosts"))

STEPS = 6
WIDTH = 64
REPLIES: dict[str, list[Any]] = {
    "ta:TowerOfHanoi-v0": ["[A C]", "[A B]", "nothing", "[C B]", "[B A]", "[A C]"],
    "gym:FrozenLake-v1": [f"\\boxed{{{name}}}" for name in ("down", "right", "down", "left")] * 2,
    "rg:leg_counting": ["\\boxed{12}"] * STEPS,
    # Judged by the library, each time: scores of answers so long are not kept.
    "rg:spell_backward": [
        [f"\\boxed{{{(ascii_lowercase * 50)[turn + i :]}}}" for i in range(WIDTH)]
        for turn in range(STEPS)
    ],
}


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def hosts(pid: int) -> list[int]:
    """The host processes of a server, without what they start themselves."""
    return [child for child in children(pid) if b"_host/main.py" in command_line(child)]


def command_line(pid: int) -> bytes:
    """What a process was started with; nothing when it has just gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def server_pid() -> int:
    process = server.client().process
    assert process is not None
    return process.process.pid


def play(env_id: str, before_each: Any = lambda: None) -> list[Any]:
    vec = gem.make_vec([env_id] * WIDTH, async_mode=True, seed=9)
    rows: list[Any] = [vec.reset(seed=list(range(WIDTH)))]
    for turn in range(STEPS):
        before_each()
        reply = REPLIES[env_id][turn]
        replies = reply if isinstance(reply, list) else [reply] * WIDTH
        observations, rewards, terminated, truncated, infos = vec.step(replies)
        rows.append(
            (observations, rewards.tolist(), terminated.tolist(), truncated.tolist(), infos)
        )
    vec.close()
    return rows


class Killer:
    """Kills a host each time it is told to, while somebody else waits for that host's answers."""

    def __init__(self) -> None:
        self.killed = 0
        self._orders = threading.Semaphore(0)
        self._ends = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def order(self) -> None:
        self._orders.release()

    def end(self) -> None:
        self._ends = True
        self._orders.release()
        self._thread.join()

    def _run(self) -> None:
        while self._orders.acquire() and not self._ends:
            for pid in hosts(server_pid())[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.killed += 1


@pytest.fixture
def killer() -> Iterator[Killer]:
    killer = Killer()
    yield killer
    killer.end()


@pytest.mark.parametrize("env_id", list(REPLIES))
def test_hosts_killed_during_steps_of_a_vector_change_nothing(env_id: str, killer: Killer) -> None:
    undisturbed = play(env_id)
    assert play(env_id, killer.order) == undisturbed
    assert killer.killed > 0


@pytest.mark.parametrize("way", ["leaves", "is killed"])
def test_no_host_outlives_the_trainer(way: str) -> None:
    trainer = start_script(
        """
ids = ["ta:TowerOfHanoi-v0", "gym:FrozenLake-v1", "rg:leg_counting"]
gem.make_vec(ids, async_mode=True).reset(seed=1)
say(server_pid())
sys.stdin.readline()
"""
    )
    pid = int(read_line(trainer))
    processes = [pid, *children(pid)]
    assert len(hosts(pid)) >= 3
    if way == "leaves":
        trainer.communicate("end\n", timeout=WATCHDOG_SECONDS)
    else:
        trainer.kill()
        trainer.communicate()
    wait_until(lambda: all(map(is_gone, processes)), "the server and its hosts have ended")
