"""Servers with keys: who gets in, and what those hear who do not."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from gem._bridge import curve, settings
from gem.errors import InvalidArgumentError, ServerRefusedError
from shared_server import make_keys, run_gem, server_key, serving
from support import read_line, reap, run_lines, start_script, write_line

PLAY = """
env = gem.make(ID); env.reset(seed=1); say(env.step("x")[1])
"""
REFUSED = """
try: gem.make(ID)
except ServerRefusedError as error: say(error)
except ServerStartError as error: say("late", error)
"""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_keys(tmp_path_factory.mktemp("curve") / "keys", "client", "removed")


@pytest.fixture(scope="module")
def address(keys: Path) -> Iterator[str]:
    with serving("--tcp", "127.0.0.1:0", "--curve", str(keys)) as (_, (endpoint,)):
        yield endpoint


@pytest.mark.parametrize("name", ["", "client.key", "removed.key"])
def test_a_client_with_keys_plays(name: str, keys: Path, address: str) -> None:
    assert run_lines(PLAY, GEM_SERVER=address, GEM_CURVE=str(keys / name)) == ["-0.1"]


def test_the_servers_key_may_stand_in_its_address(keys: Path, address: str, tmp_path: Path) -> None:
    lines = (keys / "client.key").read_text().splitlines(keepends=True)
    alone = tmp_path / "alone.key"
    alone.write_text("".join(line for line in lines if not line.startswith("server")))
    place = f"{address}?key={server_key(keys)}"
    assert run_lines(PLAY, GEM_SERVER=place, GEM_CURVE=str(alone)) == ["-0.1"]
    assert "GEM_SERVER does not say it" in _complaint(GEM_SERVER=address, GEM_CURVE=str(alone))
    assert "GEM_CURVE names no file" in _complaint(GEM_SERVER=place)


def _complaint(**variables: str) -> str:
    script = "try: gem.make(ID)\nexcept InvalidArgumentError as error: say(error)"
    return run_lines(script, **variables)[0]


def test_a_client_that_is_not_on_the_list_is_told_so(
    address: str, keys: Path, tmp_path: Path
) -> None:
    other = make_keys(tmp_path / "other", "client")
    place = f"{address}?key={server_key(keys)}"
    (line,) = run_lines(REFUSED, GEM_SERVER=place, GEM_CURVE=str(other))
    assert "not on the server's list" in line
    assert "GEM_CURVE" in line


def test_a_wrong_key_of_the_server_is_told_to_be_wrong(
    address: str, keys: Path, tmp_path: Path
) -> None:
    other = make_keys(tmp_path / "other", "client")
    place = f"{address}?key={server_key(other)}"
    (line,) = run_lines(REFUSED, GEM_SERVER=place, GEM_CURVE=str(keys))
    assert "hangs up on this client. Its public key is probably another one" in line


def test_a_client_without_keys_is_told_to_have_some(address: str) -> None:
    (line,) = run_lines(REFUSED, GEM_SERVER=address, GEM_START_TIMEOUT="1")
    assert "GEM_CURVE name this client's file" in line


def test_a_client_with_keys_is_told_that_the_server_has_none(keys: Path) -> None:
    with serving("--transport", "tcp") as (_, (endpoint,)):
        (line,) = run_lines(REFUSED, GEM_SERVER=endpoint, GEM_CURVE=str(keys))
    assert "has no keys, unset GEM_CURVE" in line or "hangs up on this client" in line


def test_a_client_that_is_removed_from_the_list_loses_its_environments(
    address: str, keys: Path
) -> None:
    script = """
env = gem.make(ID); env.reset(seed=1); say("ready"); sys.stdin.readline()
try: env.step("x"); say("played")
except ServerLostError as error: say(type(error).__name__, error)
"""
    removed, stays = (
        start_script(script, GEM_SERVER=address, GEM_CURVE=str(keys / f"{name}.key"))
        for name in ("removed", "client")
    )
    try:
        assert [read_line(removed), read_line(stays)] == ["ready", "ready"]
        allowed = keys / "allowed"
        lines = allowed.read_text().splitlines(keepends=True)
        allowed.write_text("".join(line for line in lines if not line.endswith(" removed\n")))
        with zmq.Context() as context, context.socket(zmq.DEALER) as probe:
            _wait_until_refused(probe, address, keys / "removed.key")
        write_line(removed, "go")
        assert read_line(removed).startswith("ServerRefusedError The server at")
        write_line(stays, "go")
        assert read_line(stays) == "played"
    finally:
        reap(removed)
        reap(stays)


def _wait_until_refused(probe: zmq.Socket[bytes], address: str, file: Path) -> None:
    """Asking to be let in makes the server read its list."""
    mine = curve.read_keys(str(file))
    assert mine.server is not None
    probe.setsockopt(zmq.LINGER, 0)
    probe.setsockopt_string(zmq.CURVE_SERVERKEY, mine.server)
    probe.setsockopt_string(zmq.CURVE_PUBLICKEY, mine.public)
    probe.setsockopt_string(zmq.CURVE_SECRETKEY, mine.secret)
    monitor = probe.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
    probe.connect(address)
    assert monitor.poll(60_000)
    probe.disable_monitor()
    monitor.close()


def test_keys_are_their_users_alone_and_never_overwritten(keys: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    for arguments in (("new", str(keys)), ("add", str(keys), "client")):
        result = run_gem("keys", *arguments)
        assert result.returncode == 2
        assert "exists. Nothing was changed" in result.stderr
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "[::]", "10.1.2.3"])
def test_an_address_that_others_can_reach_needs_keys(host: str) -> None:
    result = run_gem("serve", "--tcp", f"{host}:7000")
    assert result.returncode == 2
    assert "gem keys new <folder>" in result.stderr
    assert "--curve <folder>" in result.stderr


def test_keys_open_an_address_that_others_can_reach(keys: Path) -> None:
    with serving("--tcp", "0.0.0.0:0", "--curve", str(keys)) as (_, (endpoint,)):
        port = endpoint.rsplit(":", 1)[1]
        place = f"tcp://127.0.0.1:{port}"
        assert run_lines(PLAY, GEM_SERVER=place, GEM_CURVE=str(keys)) == ["-0.1"]


def test_keys_need_tcp(keys: Path) -> None:
    assert "add --tcp <host:port>" in run_gem("serve", "--curve", str(keys)).stderr


def test_a_file_without_keys_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "client.key"
    with pytest.raises(InvalidArgumentError, match="cannot be read"):
        curve.read_keys(str(file))
    file.write_text("public short\nsecret short\n")
    with pytest.raises(InvalidArgumentError, match="must have the lines 'public <key>'"):
        curve.read_keys(str(file))


def test_a_key_in_an_address_has_40_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "#?" + "a" * 38
    monkeypatch.setenv("GEM_SERVER", f"tcp://a:1?key={key}, tcp://b:2,tcp://c:3?key=short")
    assert settings.server_endpoints() == ["tcp://a:1", "tcp://b:2", "tcp://c:3"]
    assert [settings.server_key(place) for place in ("tcp://a:1", "tcp://b:2")] == [key, None]
    with pytest.raises(InvalidArgumentError, match="40 characters"):
        settings.server_key("tcp://c:3")


def test_only_hanging_up_for_a_while_counts_as_a_refusal() -> None:
    shakes = curve.Handshakes("tcp://a:1", has_keys=True)
    event = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    shakes.fail(event, 0, now=10.0)
    shakes.fail(event, 0, now=11.9)
    shakes.succeed()
    shakes.fail(event, 0, now=99.0)
    fresh = curve.Handshakes("tcp://a:1", has_keys=True)
    fresh.fail(event, 0, now=10.0)
    with pytest.raises(ServerRefusedError, match="hangs up"):
        fresh.fail(event, 0, now=12.0)
