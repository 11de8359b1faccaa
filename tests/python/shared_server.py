"""Servers that several clients share, started by tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from support import ENTRY


def run_gem(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the `gem` command."""
    return subprocess.run(
        [_node(), ENTRY, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **variables},
    )


@contextlib.contextmanager
def serving(
    *arguments: str, workers: int = 1
) -> Iterator[tuple[subprocess.Popen[bytes], list[str]]]:
    """A server and its addresses."""
    command = [_node(), ENTRY, "serve", "--workers", str(workers), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["endpoints"]
        finally:
            process.kill()


def make_keys(folder: Path, *clients: str) -> Path:
    """A folder of keys, made by the command."""
    result = run_gem("keys", "new", str(folder), "--client", *clients)
    assert result.returncode == 0, result.stderr
    return folder


def server_key(folder: Path) -> str:
    """The server's public key."""
    words = [line.split() for line in (folder / "server.key").read_text().splitlines()]
    return next(line[1] for line in words if line[0] == "public")


def _node() -> str:
    node = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert node is not None
    return node
