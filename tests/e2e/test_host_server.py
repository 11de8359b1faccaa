"""`GEM_SERVER=host`: one server for all processes of a user on a machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from support import is_gone, read_line, reap, start_script, wait_until, write_line

PLAY = """
env = gem.make(ID)
env.reset(seed=1)
say(client().workers[0].peer.endpoint)
sys.stdin.readline()
say(env.step("x")[1])
"""
PROCESSES = 32


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for temporary files of its own, so that no other test's server is found."""
    folder = Path("/tmp") / f"gem-e2e-{os.getpid()}-{tmp_path.name[-12:]}"
    folder.mkdir(mode=0o700)
    yield folder
    for pid in _server_pids(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


def _variables(place: Path, **more: str) -> dict[str, str]:
    idle = {"GEM_HOST_IDLE": "0.3", "GEM_WORKERS": "1"}
    return {"GEM_SERVER": "host", "TMPDIR": str(place), **idle, **more}


def _server_pids(place: Path) -> list[int]:
    """The Node processes that serve from sockets in this folder."""
    names = (path.name.split("-")[1] for path in place.glob("gem-*-??????"))
    return [pid for pid in map(int, names) if not is_gone(pid)]


def _is_closed(place: Path) -> bool:
    return _server_pids(place) == [] and not list(place.glob("gem-*-??????"))


def test_many_short_lived_processes_share_one_server_that_ends_after_them(place: Path) -> None:
    children = [start_script(PLAY, **_variables(place)) for _ in range(PROCESSES)]
    try:
        endpoints = {read_line(child) for child in children}
        assert len(endpoints) == 1
        assert len(_server_pids(place)) == 1
        for child in children:
            write_line(child, "go")
            assert read_line(child) == "-0.1"
            out, err = child.communicate()
            assert (child.returncode, out, err) == (0, "", "")
    finally:
        for child in children:
            reap(child)
    wait_until(lambda: _is_closed(place), "the server has ended")


def test_the_server_survives_the_process_that_started_it(place: Path) -> None:
    first = start_script(PLAY, **_variables(place))
    try:
        endpoint = read_line(first)
        second = start_script(PLAY, **_variables(place))
        try:
            assert read_line(second) == endpoint
            first.kill()
            first.wait()
            write_line(second, "go")
            assert read_line(second) == "-0.1"
            second.kill()
            second.wait()
        finally:
            reap(second)
    finally:
        reap(first)
    wait_until(lambda: _is_closed(place), "the server has ended")


def test_a_server_that_was_killed_is_followed_by_another(place: Path) -> None:
    first = start_script(PLAY, **_variables(place))
    try:
        endpoint = read_line(first)
        (pid,) = _server_pids(place)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid), "the server is gone")
        second = start_script(PLAY, **_variables(place))
        try:
            assert read_line(second) != endpoint
        finally:
            reap(second)
    finally:
        reap(first)


def test_other_settings_of_the_server_mean_another_server(place: Path) -> None:
    variables = [_variables(place), _variables(place, GEM_WORKERS="2")]
    children = [start_script(PLAY, **each) for each in variables]
    try:
        assert len({read_line(child) for child in children}) == 2
    finally:
        for child in children:
            reap(child)


def test_what_clients_alone_heed_does_not(place: Path) -> None:
    variables = [_variables(place), _variables(place, GEM_DEADLINE="77", GEM_TRANSPORT="unix")]
    children = [start_script(PLAY, **each) for each in variables]
    try:
        assert len({read_line(child) for child in children}) == 1
    finally:
        for child in children:
            reap(child)


def test_its_files_are_its_users_alone_and_go_with_the_next_server(place: Path) -> None:
    folder = place / f"gem-host-{os.getuid()}"
    folder.mkdir(mode=0o700)
    stale = folder / "stale.json"
    stale.write_text(json.dumps({"endpoints": ["unix:///nowhere/0"], "log": "x"}))
    child = start_script(PLAY, **_variables(place))
    try:
        read_line(child)
        assert not stale.exists()
        assert not stale.with_suffix(".lock").exists()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in folder.glob("*.lock")}
        assert modes == {0}
    finally:
        reap(child)


def test_a_folder_that_others_can_enter_is_refused(place: Path) -> None:
    folder = place / f"gem-host-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o755)
    script = """
try: gem.make(ID)
except ServerStartError as error: say("for itself" in str(error))
"""
    child = start_script(script, **_variables(place))
    assert read_line(child) == "True"
    reap(child)
