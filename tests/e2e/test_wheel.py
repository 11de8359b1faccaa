"""The wheel works on its own: it holds the compiled server and everything that Node loads."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1 << 20

PLAY = """
import gem
env = gem.make("game:GuessTheNumber-v0-easy", seed=7)
observation, info = env.reset(seed=7)
result = env.step(env.sample_random_action())
print(gem.__file__, len(result))
env.close()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT / "python", check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, far from the repository."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_is_for_any_platform_and_small(wheel: Path) -> None:
    assert wheel.name == "gem_llm_node-0.1.0-py3-none-any.whl"
    assert wheel.stat().st_size < 8 * MEBIBYTE


def test_the_wheel_holds_what_runs_and_nothing_that_only_develops(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "gem/py.typed" in names
    assert "gem/_server/LICENSE" in names
    packages = {name.split("/")[3] for name in names if "/node_modules/" in name}
    assert {"commander", "zeromq", "zod"} <= packages
    assert not packages & {"typescript", "vitest", "eslint", "node-addon-api"}
    assert not [name for name in names if name.endswith((".d.ts", ".map"))]


def test_an_installed_wheel_plays_with_its_own_server(site: Path, tmp_path: Path) -> None:
    played = subprocess.run(
        [sys.executable, "-c", PLAY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert played.stdout.split() == [str(site / "gem" / "__init__.py"), "5"]


def test_the_bundled_command_line_runs(site: Path) -> None:
    command = ["node", str(site / "gem" / "_server" / "dist" / "cli" / "main.js"), "list"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "game:GuessTheNumber-v0-easy" in printed.stdout
