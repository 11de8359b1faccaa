"""Recordings: what is written when, and that `gem replay` plays it again."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import gem
from gem._bridge import server
from gem._bridge.process import find_entry, find_node
from gem.core import Env
from gem.errors import InvalidArgumentError, UnsupportedError
from gem.wrappers.wrapper_factory import get_wrapper_fns
from sample_envs import CountingEnv
from support import run_script, script_environment, wait_until

EASY = "game:GuessTheNumber-v0-easy"
HANGMAN = "game:Hangman-v0-easy"

ON_TWO_WORKERS = """
import os, gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
ids = ["game:GuessTheNumber-v0-hard", "game:Hangman-v0-easy"] * 8
vec = gem.make_vec(ids, get_wrapper_fns("concat"), record=os.environ["RECORD"])
vec.reset()
for turn in range(40):
    vec.step([f"\\\\boxed{{{turn}}}"] * 16)
vec.close()
"""

UNTIL_A_SIGNAL = """
import os, signal, gem
from gem._bridge import server
vec = gem.make_vec(["game:GuessTheNumber-v0-easy"] * 3)
vec.reset()
vec.step(["\\\\boxed{3}"] * 3)
process = server.client().process.process
os.kill(process.pid, signal.SIGTERM)
process.wait()
os._exit(0)
"""

WHILE_A_SERVER_DRAINS = """
import os, subprocess, gem
from pathlib import Path
from gem._bridge.process import find_entry, find_node
vec = gem.make_vec(["game:GuessTheNumber-v0-easy"] * 3)
vec.reset()
vec.step(["\\\\boxed{3}"] * 3)
subprocess.run([find_node(), str(find_entry()), "drain", os.environ["GEM_SERVER"]], check=True)
vec.step(["\\\\boxed{4}"] * 3)
vec.close()
(path,) = Path(os.environ["RECORD"]).iterdir()
print(len(path.read_text().splitlines()))
"""

ON_A_SHARED_SERVER = """
import os, gem
from gem.errors import UnsupportedError
try:
    gem.make("game:Hangman-v0-easy", record=os.environ["RECORD"])
except UnsupportedError as error:
    print(error)
"""


def lines(path: Path, kind: str) -> list[dict[str, Any]]:
    """The lines of one kind."""
    read = [json.loads(line) for line in path.read_text().splitlines()]
    return [line for line in read if line["kind"] == kind]


def replay(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`gem replay` with its report as JSON."""
    command = [find_node(), str(find_entry()), "replay", "--json", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def report(path: Path) -> dict[str, Any]:
    """What a replay that passes says."""
    done = replay(str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def test_an_environment_is_played_again_the_same(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.jsonl"
    env = gem.make(EASY, record=path, record_observations=True)
    first, _ = env.reset()
    for guess in range(1, 5):
        if env.step(f"\\boxed{{{guess}}}")[2]:
            env.reset()
    env.reset(seed=2**70)
    env.turn_count = 1
    env.step(env.sample_random_action())
    state = env.get_state()
    env.step("\\boxed{3}")
    env.set_state(state)
    env.step("\\boxed{4}")
    fork = copy.deepcopy(env)
    fork.step("\\boxed{5}")
    fork.close()
    env.close()
    assert lines(path, "begin")[0]["observation"] == first
    assert lines(path, "begin")[-1]["seed"] == str(2**70)
    found = report(path)
    assert found["differences"] == found["refusals"] == []
    assert len(lines(path, "env")) == 2


def test_a_vector_of_several_ids_on_several_workers_goes_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    run_script(ON_TWO_WORKERS, RECORD=str(path), GEM_WORKERS="2", GEM_MIN_BLOCK="4")
    writers = {line["writer"]: line["worker"] for line in lines(path, "header")}
    assert sorted(writers.values()) == ["worker 0", "worker 1"]
    found = report(path)
    assert found["differences"] == []
    assert sum(entry["steps"] for entry in found["ids"]) == 40 * 16


def test_a_wrapper_put_on_later_is_not_recorded_what_it_wraps_is(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    env: Env = gem.make(HANGMAN, record=path)
    env = get_wrapper_fns("concat")[0](env)
    env.reset(seed=1)
    env.step("\\boxed{e}")
    # What is done to the environment past its recording shows in a state.
    env.unwrapped.reset(seed=5)
    env.step("\\boxed{a}")
    env.close()
    assert lines(path, "env")[0]["wrappers"] == []
    assert [step["action"] for step in lines(path, "step")] == ["\\boxed{e}", "\\boxed{a}"]
    assert report(path)["differences"] == []


def test_a_folder_in_the_environment_records_everything_until_a_signal_ends_it(
    tmp_path: Path,
) -> None:
    run_script(UNTIL_A_SIGNAL, GEM_RECORD=str(tmp_path / "all"), GEM_WORKERS="1")
    (path,) = (tmp_path / "all").iterdir()
    assert len(lines(path, "step")) == 3
    assert report(path)["differences"] == []


def test_environments_that_live_in_the_program_are_recorded_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    gem.register("test:Recorded-v0", CountingEnv)
    with pytest.raises(UnsupportedError, match="cannot be recorded"):
        gem.make("test:Recorded-v0", record=path)
    vec = gem.make_vec(["test:Recorded-v0", EASY], record=path)
    vec.reset()
    vec.step(["x", "\\boxed{2}"])
    vec.close()
    assert len(lines(path, "step")) == 2
    found = report(path)
    (refused,) = found["refusals"]
    assert refused["reason"] == "it is an object of the program that recorded it"
    assert [entry["id"] for entry in found["ids"]] == [EASY]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (3, "record must be the path of a file, or None, got 3."),
        ("", "record must be the path of a file, or None, got ''."),
        ("/dev/full", "A recording cannot be written to"),
        (os.sep, "A recording cannot be written to"),
    ],
)
def test_a_file_that_cannot_be_written_is_noticed_at_once(record: Any, message: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        gem.make(EASY, record=record)
    assert message in str(caught.value)


def test_observations_need_a_file() -> None:
    with pytest.raises(InvalidArgumentError, match="record_observations=True needs record"):
        gem.make_vec([EASY], record_observations=True)


@pytest.fixture
def shared_server() -> Iterator[str]:
    """A server that is nobody's own."""
    command = [find_node(), str(find_entry()), "serve", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["endpoints"][0]
        process.send_signal(signal.SIGTERM)


def test_clients_of_a_shared_server_write_no_files_there(
    shared_server: str, tmp_path: Path
) -> None:
    done = run_script(ON_A_SHARED_SERVER, RECORD=str(tmp_path / "x"), GEM_SERVER=shared_server)
    assert "clients of this server must not write files on its machine" in done.stdout
    assert not (tmp_path / "x").exists()


def test_a_server_that_drains_has_everything_in_the_file(tmp_path: Path) -> None:
    command = [find_node(), str(find_entry()), "serve", "--workers", "1"]
    environment = os.environ | {"GEM_RECORD": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        (address,) = json.loads(process.stdout.readline())["endpoints"]
        done = run_script(WHILE_A_SERVER_DRAINS, GEM_SERVER=address, RECORD=str(tmp_path))
        assert process.wait() == 0
    (path,) = tmp_path.iterdir()
    assert len(lines(path, "step")) == 6
    # All of it was there when `close` returned.
    assert int(done.stdout.split()[-1]) == len(path.read_text().splitlines())
    assert report(path)["differences"] == []


def test_top_finds_the_server_of_a_program() -> None:
    env = gem.make(EASY)
    env.reset()
    env.step("\\boxed{2}")
    process = server.client().process
    assert process is not None
    command = [sys.executable, "-m", "gem", "top", "--json"]
    found: list[dict[str, Any]] = []

    def is_shown() -> bool:
        shown = subprocess.run(
            command, env=script_environment(), capture_output=True, text=True, check=True
        )
        workers = json.loads(shown.stdout)["workers"]
        found[:] = [worker for worker in workers if worker["pid"] == process.process.pid]
        return len(found) > 0

    wait_until(is_shown, "the server to be found")
    assert sum(worker["environments"] for worker in found) >= 1
    env.close()
