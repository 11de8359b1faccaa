"""Upstream's scripts for OpenRLHF, RL2 and Tinker, unmodified, as far as their packages go here.

OpenRLHF needs vLLM, RL2 SGLang, and Tinker is a paid service: `script_stand_ins` has the few names
that the scripts import, `play_scripts.py` does what those trainers do with the scripts.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
NO_ANSWER = "I do not know"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def play(upstream: Path, oat_python: Path, tmp_path: Path) -> Any:
    """Plays a script of upstream's examples in a process of its own; gives what it returns."""
    environment = {
        **os.environ,
        "GEM_HOSTS": os.environ.get("GEM_HOSTS", str(REPOSITORY / ".hosts")),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": os.pathsep.join(
            [str(HERE / "script_stand_ins"), str(HERE / "oat_stand_in"), str(REPOSITORY / "python")]
        ),
        "USE_TF": "0",
        "WANDB_MODE": "disabled",
    }

    def run(name: str, script: str, *args: str) -> Any:
        done = subprocess.run(
            [oat_python, HERE / "play_scripts.py", name, upstream / "examples" / script, *args],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def model(oat_python: Path, tmp_path: Path) -> str:
    """A folder with a tokenizer."""
    folder = str(tmp_path / "model")
    command = [oat_python, HERE / "tiny_model.py", folder]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "USE_TF": "0"})
    return folder


@pytest.mark.parametrize("script", ["multi_turn_template", "multi_turn_notemplate"])
def test_agents_of_openrlhf_play_in_one_event_loop(play: Any, script: str) -> None:
    path = f"train_openrlhf/agent_func_{script}.py"
    for steps, rewards, dtype in play("openrlhf", path, "\\boxed{7}"):
        assert rewards[:-1] == [0.0] * (steps - 1)
        assert 0 <= rewards[-1] <= 1
        assert 1 <= steps <= 10
        assert dtype == "torch.float32"
    assert play("openrlhf", path, NO_ANSWER) == [[1, [pytest.approx(-0.1)], "torch.float32"]] * 8


def test_agents_of_openrlhf_answer_one_question_each(play: Any) -> None:
    results = play("openrlhf", "train_openrlhf/agent_func_single_turn.py", "\\boxed{1}")
    assert {steps for steps, _, _ in results} == {1}
    assert {reward for _, [reward], _ in results} <= {0.0, 1.0}


@pytest.mark.parametrize("script", ["async_multi_turn", "vec_multi_turn"])
def test_rl2_plays_sixteen_games_in_one_event_loop(play: Any, script: str) -> None:
    for steps, reward, done in play("rl2", f"train_rl2/{script}.py", "\\boxed{7}"):
        assert done
        assert 1 <= steps <= 10
        assert 0 <= reward <= 1


def test_rl2_answers_one_question_in_each_environment(play: Any) -> None:
    results = play("rl2", "train_rl2/async_single_turn.py", "\\boxed{1}")
    assert {(steps, done) for steps, _, done in results} == {(1, True)}


@pytest.mark.parametrize(
    ("env_id", "reply"), [("game:GuessTheNumber-v0", NO_ANSWER), ("rg:leg_counting", "\\boxed{0}")]
)
def test_tinkers_training_script_runs_two_steps(
    play: Any, model: str, env_id: str, reply: str
) -> None:
    logged = play("tinker_train", "train_tinker/tinker_train.py", env_id, reply, model)
    assert [entry["step"] for entry in logged] == [0, 1]
    for entry in logged:
        assert entry["sampler/num_turns_per_episode"] == 1
        assert -0.11 < entry["sampler/episode_return"] <= 1


def test_the_adapter_of_tinkers_cookbook_spawns_groups_in_the_same_state(play: Any) -> None:
    path = "train_tinker/tinker_cookbook_adapter.py"
    groups = play("cookbook", path, "rg:leg_counting", "\\boxed{0}")
    assert groups == [[1, [pytest.approx(0.0, abs=0.1)] * 3]] * 2


def test_the_environment_that_upstreams_example_registers_is_played(
    play: Any, upstream: Path, tmp_path: Path
) -> None:
    # The checkout itself on the path would put its own `gem` first.
    (tmp_path / "examples").symlink_to(upstream / "examples")
    text, right, dtype, wrong = play("register", "register_new_env.py")
    assert "TERMINAL_STATE" in text
    assert right == [1.0, True, True, {}]
    assert (dtype, wrong) == ("float64", [0.0, 0.0])
