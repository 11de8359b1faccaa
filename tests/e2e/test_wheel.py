"""What users install works without a checkout: the wheel with its server, and the npm package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.tags import sys_tags
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1 << 20
ADDONS = sorted(path.name for path in (ROOT / "native").glob("gem-shm.*.node"))
SHARES_MEMORY = bool(ADDONS) and (ROOT / "python/gem/_bridge/gem_shm.abi3.so").is_file()

PLAY = """
import gem
from gem._bridge.server import client
env = gem.make("game:GuessTheNumber-v0-easy", seed=7)
observation, info = env.reset(seed=7)
result = env.step(env.sample_random_action())
kinds = {type(c).__name__ for worker in client().workers for c in worker._idle}
print(gem.__file__, len(result), *kinds)
env.close()
"""

PLAY_HOSTED = """
import gem
env = gem.make("rg:leg_counting", seed=5, size=2)
question, info = env.reset()
_, reward, terminated, _, _ = env.step("no answer")
print(question != "", reward, terminated)
env.close()
"""

USE_HOSTED = """
import { make } from "gem-node";

const env = make("rg:leg_counting", { seed: 5, size: 2 });
const [question] = await env.reset();
const [, reward, terminated] = await env.step("no answer");
console.log(question !== "", reward, terminated);
env.close();
"""

LOAD = """
import { readdirSync } from "node:fs";
import { join } from "node:path";
const folder = process.argv[1];
for (const name of readdirSync(folder, { recursive: true })) {
  const isProgram = name.endsWith("-thread.js");
  if (name.endsWith(".js") && !isProgram) await import(join(folder, name));
}
console.log("loaded");
"""

HOSTS = os.environ.get("GEM_HOSTS", str(ROOT / ".hosts"))

USE = """
import { make, makeVec, type StepResult } from "gem-node";

const env = make("game:GuessTheNumber-v0-easy", { seed: 7 });
await env.reset();
const [observation, reward, terminated]: StepResult = await env.step("no number");
const vec = makeVec(["game:GuessTheNumber-v0-easy", "game:GuessTheNumber-v0-hard"]);
await vec.reset(0);
const { rewards } = await vec.step(["no number", null]);
console.log(typeof observation, reward, terminated, rewards.length);
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


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what `npm pack` makes and the packages that this asks for."""
    folder = tmp_path_factory.mktemp("project")
    pack = ["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", str(folder)]
    packed = subprocess.run(pack, cwd=ROOT, check=True, capture_output=True, text=True)
    with tarfile.open(folder / json.loads(packed.stdout)[0]["filename"]) as archive:
        archive.extractall(folder, filter="data")
    modules = folder / "node_modules"
    modules.mkdir()
    (folder / "package").rename(modules / "gem-node")
    manifest = json.loads((modules / "gem-node" / "package.json").read_text())
    for name in [*manifest["dependencies"], "@types"]:
        (modules / name).parent.mkdir(exist_ok=True)
        (modules / name).symlink_to(ROOT / "node_modules" / name)
    return folder


def test_the_wheel_is_small_and_for_this_platform_where_it_has_native_modules(wheel: Path) -> None:
    _, _, _, tags = parse_wheel_filename(wheel.name)
    assert tags & set(sys_tags())
    kinds = {(tag.interpreter, tag.abi, tag.platform == "any") for tag in tags}
    expected = ("cp310", "abi3", False) if SHARES_MEMORY else ("py3", "none", True)
    assert kinds == {expected}
    assert wheel.stat().st_size < 14 * MEBIBYTE


def test_the_wheel_brings_both_ends_of_shared_memory_or_none(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    native = [f"gem/_server/native/{name}" for name in ADDONS]
    native.append("gem/_bridge/gem_shm.abi3.so")
    assert [name for name in native if name in names] == (native if SHARES_MEMORY else [])


def test_the_wheel_holds_what_runs_and_nothing_that_only_develops(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "gem/py.typed" in names
    assert "gem/_server/LICENSE" in names
    packages = {name.split("/")[3] for name in names if "/node_modules/" in name}
    assert {"commander", "zeromq", "zod"} <= packages
    assert "gem/_server/dist/python/gem/_host/main.py" in names
    assert not packages & {"typescript", "vitest", "eslint", "node-addon-api"}
    assert not [name for name in names if name.endswith((".d.ts", ".map", ".pyc"))]


def test_an_installed_wheel_plays_with_its_own_server(site: Path, tmp_path: Path) -> None:
    played = subprocess.run(
        [sys.executable, "-c", PLAY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    kind = "ShmConnection" if SHARES_MEMORY else "UnixConnection"
    assert played.stdout.split() == [str(site / "gem" / "__init__.py"), "5", kind]


@pytest.mark.parametrize("part", ["tools", "search", "envs", "hosts"])
def test_the_wheel_has_every_package_that_its_server_loads(site: Path, part: str) -> None:
    folder = site / "gem" / "_server" / "dist" / part
    load = ["node", "--input-type=module", "--eval", LOAD, str(folder)]
    loaded = subprocess.run(load, cwd=site, check=False, capture_output=True, text=True)
    assert (loaded.stderr, loaded.stdout) == ("", "loaded\n")


def test_an_installed_wheel_hosts_a_library(site: Path, tmp_path: Path) -> None:
    played = subprocess.run(
        [sys.executable, "-c", PLAY_HOSTED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site), "GEM_HOSTS": HOSTS},
        check=True,
        capture_output=True,
        text=True,
    )
    assert (played.stdout, played.stderr) == ("True 0.0 True\n", "")


def test_an_installed_wheel_brings_the_command_line(site: Path, tmp_path: Path) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "gem", "list"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "game:GuessTheNumber-v0-easy" in printed.stdout
    (entry_points,) = site.glob("*.dist-info/entry_points.txt")
    assert "gem = gem._cli:main" in entry_points.read_text()


def test_an_installed_npm_package_is_imported_and_stepped(project: Path) -> None:
    (project / "use.mts").write_text(USE)
    tsc = [str(ROOT / "node_modules" / ".bin" / "tsc"), "use.mts", "--module", "nodenext"]
    tsc += ["--target", "es2023", "--strict", "--types", "node"]
    compiled = subprocess.run(tsc, cwd=project, capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stdout
    used = subprocess.run(["node", "use.mjs"], cwd=project, capture_output=True, text=True)
    assert (used.stderr, used.stdout) == ("", "string -0.1 true 2\n")


def test_an_installed_npm_package_hosts_a_library(project: Path) -> None:
    (project / "hosted.mjs").write_text(USE_HOSTED)
    used = subprocess.run(
        ["node", "hosted.mjs"],
        cwd=project,
        env={**os.environ, "GEM_HOSTS": HOSTS},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (used.stderr, used.stdout) == ("", "true 0 true\n")


def test_an_installed_npm_package_brings_no_compiled_python(project: Path) -> None:
    package = project / "node_modules" / "gem-node" / "dist" / "python" / "gem"
    assert (package / "_host" / "main.py").is_file()
    assert not list(package.rglob("*.pyc"))


def test_an_installed_npm_package_has_a_command_line(project: Path) -> None:
    manifest = json.loads((project / "node_modules" / "gem-node" / "package.json").read_text())
    command = ["node", str(project / "node_modules" / "gem-node" / manifest["bin"]["gem"]), "list"]
    printed = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)
    assert "game:GuessTheNumber-v0-easy" in printed.stdout
