"""Connections that are cut while the server lives, and what a journal keeps."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import ENTRY, read_line, reap, run_lines, start_script, write_line

KILL = """
from gem.vector.sync_vector_env import SyncVectorEnv
from sample_envs import CountingEnv, StatefulEnv
def kill(): os.kill(server_pid(), signal.SIGKILL)
def world(env): return (env if hasattr(env, "_gem") else env.envs[0])._gem.handle.world
"""


class UnixProxy:
    """Carries bytes between a client and a worker on unix sockets, and cuts at random bytes."""

    def __init__(self, folder: Path, target: str, seed: int) -> None:
        self.path = str(folder / "proxy")
        self.cuts = 0
        self.cutting = False
        self._target = target
        self._random = random.Random(seed)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._target)
            back = threading.Thread(target=self._carry, args=(server, client), daemon=True)
            back.start()
            self._carry(client, server)
            back.join()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        """Passes everything on; while it is cutting, every few pieces end in the middle."""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.cutting and self._random.random() < 0.2:
                    sink.sendall(data[: self._random.randrange(len(data) + 1)])
                    self.cuts += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def worker() -> Iterator[str]:
    """The address of a server's one worker."""
    node = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert node is not None
    command = [node, ENTRY, "serve", "--transport", "unix", "--workers", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["endpoints"][0].removeprefix("unix://")
        process.kill()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cuts_at_random_bytes_neither_lose_nor_repeat_a_step(
    worker: str, tmp_path: Path, seed: int
) -> None:
    proxy = UnixProxy(tmp_path, worker, seed)
    process = start_script(
        """
from sample_envs import CountingEnv
def play():
    env = gem.make(ID, seed=1, max_turns=10**6); env.reset()
    vec = gem.make_vec([ID] * 16, seed=1); log = [vec.reset()]
    from gem.vector.sync_vector_env import SyncVectorEnv
    counting = CountingEnv(length=10**6)
    mixed = SyncVectorEnv(["a", "b"], [lambda: counting, lambda: gem.make(ID)]); mixed.reset()
    for turn in range(60):
        step = vec.step([f"\\\\boxed{{{(turn + i) % 50}}}" for i in range(16)])
        log.append([part if isinstance(part, list) else part.tolist() for part in step])
        env.step("\\\\boxed{1}"); mixed.step(["x", "x"])
    return log, env.turn_count, counting.count
say("made", client().workers[0].peer.endpoint)
undisturbed = play(); say("cut"); sys.stdin.readline()
say(play() == undisturbed); sys.stdin.readline()
""",
        GEM_SERVER=f"unix://{proxy.path}",
        GEM_TRANSPORT="unix",
        GEM_RECOVER="0",
    )
    try:
        assert read_line(process).startswith("made")
        assert read_line(process) == "cut"
        proxy.cutting = True
        write_line(process, "go")
        assert read_line(process) == "True"
        proxy.cutting = False
        assert proxy.cuts > 10
        write_line(process, "end")
        process.wait(60)
    finally:
        reap(process)
        proxy.close()


@pytest.mark.parametrize("transport", ["shm", "unix"])
def test_a_connection_that_is_cut_during_steps_is_resumed(transport: str) -> None:
    if transport == "shm":
        pytest.importorskip("gem._bridge.gem_shm")
    lines = run_lines(
        """
import random, socket
chance = random.Random(7)
def cut(connection, late):
    twin = socket.socket(fileno=os.dup(connection.pollables()[0]))
    def shut():
        if late: time.sleep(chance.random() * 0.0005)
        twin.shutdown(socket.SHUT_RDWR); twin.close()
    threading.Thread(target=shut).start() if late else shut()
def play(cuts):
    vec = gem.make_vec([ID] * 16, seed=1); log = [vec.reset()]
    env = gem.make(ID, seed=1, max_turns=1000); env.reset()
    for turn in range(60):
        if cuts:
            for connection in vec._gem_members.blocks[0].worker._idle: cut(connection, turn % 3)
        step = vec.step([f"\\\\boxed{{{(turn + i) % 50}}}" for i in range(16)])
        log.append([part if isinstance(part, list) else part.tolist() for part in step])
        env.step("\\\\boxed{1}")
    return log, env.turn_count
say(play(True) == play(False), len(client().workers[0]._idle) > 0)
""",
        GEM_TRANSPORT=transport,
        GEM_WORKERS="1",
        GEM_RECOVER="0",
    )
    assert lines == ["True True"]


def test_objects_of_this_process_go_on_and_are_asked_once() -> None:
    lines = run_lines(
        KILL
        + """
counting = CountingEnv(length=100)
vec = SyncVectorEnv(["a", "b"], [lambda: counting, lambda: gem.make(ID, seed=1)])
vec.reset()
for _ in range(3): vec.step(["x", "\\\\boxed{1}"])
kill()
say(vec.step(["x", "\\\\boxed{2}"])[0][0], counting.count, vec.envs[1].turn_count)
"""
    )
    assert lines == ["saw x 4 4"]


def test_an_object_that_answered_before_its_server_died_is_not_asked_again() -> None:
    lines = run_lines(
        KILL
        + """
class Killing(CountingEnv):
    def step(self, action):
        result = super().step(action)
        if action == "kill": kill()
        return result
env = Killing(length=100)
vec = SyncVectorEnv(["a", "b"], [lambda: env, lambda: gem.make(ID, seed=1)]); vec.reset()
observations = vec.step(["kill", "\\\\boxed{2}"])[0]
say(observations[0], env.count, vec.envs[1].turn_count)
"""
    )
    assert lines == ["saw kill 1 1"]


def test_tokenizers_and_wrappers_go_on() -> None:
    lines = run_lines(
        KILL
        + """
from gem.wrappers.observation_wrapper import ObservationWrapper
class Tokenizer:
    def apply_chat_template(self, messages, **_): return "|".join(m["content"] for m in messages)
def play(disturb):
    env = ObservationWrapper(gem.make(ID, seed=1), include_action=True, include_chat_template=True,
                             tokenizer=Tokenizer())
    log = [env.reset()]
    for turn in range(5):
        if turn == 3: disturb()
        log.append(env.step(f"\\\\boxed{{{turn}}}"))
    return log
say(play(kill) == play(lambda: None))
"""
    )
    assert lines == ["True"]


def test_a_journal_is_cut_by_snapshots_and_stays_short() -> None:
    lines = run_lines(
        KILL
        + """
env = gem.make(ID, seed=1, max_turns=10**6); env.reset()
most = 0
for _ in range(4000):
    env.step("\\\\boxed{1}"); most = max(most, len(world(env).entries))
say(most < 4000, len(world(env).states))
kill(); env.step("\\\\boxed{1}"); say(env.turn_count)
"""
    )
    assert lines == ["True 1", "4001"]


def test_a_call_that_was_given_up_is_settled_by_the_next_snapshot() -> None:
    lines = run_lines(
        KILL
        + """
env = gem.make(ID, seed=1); env.reset()
freeze(server_pid())
when_waiting(1, os.kill, os.getpid(), signal.SIGINT)
try: env.step("\\\\boxed{1}")
except KeyboardInterrupt: say("interrupted")
os.kill(server_pid(), signal.SIGCONT)
env.step("\\\\boxed{2}"); turns = env.turn_count
kill(); say(env.turn_count == turns)
"""
    )
    assert lines == ["interrupted", "True"]


def test_a_loss_right_after_a_call_was_given_up_is_an_error_that_says_so() -> None:
    lines = run_lines(
        KILL
        + """
env = gem.make(ID, seed=1); env.reset()
freeze(server_pid())
when_waiting(1, os.kill, os.getpid(), signal.SIGINT)
try: env.step("\\\\boxed{1}")
except KeyboardInterrupt: kill()
try: env.step("\\\\boxed{2}")
except ServerLostError as error: say("given up" in error.details["because"])
"""
    )
    assert lines == ["True"]


def test_a_value_that_is_neither_on_nor_off_is_refused() -> None:
    lines = run_lines(
        "try: gem.make(ID)\nexcept InvalidArgumentError as error: say(error)", GEM_RECOVER="maybe"
    )
    assert lines == ["GEM_RECOVER must be 1 (on, the default) or 0 (off), got 'maybe'."]
