"""examples/verl with the agent-loop classes of today's Verl, not with a stand-in for them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
LATEST = REPOSITORY / ".trainers" / "verl-latest"


@pytest.mark.timeout(300)
def test_trajectories_are_episodes_with_tokens_of_verls_own_making(
    verl_python: Path, tmp_path: Path
) -> None:
    if not LATEST.is_dir():
        pytest.skip("Verl 0.9.1 is not installed: node scripts/trainers/install-verl.mjs")
    model = HERE / "verl_stand_in" / "word_model.py"
    subprocess.run([verl_python, model, tmp_path], check=True)
    folders = [REPOSITORY, LATEST, REPOSITORY / "python"]
    loops = REPOSITORY / "examples" / "verl" / "agent_loops.yaml"
    done = subprocess.run(
        [verl_python, HERE / "play_agent_loops.py", tmp_path, loops],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    trajectories = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(trajectories) == 24
    for trajectory in trajectories:
        scores = trajectory["scores"]
        assert scores == trajectory["alone"]
        assert trajectory["return"] == pytest.approx(sum(scores))
        assert trajectory["said"].count("I say") == len(scores)
        kinds = {key: dtype for key, (dtype, _) in trajectory["tensors"].items()}
        assert kinds == {
            "prompts": "torch.int64",
            "responses": "torch.int64",
            "response_mask": "torch.int64",
            "rollout_log_probs": "torch.float32",
            "rm_scores": "torch.float32",
        }
        lengths = {length for key, (_, length) in trajectory["tensors"].items() if key != "prompts"}
        assert len(lengths) == 1
    assert len({tuple(trajectory["scores"]) for trajectory in trajectories}) > 2
