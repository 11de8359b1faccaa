"""Puts the compiled server, with the Node packages that it loads, into what is built.

Where shared memory has been built (`npm run build:bridge`), its two native modules go into the
wheel too, which is for this platform then; so do Node packages that are for this platform alone.
The server does without them. An editable installation needs none of this: there,
`gem` finds the repository's own files.
"""

from __future__ import annotations

import json
import platform
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SERVER = "gem/_server"
EXTENSION = "gem/_bridge/gem_shm.abi3.so"

# What Node reads of a package at run time; packages without a row give everything but NEVER.
FILES = {
    "@modelcontextprotocol/sdk": ["dist/esm/**/*.js", "dist/esm/package.json"],
    "ajv": ["dist/**/*.js", "dist/**/*.json"],
    "ajv-formats": ["dist/*.js"],
    "cmake-ts": ["build/loader.js"],
    "compromise": ["src/API/**/*.js", "src/1-one/**/*.js", "src/2-two/**/*.js", "src/*.js"],
    "eventsource": ["dist/*.js", "dist/*.cjs"],
    "eventsource-parser": ["dist/*.js", "dist/*.cjs"],
    "fuzzball": ["dist/esm/fuzzball.esm.min.js", "dist/esm/package.json"],
    "hono": ["dist/helper/websocket/*.js"],
    "zeromq": ["lib/*.js", "draft.js", "build/manifest.json"],
    "zod-to-json-schema": ["dist/esm/**/*.js", "dist/esm/package.json"],
    "zod": ["index.js", "v3/**/*.js", "v4/**/*.js", "v4-mini/*.js"],
}
# What packages depend on, but nothing that is loaded: build tools, parts of MCP's library for web
# servers and for signing in, and what fuzzball has in its bundle.
INSTALL_ONLY = {
    "cors",
    "cross-spawn",
    "express",
    "express-rate-limit",
    "heap",
    "jose",
    "json-schema-typed",
    "lodash",
    "node-addon-api",
    "setimmediate",
}
ALWAYS = ["package.json", "LICENSE*", "LICENCE*", "license*"]
NEVER = (".d.ts", ".d.mts", ".d.cts", ".map", ".md", ".pyc")


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
        repository = package.parent
        self._include_server(repository, files)
        addons = native_addons(repository)
        if self.target_name == "wheel" and addons and (package / EXTENSION).is_file():
            for path in [*addons, *platform_files(repository)]:
                files[str(path)] = f"{SERVER}/{path.relative_to(repository).as_posix()}"
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
    for folder in production_packages(repository):
        if is_for_one_platform(folder):
            continue
        name = manifest_of(folder)["name"]
        yield from kept(folder, [*ALWAYS, *FILES.get(name, ["**/*"])])
        if name == "zeromq":
            yield from newest_addons(folder / "build")


def platform_files(repository: Path) -> Iterator[Path]:
    """The files of the Node packages that are for this platform alone."""
    # npm installs those for either C library where the lock file does not tell them apart.
    other_libc = "-musl" if platform.libc_ver()[0] == "glibc" else "-gnu"
    for folder in production_packages(repository):
        if is_for_one_platform(folder) and not folder.name.endswith(other_libc):
            yield from kept(folder, ["**/*"])


def is_for_one_platform(folder: Path) -> bool:
    """Whether a Node package is the native part of another one; npm installed this platform's."""
    manifest = manifest_of(folder)
    return len(manifest.get("os", [])) == 1 and len(manifest.get("cpu", [])) == 1


def manifest_of(folder: Path) -> dict[str, Any]:
    """A Node package's `package.json`."""
    manifest: dict[str, Any] = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    return manifest


def native_addons(repository: Path) -> list[Path]:
    """Node's end of shared memory, where it has been built."""
    return sorted((repository / "native").glob("gem-shm.*.node"))


def this_platform() -> str:
    """The tag's last part, as this Python calls its platform."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def kept(folder: Path, patterns: list[str]) -> list[Path]:
    """The files that match a pattern, less types, source maps, documentation, inner packages."""
    matches = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    inner = folder / "node_modules"
    return sorted(
        path for path in matches if not path.name.endswith(NEVER) and inner not in path.parents
    )


def production_packages(repository: Path) -> list[Path]:
    """The folders of the installed packages that `dependencies` lead to, as Node finds them."""
    found: set[Path] = set()
    folders = [repository]
    while folders:
        folder = folders.pop()
        manifest = manifest_of(folder)
        names = {**manifest.get("dependencies", {}), **manifest.get("optionalDependencies", {})}
        for name in names.keys() - INSTALL_ONLY:
            package = installed_package(repository, folder, name)
            if package is not None and package not in found:
                found.add(package)
                folders.append(package)
    return sorted(found)


def installed_package(repository: Path, folder: Path, name: str) -> Path | None:
    """The package of a name that Node loads from a folder: the nearest one."""
    for place in (folder, *folder.parents):
        package = place / "node_modules" / name
        if (package / "package.json").is_file():
            return package
        if place == repository:
            break
    return None


def newest_addons(build: Path) -> list[Path]:
    """For each Linux and macOS platform the addon that ZeroMQ's loader tries first."""
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    newest: dict[tuple[str, str, str], tuple[int, Path]] = {}
    for key, relative in manifest.items():
        config = json.loads(key)
        kind = (config["os"], config["arch"], config["libc"])
        candidate = (int(config["abi"]), build / relative)
        if config["os"] in ("linux", "darwin"):
            newest[kind] = max(candidate, newest.get(kind, candidate))
    return [path for _, path in newest.values()]
