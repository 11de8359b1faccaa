"""Clients that think, stop, vanish or are cut off: who keeps environments at a shared server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess

import pytest

from gem._bridge.presence import Presence
from shared_server import serving
from support import REPOSITORY, is_gone, read_line, reap, start_script, wait_until, write_line
from test_remote import Proxy

GRACE_SECONDS = "0.3"

HOLD = """
env = gem.make(ID, max_turns=50); env.reset(seed=1); env.step("x")
say("ready"); sys.stdin.readline()
env.step("x"); say(env.turn_count)
"""

RUDE = {"command": "node", "args": [str(REPOSITORY / "tests/fixtures/mcp-rude.mjs")]}

HOLD_A_PROCESS = f"""
from gem.tools.mcp_tool import MCPTool
tool = MCPTool.from_local_command({RUDE!r})
say(tool.execute_action("<tool_call><tool_name>pid</tool_name><arguments>{{}}</arguments></tool_call>")[2])
sys.stdin.readline()
"""


def _start(endpoint: str, script: str = HOLD) -> subprocess.Popen[str]:
    return start_script(script, GEM_SERVER=endpoint, GEM_RECOVER="0")


def _see_a_lease_end(endpoint: str) -> None:
    """A client that holds a process at the server is killed; waits until that process has ended."""
    child = _start(endpoint, HOLD_A_PROCESS)
    try:
        pid = int(read_line(child))
        assert not is_gone(pid)
    finally:
        child.kill()
        child.communicate()
    wait_until(lambda: is_gone(pid), "the lease has ended")


@pytest.mark.parametrize("transport", ["unix", "tcp", "ipc"])
def test_a_killed_client_loses_what_it_has(transport: str) -> None:
    with serving("--transport", transport, "--grace", GRACE_SECONDS) as (_, (endpoint,)):
        _see_a_lease_end(endpoint)


@pytest.mark.parametrize("transport", ["unix", "tcp", "ipc"])
@pytest.mark.parametrize("state", ["stopped", "thinking"])
def test_a_client_that_lives_keeps_what_it_has_beyond_the_grace_time(
    transport: str, state: str
) -> None:
    with serving("--transport", transport, "--grace", GRACE_SECONDS) as (_, (endpoint,)):
        child = _start(endpoint)
        try:
            assert read_line(child) == "ready"
            if state == "stopped":
                os.kill(child.pid, signal.SIGSTOP)
            # What came later has been reclaimed meanwhile.
            _see_a_lease_end(endpoint)
            os.kill(child.pid, signal.SIGCONT)
            write_line(child, "go")
            assert read_line(child) == "2"
        finally:
            reap(child)


def test_a_client_that_gave_its_calls_up_is_still_there() -> None:
    script = """
env = gem.make(ID, max_turns=50); env.reset(seed=1); env.step("x")
for worker in client().workers:
    while worker._idle: worker._idle.pop().close()
say("ready"); sys.stdin.readline()
env.step("x"); say(env.turn_count)
"""
    for transport in ("unix", "tcp"):
        with serving("--transport", transport, "--grace", GRACE_SECONDS) as (_, (endpoint,)):
            child = _start(endpoint, script)
            try:
                assert read_line(child) == "ready"
                _see_a_lease_end(endpoint)
                write_line(child, "go")
                assert read_line(child) == "2"
            finally:
                reap(child)


def test_a_client_that_only_thinks_comes_back_by_itself_when_it_is_cut_off() -> None:
    with serving("--transport", "tcp") as (_, (endpoint,)):
        proxy = Proxy(int(endpoint.rsplit(":", 1)[1]))
        child = _start(f"tcp://127.0.0.1:{proxy.port}")
        try:
            assert read_line(child) == "ready"
            proxy.sent = b""
            proxy.drop()
            wait_until(lambda: b"hello" in proxy.sent, "it has said hello again")
            write_line(child, "go")
            assert read_line(child) == "2"
        finally:
            reap(child)
            proxy.close()


def test_a_private_server_needs_no_presence() -> None:
    script = """
env = gem.make(ID); env.reset()
say(client().presence._here, client().presence._afar, threading.active_count())
"""
    child = start_script(script, GEM_SERVER="")
    assert read_line(child) == "{} None 1"
    reap(child)


def test_presence_at_a_socket_that_nobody_listens_at_is_none() -> None:
    presence = Presence(os.urandom(16), lambda: pytest.fail("no context is needed"))
    assert not presence.keep("unix:///nowhere/0")


def test_presence_begins_again_where_it_was_cut() -> None:
    with serving("--grace", GRACE_SECONDS) as (_, (endpoint,)):
        presence = Presence(os.urandom(16), lambda: pytest.fail("no context is needed"))
        assert presence.keep(endpoint)
        first = presence._here[endpoint]
        assert presence.keep(endpoint)
        assert presence._here[endpoint] is first
        first.shutdown(socket.SHUT_RDWR)
        assert presence.keep(endpoint)
        assert presence._here[endpoint] is not first
        presence.end()
