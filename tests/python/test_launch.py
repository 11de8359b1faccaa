"""Servers that a trainer launches on its own machine."""

from __future__ import annotations

from support import is_gone, run_lines, wait_until


def test_local_servers_are_used_in_a_block_and_end_with_it() -> None:
    lines = run_lines(
        """
import gc
outer = gem.make(ID, seed=1); outer.reset()
private = client()
with gem.launch.local(num_servers=2, workers=1) as servers:
    vec = gem.make_vec([ID] * 128, seed=3); vec.reset()
    inner = client()
    say(inner is not private, [worker.load for worker in inner.workers], len(servers.endpoints))
    say([type(w._idle[0]).__name__ for w in inner.workers] == ["ShmConnection"] * 2
        or all(w.unshared_because for w in inner.workers))
    say(len(outer.step("\\\\boxed{1}")), os.environ["GEM_SERVER"] == servers.address)
    folder = servers.address.removeprefix("file://")
say("GEM_SERVER" in os.environ, os.path.exists(folder), client() is private)
servers.close()
say(len(gem.make(ID).reset()), len(outer.step("\\\\boxed{1}")))
try: vec.step(["1"] * 128)
except ServerLostError: say("lost")
""",
        GEM_RECOVER="0",
        GEM_RECONNECT="1",
    )
    assert lines == ["True [64, 64] 2", "True", "5 True", "False False True", "2 5", "lost"]


def test_local_servers_end_with_the_trainer_that_did_not_close_them() -> None:
    (pids,) = run_lines(
        """
servers = gem.launch.local(num_servers=2, workers=1)
gem.make(ID).reset()
import json, pathlib
files = pathlib.Path(servers.address[7:]).glob("*.json")
say(*(json.loads(file.read_text())["pid"] for file in files))
"""
    )
    assert len(pids.split()) == 2
    wait_until(lambda: all(is_gone(int(pid)) for pid in pids.split()), "the servers have ended")


def test_numbers_of_servers_are_checked() -> None:
    lines = run_lines(
        """
for options in ({"num_servers": 0}, {"workers": 1.5}):
    try: gem.launch.local(**options)
    except InvalidArgumentError as error: say(error)
for options in ({"num_workers": True}, {"num_cpus": 0}):
    try: gem.launch.ray(**options)
    except InvalidArgumentError as error: say(error)
"""
    )
    assert lines == [
        "num_servers must be an integer of at least 1, got 0.",
        "workers must be an integer of at least 1, got 1.5.",
        "num_workers must be an integer of at least 1, got True.",
        "num_cpus must be above 0, got 0.",
    ]
