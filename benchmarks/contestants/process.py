"""Child processes that time one thing when asked, and the machine they ran on."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
OUR_PYTHON = sys.executable
ORACLE_PYTHON = os.environ.get("GEM_ORACLE_PYTHON", str(ROOT / ".venv-oracle" / "bin" / "python"))
ENTRY = os.environ.get("GEM_SERVER_JS", str(ROOT / "dist" / "cli" / "main.js"))
TSX = str(ROOT / "node_modules" / ".bin" / "tsx")

Result = dict[str, float]


class Contestant:
    """A child process that answers one JSON line for each JSON line."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str] | None = None) -> None:
        """Starts `command` with `env` added to the environment."""
        self.name = name
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=FOLDER,
            env={**os.environ, **(env or {})},
        )

    def ask(self, **request: Any) -> Result:
        """Times one case.

        Raises:
            RuntimeError: the child died.
        """
        return self.ask_all([self], **request)[0]

    @staticmethod
    def ask_all(children: list[Contestant], **request: Any) -> list[Result]:
        """Times one case in several children at the same time.

        Raises:
            RuntimeError: a child died.
        """
        for child in children:
            assert child._process.stdin is not None
            child._process.stdin.write(json.dumps(request) + "\n")
            child._process.stdin.flush()
        return [child._read(request) for child in children]

    def _read(self, request: Any) -> Result:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            message = f"{self.name} ended without an answer to {request}"
            raise RuntimeError(message)
        result: Result = json.loads(line)
        return result

    def close(self) -> None:
        """Ends the child."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()


class Server:
    """A server of this project that several contestants share."""

    def __init__(self, transport: str, workers: int, keys: str | None = None) -> None:
        """Starts it and waits until it accepts connections.

        Args:
            transport: how it is reached.
            workers: how many it has.
            keys: the folder of keys that secure its connections; None: they are not secured.
        """
        arguments = ["serve", "--transport", transport, "--port", "0", "--workers", str(workers)]
        if keys is not None:
            arguments += ["--curve", keys]
        self._process = subprocess.Popen(
            ["node", ENTRY, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        greeting = json.loads(self._process.stdout.readline())
        self.endpoints = ",".join(greeting["endpoints"])
        """What `GEM_SERVER` is set to."""

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait()


class SecuredContestant(Contestant):
    """One that steps environments over TCP with CURVE, at a server of its own with one worker."""

    def __init__(self, name: str, command: list[str]) -> None:
        """Makes keys, starts the server, and starts `command` as its client."""
        self._folder = tempfile.TemporaryDirectory()
        keys = str(Path(self._folder.name) / "keys")
        subprocess.run(["node", ENTRY, "keys", "new", keys], check=True, stdout=subprocess.DEVNULL)
        self._server = Server("tcp", 1, keys)
        environment = {"GEM_SERVER": self._server.endpoints, "GEM_CURVE": keys}
        super().__init__(name, command, environment)

    def close(self) -> None:
        """Ends the child, then the server."""
        super().close()
        self._server.close()
        self._folder.cleanup()


def has_bridge() -> bool:
    """Whether shared memory has been built."""
    extension = ROOT / "python" / "gem" / "_bridge" / "gem_shm.abi3.so"
    return extension.exists() and any((ROOT / "native").glob("*.node"))


def has_oracle() -> bool:
    """Whether upstream's package is installed in a virtual environment of its own."""
    return Path(ORACLE_PYTHON).exists()


def medians(results: list[Result]) -> Result:
    """The median of each figure over the rounds."""
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def machine() -> str:
    """One line that names the machine."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":", 1)[1].strip() if lines else model
    node = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Node {node}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )
