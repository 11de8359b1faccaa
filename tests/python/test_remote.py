"""Servers that other processes started: reached over TCP, lost, restarted."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest

from support import (
    ENTRY,
    read_line,
    reap,
    run_lines,
    start_script,
    wait_until,
    write_line,
)


@contextlib.contextmanager
def _serving(port: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server at a TCP port of this machine, with one worker."""
    node = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert node is not None
    command = [node, ENTRY, "serve", "--transport", "tcp", "--workers", "1", "--port", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            (endpoint,) = json.loads(process.stdout.readline())["endpoints"]
            yield process, int(endpoint.rsplit(":", 1)[1])
        finally:
            process.kill()


class Proxy:
    """Carries bytes between a client and a server, until it is told to drop them."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.swallows_replies = False
        self.sent = b""
        self.swallowed = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def drop(self) -> None:
        """Cuts every connection."""
        pairs, self._pairs = self._pairs, []
        for end in (end for pair in pairs for end in pair):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        self._listener.close()
        self.drop()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.target))
                self._pairs.append((client, server))
                for ends in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, from_server: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not from_server:
                    self.sent += data
                elif self.swallows_replies:
                    self.swallowed += len(data)
                    continue
                sink.sendall(data)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with _serving() as (_, port):
        carrier = Proxy(port)
        yield carrier
        carrier.close()


def test_a_remote_server_is_used_and_outlives_its_clients() -> None:
    script = """
vector = gem.make_vec([ID] * 300); vector.reset(seed=1)
say(vector.step(["x"] * 300)[1].shape, client().process)
"""
    with _serving() as (server, port):
        for _ in range(2):
            assert run_lines(script, GEM_SERVER=f"tcp://127.0.0.1:{port}") == ["(300,) None"]
        assert server.poll() is None


def test_a_vector_is_spread_over_remote_servers() -> None:
    script = """
vector = gem.make_vec([ID] * 10); vector.reset(seed=1)
say(len(vector._gem_members.blocks), vector.step(["\\\\boxed{0}"] * 10)[1].tolist() == [-0.1] * 10)
"""
    with _serving() as (_, first), _serving() as (_, second):
        endpoints = f"tcp://127.0.0.1:{first},tcp://127.0.0.1:{second}"
        assert run_lines(script, GEM_SERVER=endpoints, GEM_MIN_BLOCK="5") == ["2 True"]


def test_a_call_survives_a_lost_connection_and_steps_exactly_once(proxy: Proxy) -> None:
    process = start_script(
        """
env = gem.make(ID, max_turns=50); env.reset(seed=1)
for line in sys.stdin:
    env.step("\\\\boxed{1}")
    say(env.turn_count)
""",
        GEM_SERVER=f"tcp://127.0.0.1:{proxy.port}",
        GEM_TRANSPORT="tcp",
    )
    try:
        assert process.stdin is not None
        for turn, fault in enumerate(("none", "while idle", "reply lost", "none"), start=1):
            if fault == "while idle":
                proxy.drop()
            proxy.sent = b""
            proxy.swallows_replies = fault == "reply lost"
            write_line(process, "go")
            if fault == "reply lost":
                wait_until(
                    lambda: b"step" in proxy.sent and proxy.swallowed > 0, "a reply was lost"
                )
                proxy.swallows_replies = False
                proxy.drop()
            assert read_line(process) == str(turn)
    finally:
        reap(process)


def test_a_remote_server_that_is_killed_during_a_call_is_given_up() -> None:
    with _serving() as (server, port):
        process = start_script(
            """
env = gem.make(ID); env.reset(); say("ready"); sys.stdin.readline()
try: env.step("x")
except ServerLostError as error: say("lost", "unreachable" in str(error))
""",
            GEM_SERVER=f"tcp://127.0.0.1:{port}",
            GEM_TRANSPORT="tcp",
            GEM_RECONNECT="0.5",
            GEM_RECOVER="0",
        )
        try:
            assert read_line(process) == "ready"
            os.kill(server.pid, signal.SIGSTOP)
            write_line(process, "go")
            server.kill()
            assert read_line(process) == "lost True"
        finally:
            reap(process)


def test_a_remote_server_that_was_restarted_has_forgotten_its_environments() -> None:
    with _serving() as (server, port):
        process = start_script(
            """
env = gem.make(ID); env.reset(); say("ready"); sys.stdin.readline()
try: env.step("x")
except ServerLostError: say("lost")
fresh = gem.make(ID); fresh.reset(); say(fresh.step("x")[1])
""",
            GEM_SERVER=f"tcp://127.0.0.1:{port}",
            GEM_RECOVER="0",
        )
        try:
            assert read_line(process) == "ready"
            server.kill()
            server.wait()
            with _serving(port):
                write_line(process, "go")
                assert read_line(process) == "lost"
                assert read_line(process) == "-0.1"
        finally:
            reap(process)


def test_a_process_that_ends_releases_what_it_has_at_a_remote_server(proxy: Proxy) -> None:
    lines = run_lines(
        "env = gem.make(ID); vector = gem.make_vec([ID] * 3); vector.reset(); say('end')",
        GEM_SERVER=f"tcp://127.0.0.1:{proxy.port}",
        GEM_TRANSPORT="tcp",
    )
    assert lines == ["end"]
    assert b"release" in proxy.sent
    assert b"bye" in proxy.sent


def test_a_python_environment_steps_once_when_the_connection_is_lost_meanwhile(
    proxy: Proxy,
) -> None:
    process = start_script(
        """
from gem.vector.sync_vector_env import SyncVectorEnv
from sample_envs import CountingEnv
class Waiting(CountingEnv):
    def step(self, action):
        say("stepping"); sys.stdin.readline()
        return super().step(action)
env = Waiting(length=9)
vector = SyncVectorEnv(["x"] * 2, [lambda: env, lambda: gem.make(ID)]); vector.reset()
for _ in range(2): say(vector.step(["a", "x"])[0][0], env.count)
""",
        GEM_SERVER=f"tcp://127.0.0.1:{proxy.port}",
        GEM_TRANSPORT="tcp",
    )
    try:
        for count in (1, 2):
            assert read_line(process) == "stepping"
            proxy.drop()
            write_line(process, "go on")
            assert read_line(process) == f"saw a {count}"
    finally:
        reap(process)
