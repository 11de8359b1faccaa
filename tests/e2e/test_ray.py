"""Servers that Ray places and restarts, on a cluster of two nodes on this machine."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "python"))

from fleet_play import PLAY  # noqa: E402
from support import run_lines, script_environment  # noqa: E402

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="Ray is not installed: pip install 'gem-llm-node[ray]'",
)

CLUSTER = """
import logging, gem.launch, ray
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
cluster.add_node(num_cpus=1)
ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
said = lambda *words: say(">", *words)
"""


def _run(script: str, **variables: str) -> list[str]:
    """Runs a script that uses Ray, which writes to standard error as it likes; gives its lines."""
    from support import PRELUDE

    quiet = {"RAY_DEDUP_LOGS": "0", "RAY_USAGE_STATS_ENABLED": "0", "GEM_WORKERS": "1", **variables}
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        env=script_environment(**quiet),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    marked = [line for line in done.stdout.splitlines() if line.startswith("> ")]
    return [line.removeprefix("> ") for line in marked]


def test_a_vector_is_played_over_the_nodes_and_goes_on_when_ray_restarts_a_server() -> None:
    (alone,) = run_lines(PLAY + "say(play())")
    lines = _run(
        PLAY
        + CLUSTER
        + """
servers = gem.launch.ray(num_workers=2, num_cpus=1)
nodes = {bundle for group in ray.util.placement_group_table().values()
         for bundle in group["bundles_to_node_id"].values()}
said(len(nodes), len(servers.endpoints))
said(play(), sorted(worker.load > 0 for worker in client().workers))
before = servers.endpoints
def disturb(turn):
    if turn == 7: ray.kill(servers.actors[0], no_restart=False)
said(play(disturb))
while len(servers.endpoints) < 2: time.sleep(0.05)
said(len(set(servers.endpoints) & set(before)))
while len(client().fleet.usable()) < 2: client().fleet.look(0); time.sleep(0.02)
said(play())
servers.close()
said(os.environ.get("GEM_SERVER"), play())
ray.shutdown(); cluster.shutdown()
""",
        GEM_MIN_BLOCK="32",
    )
    assert lines == [
        "2 2",
        f"{alone} [True, True]",
        alone,
        "1",
        alone,
        f"None {alone}",
    ]


def test_servers_that_others_can_reach_get_keys() -> None:
    lines = _run(
        """
import logging, gem.launch, ray
ray.init(num_cpus=1, log_to_driver=False, logging_level=logging.ERROR)
said = lambda *words: say(">", *words)
import gem.launch.ray_servers as launcher
launcher._needs_keys = lambda library: True
with gem.launch.ray(num_workers=1):
    said(len(gem.make(ID).reset()), "GEM_CURVE" in os.environ)
    keys = os.environ.pop("GEM_CURVE")
    said(oct(os.stat(keys).st_mode & 0o777))
said("GEM_CURVE" in os.environ, os.path.exists(keys))
try: gem.launch.ray(num_workers=2, timeout=2)
except ServerStartError as error: said("found no room for 2 servers" in str(error))
"""
    )
    assert lines == ["2 True", "0o600", "False False", "True"]
