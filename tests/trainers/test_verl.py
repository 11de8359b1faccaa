"""Upstream's train_verl.py, unmodified, on Verl 0.5.0: our package beside gem-llm 0.1.0.

Verl's driver, Ray, its task runner, the rollout, the advantages and the updates of two steps are
theirs; a scripted worker group says the same to both packages (`verl_stand_in`). With one
environment upstream's shared random stream is that environment's own, so all rewards and flags have
to agree. With several only shapes and types can, since there upstream's episodes depend on their
neighbours; a reply without an answer earns the same everywhere.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
TRAINERS = REPOSITORY / ".trainers"
STAND_IN = HERE / "verl_stand_in"
OURS = REPOSITORY / "python"
UPSTREAMS = TRAINERS / "verl-gem-llm"
SCRIPT = "examples.train_verl.train_verl"
EASY = "game:GuessTheNumber-v0-easy"
BATCH = 16
STEPS = 2
ADDED_KEYS = {"final_info", "final_observation"}
"""What our infos have beyond upstream's when an episode has ended."""

Fact = dict[str, Any]
Train = Callable[[Path, str, str, int], list[Fact]]

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def train(upstream: Path, verl_python: Path, tmp_path: Path) -> Train:
    """Runs the script with a package; gives what its worker group and its environments noted."""

    def run(package: Path, env_id: str, wrappers: str, num_env: int) -> list[Fact]:
        root = tmp_path / package.name
        model, record = root / "model", root / "record.jsonl"
        # The script's own folder would put the checkout's `gem` first, and its config looks for
        # Verl's beside the working directory.
        (root / "run").mkdir(parents=True)
        (root / "run" / "examples").symlink_to(upstream / "examples")
        (root / "verl").symlink_to(TRAINERS / "verl" / "lib" / "python3.10" / "site-packages")
        environment = {
            **os.environ,
            "GEM_HOSTS": os.environ.get("GEM_HOSTS", str(REPOSITORY / ".hosts")),
            "GEM_TEST_RECORD": str(record),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join([str(STAND_IN), str(package)]),
            "RAY_USAGE_STATS_ENABLED": "0",
            "TOKENIZERS_PARALLELISM": "false",
        }
        subprocess.run([verl_python, STAND_IN / "word_model.py", model], check=True)
        done = subprocess.run(
            [verl_python, "-m", SCRIPT, *options(root, env_id, wrappers, num_env)],
            cwd=root / "run",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        return [json.loads(line) for line in record.read_text().splitlines()]

    return run


def options(root: Path, env_id: str, wrappers: str, num_env: int) -> list[str]:
    """Those of upstream's README, with sizes for a minute and a place for what is written."""
    actor = {
        "env.env_id": env_id,
        "env.wrappers": wrappers,
        "env.num_env": num_env,
        "env.async_env": num_env > 1,
        "prompt_template": "qwen3_game",
        "gamma": 0.9,
        "model.path": root / "model",
        "actor.optim.lr": 1e-6,
        "actor.ppo_mini_batch_size": BATCH,
        "actor.ppo_micro_batch_size_per_gpu": 1,
        "rollout.log_prob_micro_batch_size_per_gpu": 1,
        "rollout.tensor_model_parallel_size": 1,
        "rollout.rollout_batch_size": BATCH,
        "rollout.response_length": 8,
        "rollout.max_model_len": 1500,
        "rollout.name": "hf",
    }
    trainer = {
        "logger": "['console']",
        "val_before_train": False,
        "n_gpus_per_node": 1,
        "nnodes": 1,
        "total_epochs": 1,
        "total_training_steps": STEPS,
        "default_local_dir": root / "checkpoints",
        "save_freq": -1,
    }
    named = [f"actor_rollout_ref.{key}={value}" for key, value in actor.items()]
    named += [f"trainer.{key}={value}" for key, value in trainer.items()]
    return [*named, "ray_init.num_cpus=1"]


def calls(facts: list[Fact], name: str) -> list[Fact]:
    """The notes of one kind of call."""
    return [fact for fact in facts if fact["call"] == name]


def without(fact: Fact, *keys: str) -> Fact:
    """A note without some of its parts."""
    return {key: value for key, value in fact.items() if key not in keys}


def layout(facts: list[Fact]) -> list[Fact]:
    """Fields, shapes and dtypes of the batches that were learned from."""
    learned = calls(facts, "compute_log_prob") + calls(facts, "update_actor")
    return [without(fact, "values") for fact in learned]


def assert_same_infos(theirs: Fact, ours: Fact) -> None:
    """Our infos have upstream's keys, and those of an ended episode beside them."""
    ends = zip(ours["terminated"], ours["truncated"], strict=True)
    for keys, own, (terminated, truncated) in zip(
        theirs["info_keys"], ours["info_keys"], ends, strict=True
    ):
        added = ADDED_KEYS if terminated or truncated else set()
        assert set(own) == set(keys) | added


@pytest.mark.parametrize(("env_id", "wrappers"), [(EASY, "concat"), ("rg:letter_counting", "")])
def test_one_environment_gives_the_same_batches_rewards_and_flags(
    train: Train, env_id: str, wrappers: str
) -> None:
    theirs = train(UPSTREAMS, env_id, wrappers, 1)
    ours = train(OURS, env_id, wrappers, 1)
    assert len(calls(ours, "update_actor")) == STEPS
    assert len(calls(ours, "step")) >= STEPS * BATCH
    for their, our in zip(theirs, ours, strict=True):
        assert without(our, "info_keys") == without(their, "info_keys")
        if our["call"] == "step":
            assert_same_infos(their, our)


def test_several_environments_give_batches_of_the_same_fields_shapes_and_dtypes(
    train: Train,
) -> None:
    theirs = train(UPSTREAMS, EASY, "concat", 4)
    ours = train(OURS, EASY, "concat", 4)
    assert layout(ours) == layout(theirs)
    assert len(calls(ours, "update_actor")) == STEPS
    asked = [calls(facts, "generate_sequences") for facts in (theirs, ours)]
    assert asked[0][0] == asked[1][0]
    for their, our in zip(calls(theirs, "step"), calls(ours, "step"), strict=False):
        assert our["actions"] == their["actions"]
        same = ("types", "observation_types", "dtypes")
        assert [our[key] for key in same] == [their[key] for key in same]
        for place, action in enumerate(our["actions"]):
            if "boxed" not in action:
                assert our["rewards"][place] == their["rewards"][place] == (-0.1).hex()
                assert our["terminated"][place]
                assert their["terminated"][place]
