"""A trainer and a server on two machines: network namespaces that a cable (veth) joins."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "python"))

from fleet_play import PLAY  # noqa: E402
from shared_server import make_keys  # noqa: E402
from support import (  # noqa: E402
    ENTRY,
    PRELUDE,
    read_line,
    reap,
    run_lines,
    script_environment,
    write_line,
)


def _may_make_namespaces() -> bool:
    if shutil.which("ip") is None or os.geteuid() != 0:
        return False
    name = f"gem-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
    return made.returncode == 0


pytestmark = pytest.mark.skipif(
    not _may_make_namespaces(), reason="making network namespaces (ip netns) needs root"
)


class Cable:
    """Two namespaces and the cable between them."""

    def __init__(self) -> None:
        self.server = f"gem-s{os.getpid()}"
        self.trainer = f"gem-t{os.getpid()}"
        self.address = "10.213.7.1"
        for name in (self.server, self.trainer):
            _ip("netns", "add", name)
        peer = ("peer", "name", "cable", "netns", self.trainer)
        _ip("-n", self.server, "link", "add", "cable", "type", "veth", *peer)
        for name, address in ((self.server, self.address), (self.trainer, "10.213.7.2")):
            _ip("-n", name, "address", "add", f"{address}/24", "dev", "cable")
            for link in ("lo", "cable"):
                _ip("-n", name, "link", "set", link, "up")

    def switch(self, state: str) -> None:
        """Plugs the cable in (`up`) or out (`down`)."""
        _ip("-n", self.server, "link", "set", "cable", state)

    def remove(self) -> None:
        for name in (self.server, self.trainer):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def cable() -> Iterator[Cable]:
    cable = Cable()
    try:
        yield cable
    finally:
        cable.remove()


@contextlib.contextmanager
def _serving(cable: Cable, keys: Path) -> Iterator[str]:
    node = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert node is not None
    options = ["--tcp", f"{cable.address}:0", "--curve", str(keys), "--workers", "2"]
    command = ["ip", "netns", "exec", cable.server, node, ENTRY, "serve", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield ",".join(json.loads(process.stdout.readline())["endpoints"])
        finally:
            process.kill()


def _trainer(cable: Cable, script: str, **variables: str) -> subprocess.Popen[str]:
    command = ["ip", "netns", "exec", cable.trainer, sys.executable, "-c", PRELUDE + script]
    return subprocess.Popen(
        command,
        env=script_environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_play_over_a_cable_is_the_same_also_when_it_is_pulled_for_a_while(
    cable: Cable, tmp_path: Path
) -> None:
    (alone,) = run_lines(PLAY + "say(play())", GEM_WORKERS="1")
    keys = make_keys(tmp_path / "keys", "trainer")
    script = (
        PLAY
        + """
say(play(), sorted(worker.load > 0 for worker in client().workers))
def disturb(turn):
    if turn != 7: return
    say("pull"); input()
    # It is asked while the cable is out, and answered when it is in again.
    when_waiting(1, say, "waits")
before = [worker.born for worker in client().workers]
say(play(disturb), before == [worker.born for worker in client().workers])
"""
    )
    variables = {"GEM_CURVE": str(keys / "trainer.key"), "GEM_MIN_BLOCK": "32"}
    with _serving(cable, keys) as addresses:
        trainer = _trainer(cable, script, GEM_SERVER=addresses, **variables)
        try:
            assert read_line(trainer) == f"{alone} [True, True]"
            assert read_line(trainer) == "pull"
            cable.switch("down")
            write_line(trainer, "go on")
            assert read_line(trainer) == "waits"
            cable.switch("up")
            assert read_line(trainer) == f"{alone} True"
            assert trainer.wait(60) == 0
        finally:
            reap(trainer)


def test_a_trainer_without_keys_is_told_so_across_the_cable(cable: Cable, tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys", "trainer")
    script = "try: gem.make(ID)\nexcept ServerRefusedError as error: say('GEM_CURVE' in str(error))"
    with _serving(cable, keys) as addresses:
        trainer = _trainer(cable, script, GEM_SERVER=addresses)
        try:
            assert read_line(trainer) == "True"
        finally:
            reap(trainer)
