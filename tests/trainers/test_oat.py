"""Upstream's scripts for Oat, unmodified: actor, learner, launcher and weights are Oat's own.

Only what a GPU is needed for is replaced (`oat_stand_in`): vLLM answers from a table by number, so
that two runs see the same actions whatever the texts are.

gem-llm's games draw from Python's global generator, as the trainer does; here each environment has
a stream of its own. To compare both, the reference gets one, too, from the same seed
(`own_streams.py`): then rewards, flags and lengths have to agree, also with several environments.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest
from oat_programs import OURS, UPSTREAMS, experience, run_oat, times

GUESS = "game:GuessTheNumber-v0"
EASY = "game:GuessTheNumber-v0-easy"
BATCHES = 2
GENERATION_SECONDS = 0.05
"""What a model takes at least for the replies of one step."""

pytestmark = [pytest.mark.timeout(1500), pytest.mark.usefixtures("oat_python")]

SCRIPTS = [
    ("train_oat.py", ["--num_env", "2", "--train_batch_size_per_device", "16"]),
    (
        "train_oat_grpo.py",
        ["--num_env", "2", "--train_batch_size_per_device", "16", "--critic_type2", "none"],
    ),
    ("train_oat_mt.py", ["--num_env", "2", "--train_batch_size_per_device", "1", "--async_env"]),
]


@pytest.mark.parametrize(("script", "flags"), SCRIPTS, ids=[name for name, _ in SCRIPTS])
def test_a_script_of_upstream_learns_for_two_iterations(
    upstream: Path, tmp_path: Path, script: str, flags: list[str]
) -> None:
    log = run_oat(upstream, OURS, tmp_path / "run", script, "--env_id", GUESS, *flags)
    batches = experience(tmp_path / "run")
    assert len(batches) >= BATCHES
    for episode in (episode for batch in batches for episode in batch):
        assert [done for _, _, done in episode] == [0] * (len(episode) - 1) + [1]
        assert all(reward == 0 for _, reward, _ in episode[:-1])
        assert -0.1 <= episode[-1][1] <= 1
    assert any(episode[-1][1] == 1 for batch in batches for episode in batch)
    steps = [float(line.split(":")[-1].split(",")[0]) for line in log.splitlines() if STEP in line]
    assert max(steps) >= BATCHES


STEP = "'misc/global_step'"


def test_the_same_seed_and_actions_earn_the_same_as_with_gem_llm(
    upstream: Path, tmp_path: Path
) -> None:
    script, flags = SCRIPTS[0]
    given = ["--env_id", EASY, *flags]
    run_oat(upstream, OURS, tmp_path / "ours", script, *given)
    run_oat(upstream, UPSTREAMS, tmp_path / "theirs", script, *given, GEM_TEST_OWN_STREAMS="1")
    ours, theirs = experience(tmp_path / "ours"), experience(tmp_path / "theirs")
    assert len(ours) >= BATCHES
    assert ours == theirs


def test_a_step_costs_the_trainers_thread_a_hundredth_of_a_generation(
    upstream: Path, tmp_path: Path
) -> None:
    script, flags = SCRIPTS[0]
    record = tmp_path / "times.txt"
    given = ["--env_id", GUESS, *flags]
    run_oat(upstream, OURS, tmp_path / "run", script, *given, GEM_TEST_TIMES=str(record))
    clock, own = times(record, "step")
    share = statistics.median(own) / GENERATION_SECONDS
    sys.stdout.write(
        f"{len(own)} steps of 2 environments: median {statistics.median(clock) * 1e3:.2f} ms, "
        f"of which the thread computed {statistics.median(own) * 1e3:.2f} ms: {share:.2%}\n"
    )
    assert share <= 0.01
