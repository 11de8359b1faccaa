"""A trainer that steps 64 environments while things go wrong.

Reads a plan as JSON from standard input, plays it twice, the first time without anything that goes
wrong, and says what came of it as JSON. A plan that a failed test has printed is played again by
`python tests/e2e/chaos/trainer.py < plan.json`.
"""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS.parent / "python")]

import gem  # noqa: E402
from chaos import events  # noqa: E402
from chaos.stage import RemoteStage, Stage  # noqa: E402
from chaos.trouble import Clockwork, CountTool  # noqa: E402
from gem._bridge import server  # noqa: E402
from gem.tools.tool_env_wrapper import ToolEnvWrapper  # noqa: E402
from gem.vector.sync_vector_env import SyncVectorEnv  # noqa: E402

GAMES = [
    "game:GuessTheNumber-v0-hard",
    "game:Sokoban-v0-easy",
    "game:Game2048-v0-easy",
    "game:Wordle-v0-easy",
    "game:Minesweeper-v0-easy",
    "game:Hangman-v0-easy",
    "game:FifteenPuzzle-v0-easy",
]
HOSTED = ["ta:TowerOfHanoi-v0", "rg:leg_counting"]
PYTHON = "chaos:Clockwork"
WORDS = ["up", "left", "3", "crane", "50", "down", "e", "reveal 1 1"]
TOOLED = 8
SETTLING_SECONDS = 3.0


def member_ids(kinds: str) -> list[str]:
    """The ids of the vector without tools: 56 of the kinds `g`ames, `h`osted, `p`ython."""
    ids = {"g": GAMES, "h": HOSTED, "p": [PYTHON]}
    return [ids[kind][i % len(ids[kind])] for i, kind in enumerate(kinds * 56)][:56]


def action_of(env_id: str, turn: int, member: int) -> str:
    """What a member does at a turn, whatever it sees."""
    choice = (turn * 5 + member) % len(WORDS)
    if env_id.startswith("ta:"):
        return ["[A C]", "[A B]", "nothing", "[C B]"][choice % 4]
    return f"\\boxed{{{WORDS[choice]}}}"


def tool_action(turn: int, member: int) -> str:
    """Every second time a call of the tool, else a move."""
    if (turn + member) % 2:
        return f"count {WORDS[(turn + member) % len(WORDS)]}"
    return action_of(GAMES[0], turn, member)


class Trainer:
    """64 environments in two vectors, and what each of them has shown."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.ids = member_ids(plan["kinds"])
        self.plain = gem.make_vec(
            self.ids,
            seed=plan["seed"],
            async_mode=plan["async"],
            on_fault="retry",
        )
        self.tooled = SyncVectorEnv(
            [GAMES[0]] * TOOLED,
            [lambda i=i: _with_tool(plan["seed"] + i) for i in range(TOOLED)],  # type: ignore[misc]
            on_fault="retry",
        )
        self.rows: list[list[str]] = [[] for _ in range(64)]
        self.faults: list[dict[str, Any]] = []

    def reset(self, seed: int) -> None:
        """Begins the first episodes, those of Python classes with a seed to come back to."""
        for vec, first in ((self.plain, 0), (self.tooled, 56)):
            observations, infos = vec.reset(seed=seed + first)
            for place, pair in enumerate(zip(observations, infos, strict=True)):
                self._note(-1, first + place, list(pair), bool(vec.fault_mask[place]))

    def step(self, turn: int) -> None:
        """Steps everybody once."""
        actions = [action_of(env_id, turn, i) for i, env_id in enumerate(self.ids)]
        tool_actions = [tool_action(turn, i) for i in range(TOOLED)]
        for vec, first, chosen in ((self.plain, 0, actions), (self.tooled, 56, tool_actions)):
            result = vec.step(chosen)
            for place in range(len(chosen)):
                row: list[Any] = [part[place] for part in result]
                row[1:4] = [float(row[1]), bool(row[2]), bool(row[3])]
                self._note(turn, first + place, row, bool(vec.fault_mask[place]))

    def close(self) -> None:
        """Closes both vectors."""
        self.plain.close()
        self.tooled.close()
        # What is left of them would keep the pipes of the servers that they lived in.
        del self.plain, self.tooled

    def _note(self, turn: int, member: int, row: list[Any], is_fault: bool) -> None:
        info = dict(row[-1])
        note = info.pop("gem", None)
        if is_fault or note is not None:
            shown = row[1:4] if len(row) > 2 else []
            self.faults.append(
                {"turn": turn, "member": member, "mask": is_fault, "gem": note, "shown": shown}
            )
        text = repr([*row[:-1], sorted(info.items())])
        self.rows[member].append(hashlib.sha256(text.encode()).hexdigest()[:16])


def _with_tool(seed: int) -> gem.Env:
    return ToolEnvWrapper(gem.make(GAMES[0], seed=seed), tools=[CountTool()])


def play(plan: dict[str, Any], stage: Stage, happenings: list[events.Event]) -> Trainer:
    """Plays all turns; what happens is said on standard error as it happens."""
    trainer = Trainer(plan)
    trainer.reset(plan["seed"])
    for turn in range(plan["turns"]):
        stage.note_processes()
        for event in happenings:
            if event.turn == turn:
                sys.stderr.write(f"{event} {stage.server_pids()} {stage.hosts()}\n")
                event.happen(stage)
        stage.begin_turn()
        start = time.monotonic()
        try:
            trainer.step(turn)
        finally:
            stage.end_turn()
        if happenings and plan.get("shows_times"):
            sys.stderr.write(f"turn {turn}: {time.monotonic() - start:.2f} s\n")
        Clockwork.failures = CountTool.absences = 0
    trainer.close()
    return trainer


def descriptors(stage: Stage, wanted: int | None = None) -> int:
    """How many file descriptors this process has, apart from garbage and the proxies'.

    Connections that wait for a next call are closed before: how many there are depends on what
    happened. ZeroMQ closes its sockets a little later, so `wanted` is waited for.
    """
    client = server.running_client()
    for worker in [] if client is None else client.workers:
        while worker._idle:
            worker._idle.pop().close()
    end = time.monotonic() + SETTLING_SECONDS
    while True:
        gc.collect()
        count = len(os.listdir("/proc/self/fd"))
        count -= sum(proxy.descriptors() for proxy in stage.proxies)
        is_done = count == wanted and not any(proxy.is_used() for proxy in stage.proxies)
        if is_done or time.monotonic() > end:
            return count
        time.sleep(0.02)


def main() -> None:
    """Plays a plan."""
    faulthandler.enable()
    plan = json.load(sys.stdin)
    gem.register(PYTHON, Clockwork)
    if "GEM_TEST_DEATHS" not in os.environ:
        os.environ["GEM_TEST_DEATHS"] = tempfile.mkdtemp(prefix="chaos-")
    folder = Path(os.environ["GEM_TEST_DEATHS"])
    if plan["stage"] == "private":
        stage = Stage(folder)
    else:
        stage = RemoteStage(folder, plan["stage"], plan["servers"])
    try:
        calm = play(plan, stage, [])
        before = descriptors(stage)
        wild = play(plan, stage, [events.read(*event) for event in plan["events"]])
        rows, faults = wild.rows, wild.faults
        del wild
        after = descriptors(stage, before)
        stage.note_processes()
        report = {
            "calm": calm.rows,
            "calm_faults": calm.faults,
            "wild": rows,
            "faults": faults,
            "descriptors": [before, after],
            "pids": sorted(stage.seen),
        }
    finally:
        stage.end_turn()
        stage.close()
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
