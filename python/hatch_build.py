"""Puts the compiled server, with the Node packages that it loads, into what is built.

Where shared memory has been built (`npm run build:bridge`), its two native modules go into the
wheel too, which is for this platform then. An editable installation needs none of this: there,
`gem` finds the repository's own files.
"""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SERVER = "gem/_server"
EXTENSION = "gem/_bridge/gem_shm.abi3.so"

# What Node reads of a package at run time; packages without a row give everything but NEVER.
FILES = {
    "cmake-ts": ["build/loader.js"],
    "zeromq": ["lib/*.js", "draft.js", "build/manifest.json"],
    "zod": ["index.js", "v4/classic/**/*.js", "v4/core/**/*.js", "v4/locales/**/*.js"],
}
INSTALL_ONLY = {"node-addon-api"}
ALWAYS = ["package.json", "LICENSE*", "LICENCE*", "license*"]
NEVER = (".d.ts", ".d.mts", ".d.cts", ".map", ".md")


class ServerBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `gem/_server` to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lists the server's files.

        Raises:
            FileNotFoundError: The repository's server has not been compiled.
        """
        if version == "editable":
            return
        package = Path(self.root)
        files = build_data["force_include"]
        is_from_sdist = (package / "PKG-INFO").is_file()
        if is_from_sdist:  # It brings the server along.
            files[str(package / SERVER)] = SERVER
            return
        self._include_server(package.parent, files)
        addons = native_addons(package.parent)
        if self.target_name == "wheel" and addons and (package / EXTENSION).is_file():
            for path in addons:
                files[str(path)] = f"{SERVER}/{path.relative_to(package.parent).as_posix()}"
            files[str(package / EXTENSION)] = EXTENSION
            build_data["pure_python"] = False
            build_data["tag"] = f"cp310-abi3-{this_platform()}"

    def _include_server(self, repository: Path, files: dict[str, str]) -> None:
        for needed in ("dist/cli/main.js", "node_modules/.package-lock.json", "package.json"):
            if not (repository / needed).is_file():
                message = (
                    f"{repository / needed} is missing: run `npm run build` in the repository, "
                    "then build the Python package again."
                )
                raise FileNotFoundError(message)
        for path in server_files(repository):
            files[str(path)] = f"{SERVER}/{path.relative_to(repository).as_posix()}"


def server_files(repository: Path) -> Iterator[Path]:
    """Every file of the repository that the server needs at run time."""
    yield repository / "package.json"
    yield repository / "LICENSE"
    yield repository / "NOTICE"
    yield from kept(repository / "dist", ["**/*"])
    for name in production_packages(repository):
        folder = repository / "node_modules" / name
        yield from kept(folder, [*ALWAYS, *FILES.get(name, ["**/*"])])
        if name == "zeromq":
            yield from newest_addons(folder / "build")


def native_addons(repository: Path) -> list[Path]:
    """Node's end of shared memory, where it has been built."""
    return sorted((repository / "native").glob("gem-shm.*.node"))


def this_platform() -> str:
    """The tag's last part, as this Python calls its platform."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def kept(folder: Path, patterns: list[str]) -> list[Path]:
    """The files that match a pattern, less types, source maps and documentation."""
    matches = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return sorted(path for path in matches if not path.name.endswith(NEVER))


def production_packages(repository: Path) -> list[str]:
    """The names of the installed packages that `dependencies` lead to."""
    found: set[str] = set()
    manifests = [repository / "package.json"]
    while manifests:
        manifest = json.loads(manifests.pop().read_text(encoding="utf-8"))
        names = {**manifest.get("dependencies", {}), **manifest.get("optionalDependencies", {})}
        for name in names.keys() - found - INSTALL_ONLY:
            path = repository / "node_modules" / name / "package.json"
            if path.is_file():
                found.add(name)
                manifests.append(path)
    return sorted(found)


def newest_addons(build: Path) -> list[Path]:
    """For each Linux and macOS platform the addon that ZeroMQ's loader tries first."""
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    newest: dict[tuple[str, str, str], tuple[int, Path]] = {}
    for key, relative in manifest.items():
        config = json.loads(key)
        platform = (config["os"], config["arch"], config["libc"])
        candidate = (int(config["abi"]), build / relative)
        if config["os"] in ("linux", "darwin"):
            newest[platform] = max(candidate, newest.get(platform, candidate))
    return [path for _, path in newest.values()]
