"""Scripts in fresh interpreters, and waiting for what they do."""

from __future__ import annotations

import os
import pkgutil
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "python"
ENTRY = os.environ.get("GEM_SERVER_JS") or str(REPOSITORY / "dist" / "cli" / "main.js")
WATCHDOG_SECONDS = 60.0


def own_modules() -> list[str]:
    """The package's modules, but those that begin with a library that only hosts have."""
    names = [module.name for module in pkgutil.walk_packages([str(PACKAGE / "gem")], "gem.")]
    return [name for name in names if not name.startswith("gem._host.libraries.math")]


PRELUDE = """
import os, signal, sys, threading, time
import gem
from gem._bridge.server import client
from gem.errors import *
ID = "game:GuessTheNumber-v0-hard"
def server_pid(): return client().process.process.pid
def say(*words): print(*words, flush=True)
def freeze(pid):
    # Stops a process and waits until every thread of it stands still.
    def states():
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/stat") as stat:
                yield stat.read().rsplit(")", 1)[1].split()[0]
    os.kill(pid, signal.SIGSTOP)
    while set(states()) != {"T"}: time.sleep(0.005)
def waits(frame):
    while frame is not None:
        if frame.f_code.co_name == "wait" and "_bridge" in frame.f_code.co_filename: return True
        frame = frame.f_back
def when_waiting(count, action, *args):
    # Does something as soon as `count` threads wait for the server.
    def watch():
        while sum(map(bool, map(waits, sys._current_frames().values()))) < count: time.sleep(0.01)
        action(*args)
    threading.Thread(target=watch).start()
"""


def run_script(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in a fresh interpreter that treats warnings as errors; it must end well."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env=script_environment(**variables),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result


def start_script(script: str, **variables: str) -> subprocess.Popen[str]:
    """Starts a script that begins with `PRELUDE`."""
    return subprocess.Popen(
        [sys.executable, "-W", "error::ResourceWarning", "-c", PRELUDE + script],
        env=script_environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_lines(script: str, stdin: str = "", **variables: str) -> list[str]:
    """Runs such a script and gives its lines; it must end well and complain of nothing."""
    process = start_script(script, **variables)
    try:
        out, err = process.communicate(stdin, timeout=WATCHDOG_SECONDS)
    except subprocess.TimeoutExpired:
        reap(process)
        raise
    assert (process.returncode, err) == (0, ""), err
    return out.splitlines()


def script_environment(**variables: str) -> dict[str, str]:
    """The environment of a fresh interpreter that finds the package and the tests' modules."""
    path = os.pathsep.join([str(PACKAGE), str(Path(__file__).parent)])
    return {**os.environ, "PYTHONPATH": path, **variables}


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Waits until a condition holds, under a watchdog."""
    end = time.monotonic() + WATCHDOG_SECONDS
    while not condition():
        assert time.monotonic() < end, f"never came true: {what}"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has reaped yet counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def read_line(process: subprocess.Popen[str]) -> str:
    """The next line that a script says, under a watchdog."""
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], WATCHDOG_SECONDS)[0], "no line came"
    line = process.stdout.readline()
    assert line != "", process.communicate()[1]
    return line.strip()


def write_line(process: subprocess.Popen[str], line: str) -> None:
    """Says a line to a script."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def reap(process: subprocess.Popen[Any]) -> None:
    """Ends a process that was started here."""
    process.kill()
    process.communicate()
