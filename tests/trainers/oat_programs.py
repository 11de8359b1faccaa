"""Runs upstream's scripts for Oat as programs, and reads the experience that they write down."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
OAT = REPOSITORY / ".trainers" / "oat"
STAND_IN = HERE / "oat_stand_in"
OURS = REPOSITORY / "python"
UPSTREAMS = REPOSITORY / ".trainers" / "oat-gem-llm"
LIMIT_SECONDS = 600.0

Step = tuple[str, float, int]
"""Action, reward, whether the episode has ended."""

README_FLAGS = """
--prompt_template qwen3_game --wrappers concat --gamma 0.9 --lr_scheduler constant
--lr_warmup_ratio 0 --num_ppo_epochs 2 --beta 0 --temperature 1.0 --top_p 1 --eval_steps -1
--save_steps -1 --num_samples 1
"""
"""From upstream's README."""

SMALL_FLAGS = """
--gpus 1 --collocate --no-bf16 --no-flash-attn --zero_stage 0 --learning_rate 0.001
--rollout_batch_size 32 --rollout_batch_size_per_device 32 --pi_buffer_maxlen_per_device 32
--train_batch_size 16 --max_model_len 1500 --generate_max_length 32 --max_train 64
--max_queries 64 --shm_size_mb 200 --debug
"""
"""Instead of eight GPUs: one process of each kind, without them, for two batches or more."""


class Failed(AssertionError):
    """A program ended badly, or said that a part of it did."""


def run_oat(
    upstream: Path, package: Path, folder: Path, script: str, *flags: str, **variables: str
) -> str:
    """Runs a script of `examples/train_oat` with a package; gives all that it printed.

    Args:
        upstream: a checkout of upstream's repository.
        package: what is to be imported as `gem`.
        folder: where everything is written.
        script: its name.
        *flags: further ones.
        **variables: further variables of the environment.
    """
    model, out = folder / "model", folder / "log.txt"
    folder.mkdir()
    # Oat asks the hub for a name that is no folder, so the model has to be there.
    environment = oat_environment(package, **variables)
    subprocess.run(
        [OAT / "bin" / "python", HERE / "tiny_model.py", model],
        check=True,
        env=environment,
        capture_output=True,
    )
    command = [str(OAT / "bin" / "python"), str(upstream / "examples" / "train_oat" / script)]
    command += [*README_FLAGS.split(), *SMALL_FLAGS.split(), *flags]
    command += ["--pretrain", str(model), "--save_path", str(folder / "saved")]
    with out.open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait(process, out)
        finally:
            end_group(process)
    return out.read_text(errors="replace")


def oat_environment(package: Path, **variables: str) -> dict[str, str]:
    """The environment of Oat's processes."""
    return {
        **os.environ,
        "DS_ACCELERATOR": "cpu",
        "GEM_TEST_REPLIES": "table",
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PATH": os.pathsep.join([str(OAT / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(STAND_IN), str(package)]),
        "TOKENIZERS_PARALLELISM": "false",
        "TORCH_EXTENSIONS_DIR": str(OAT / "extensions"),
        "USE_TF": "0",
        **variables,
    }


def wait(process: subprocess.Popen[bytes], out: Path) -> None:
    """Waits for the end; a learner that failed would leave its actors waiting for ever."""
    end = time.monotonic() + LIMIT_SECONDS
    while process.poll() is None:
        log = out.read_text(errors="replace")
        if "Traceback" in log or time.monotonic() > end:
            raise Failed(tail(log))
        time.sleep(1)
    log = out.read_text(errors="replace")
    if process.returncode != 0 or "Traceback" in log:
        raise Failed(tail(log))


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends whatever is left of a program."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        process.kill()
    process.wait()


def tail(log: str) -> str:
    """What is worth reading of a log: from the first traceback on, or its end."""
    place = log.find("Traceback")
    return log[place : place + 6000] if place >= 0 else log[-6000:]


def experience(folder: Path) -> list[list[list[Step]]]:
    """The episodes of each batch, as the script has dumped them."""
    files = sorted(folder.glob("saved/*/game_state/*.json"))
    batches = [json.loads(path.read_text()) for path in files]
    return [[[_step(entry) for entry in episode] for episode in each.values()] for each in batches]


def _step(entry: dict[str, Any]) -> Step:
    return entry["action"], entry["reward"], entry["done"]


def times(path: Path, name: str) -> tuple[list[float], list[float]]:
    """What each call of a vector's method cost: seconds of the clock and of the caller's thread."""
    rows = [line.split() for line in path.read_text().splitlines()]
    own = [row for row in rows if row[0] == name]
    return [float(row[1]) for row in own], [float(row[2]) for row in own]
