"""Child processes that time one thing when asked, and the machine they ran on."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
OUR_PYTHON = sys.executable
ORACLE_PYTHON = os.environ.get("GEM_ORACLE_PYTHON", str(ROOT / ".venv-oracle" / "bin" / "python"))
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
        """Times one case. Raises RuntimeError when the child died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
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
