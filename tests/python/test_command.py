"""The `gem` command of the Python package is the Node package's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

WAYS = {
    "script": [str(Path(sys.executable).with_name("gem"))],
    "module": [sys.executable, "-m", "gem"],
}


def run(command: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("way", WAYS)
def test_it_runs_the_server_s_command_line(way: str, tmp_path: Path) -> None:
    done = run([*WAYS[way], "hosts", "list", "--json"], GEM_HOSTS=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    paths = {row["name"]: row["path"] for row in json.loads(done.stdout)}
    assert paths["reasoning"] == str(tmp_path / "reasoning")


def test_it_gives_the_exit_code_and_the_errors_of_the_command() -> None:
    done = run([*WAYS["module"], "hosts", "install", "mathematics"])
    assert done.returncode == 2
    assert 'There is no library "mathematics"' in done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_without_node_it_says_where_to_get_it(way: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "node")
    done = run([*WAYS[way], "list"], GEM_NODE=missing)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"gem: GEM_NODE names {missing!r}, which is no executable.")
    assert "pip install 'gem-llm-node[node]'" in done.stderr


def test_without_the_server_it_says_how_to_build_it(tmp_path: Path) -> None:
    missing = tmp_path / "main.js"
    done = run([*WAYS["module"], "list"], GEM_SERVER_JS=str(missing))
    assert done.returncode == 2
    assert done.stderr.startswith(f"gem: The server's entry file is missing: looked for {missing}.")


def test_the_installed_command_is_ours() -> None:
    (command,) = entry_points(group="console_scripts", name="gem")
    assert command.value == "gem._cli:main"
