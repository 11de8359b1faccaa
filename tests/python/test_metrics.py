"""Metrics of episodes: what is counted, and where it goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import gem
from gem.errors import EnvFaultError, InvalidArgumentError
from gem.utils.metrics import EpisodeMetrics
from gem.wrappers.wrapper_factory import get_wrapper_fns

EASY = "game:GuessTheNumber-v0-easy"


class Mode:
    """An autoreset mode."""

    def __init__(self, value: str) -> None:
        self.value = value


class FakeVec:
    """A vector that gives what a test wrote down."""

    def __init__(self, ids: list[str], steps: list[Any], mode: str = "SameStep") -> None:
        self.env_ids, self.autoreset_mode = tuple(ids), Mode(mode)
        self._steps = iter(steps)

    def reset(self, seed: int | None = None) -> Any:
        return [f"start {seed}"] * len(self.env_ids), [{} for _ in self.env_ids]

    def step(self, actions: Any) -> Any:
        result = next(self._steps)
        if isinstance(result, Exception):
            raise result
        return result


def result(
    rewards: list[float],
    terminated: list[int] | None = None,
    truncated: list[int] | None = None,
    infos: list[dict[str, Any]] | None = None,
) -> Any:
    """A step's five results; what is left out is False or empty."""
    none = [0] * len(rewards)
    return (
        [""] * len(rewards),
        np.array(rewards),
        np.array(terminated or none, dtype=np.bool_),
        np.array(truncated or none, dtype=np.bool_),
        infos or [{} for _ in rewards],
    )


def test_episodes_are_summed_up_by_id() -> None:
    vec = FakeVec(
        ["a:X", "a:X", "b:Y"],
        [result([0.0, -0.5, 1.0], [0, 1, 1]), result([1.0, 1.0, 0.25], [1, 0, 1], [0, 0, 0])],
    )
    metrics = EpisodeMetrics(vec)
    assert metrics.reset(seed=4)[0] == ["start 4"] * 3
    metrics.step([""] * 3)
    metrics.step([""] * 3)
    summary = metrics.summary()
    assert summary["gem/a:X/episodes"] == 2
    assert summary["gem/a:X/return_mean"] == 0.25
    assert summary["gem/a:X/return_std"] == 0.75
    assert (summary["gem/a:X/return_min"], summary["gem/a:X/return_max"]) == (-0.5, 1.0)
    assert summary["gem/a:X/success_rate"] == 0.5
    assert summary["gem/a:X/episode_length_mean"] == 1.5
    assert summary["gem/b:Y/return_mean"] == 0.625
    assert summary["gem/b:Y/success_rate"] == 0.5
    assert summary["gem/steps"] == 6
    assert 0 < summary["gem/step_seconds_p50"] <= summary["gem/step_seconds_p99"]


def test_open_episodes_go_on_over_intervals_and_a_reset_forgets_them() -> None:
    vec = FakeVec(["a:X"], [result([1.0]), result([2.0], [1]), result([4.0]), result([8.0], [1])])
    metrics = EpisodeMetrics(vec, prefix="train")
    metrics.step([""])
    assert metrics.summary()["train/steps"] == 1
    metrics.clear()
    metrics.step([""])
    assert metrics.summary()["train/a:X/return_mean"] == 3.0
    assert metrics.summary()["train/a:X/episode_length_mean"] == 2.0
    metrics.clear()
    metrics.step([""])
    metrics.reset()
    metrics.step([""])
    assert metrics.summary()["train/a:X/return_mean"] == 8.0


def test_an_interval_without_episodes_has_no_means() -> None:
    metrics = EpisodeMetrics(FakeVec(["a:X"], [result([1.0])]))
    metrics.step([""])
    assert not [name for name in metrics.summary() if "a:X" in name]


def test_part_of_a_vector_counts_for_its_own_environments() -> None:
    vec = FakeVec(["a:X", "b:Y", "c:Z"], [result([1.0, 0.5], [1, 1])])
    metrics = EpisodeMetrics(vec)
    metrics.step({2: "", 0: ""})
    summary = metrics.summary()
    assert summary["gem/c:Z/return_mean"] == 1.0
    assert summary["gem/a:X/return_mean"] == 0.5
    assert "gem/b:Y/episodes" not in summary


def test_the_step_that_only_resets_is_no_turn() -> None:
    vec = FakeVec(
        ["a:X"], [result([1.0], [1]), result([0.0]), result([0.5], [0], [1])], mode="NextStep"
    )
    metrics = EpisodeMetrics(vec)
    for _ in range(3):
        metrics.step([""])
    summary = metrics.summary()
    assert summary["gem/a:X/episodes"] == 2
    assert summary["gem/a:X/episode_length_mean"] == 1.0
    assert summary["gem/a:X/truncated_rate"] == 0.5


FAULT = {"outcome": "fault", "cause": "GEM_DEADLINE", "retryable": True}


def test_an_episode_that_a_fault_cut_off_is_a_fault_and_no_episode() -> None:
    vec = FakeVec(
        ["a:X", "a:X"],
        [
            result([0.5, 0.0]),
            result([0.0, 1.0], [0, 1], [1, 0], [{"gem": FAULT}, {}]),
            result([1.0, 0.0], [1, 0]),
        ],
    )
    metrics = EpisodeMetrics(vec)
    for _ in range(3):
        metrics.step(["", ""])
    summary = metrics.summary()
    assert summary["gem/a:X/faults/GEM_DEADLINE"] == 1
    assert summary["gem/a:X/episodes"] == 2
    assert summary["gem/a:X/return_mean"] == 1.0


def test_retries_and_tools_faults_are_counted_by_cause_and_end_nothing() -> None:
    retried = {"gem": {"outcome": "retried", "cause": "GEM_OBJECT_FAULT"}}
    tool = {"gem": {**FAULT, "cause": "GEM_UNAVAILABLE", "tool_type": "search"}}
    vec = FakeVec(
        ["a:X", "b:Y"],
        [
            result([0.0, 0.0], infos=[retried, tool]),
            result([1.0, 1.0], [1, 1], infos=[{}, {"final_info": tool}]),
        ],
    )
    metrics = EpisodeMetrics(vec)
    metrics.step(["", ""])
    metrics.step(["", ""])
    summary = metrics.summary()
    assert summary["gem/a:X/retries/GEM_OBJECT_FAULT"] == 1
    assert summary["gem/b:Y/tool_faults/GEM_UNAVAILABLE"] == 2
    assert summary["gem/b:Y/episodes"] == 1


def test_an_episode_of_a_mixture_counts_under_the_id_that_it_played() -> None:
    ended = {"mixture_id": "b:Y", "final_info": {"mixture_id": "a:X"}}
    vec = FakeVec(
        ["mixture(a:X, b:Y)"] * 2,
        [result([1.0, 0.0], [1, 0], [0, 1], [ended, {"mixture_id": "b:Y", "gem": FAULT}])],
    )
    metrics = EpisodeMetrics(vec)
    metrics.step(["", ""])
    summary = metrics.summary()
    assert summary["gem/a:X/episodes"] == 1
    assert "gem/b:Y/episodes" not in summary
    assert summary["gem/mixture(a:X, b:Y)/faults/GEM_DEADLINE"] == 1


def test_what_a_step_raises_is_counted_and_raised() -> None:
    error = EnvFaultError("Environment 1 failed.")
    error.partial = result([1.0, 0.0], [1, 0], [0, 1], [{}, {"gem": FAULT}])  # type: ignore[attr-defined, unused-ignore]
    metrics = EpisodeMetrics(FakeVec(["a:X", "a:X"], [error]))
    with pytest.raises(EnvFaultError):
        metrics.step(["", ""])
    summary = metrics.summary()
    assert summary[f"gem/errors/{error.code}"] == 1
    assert summary["gem/a:X/episodes"] == 1
    assert summary["gem/a:X/faults/GEM_DEADLINE"] == 1


def play_game(step: Callable[[list[str]], Any], turns: int) -> None:
    """The same guesses, one after the other."""
    for turn in range(turns):
        step([rf"\boxed{{{1 + turn % 10}}}"] * 8)


def test_a_real_vector_agrees_with_its_own_tracking() -> None:
    vec = gem.make_vec([EASY] * 8, wrappers=get_wrapper_fns("concat,episode_tracking"))
    metrics = EpisodeMetrics(vec)
    metrics.reset(seed=3)
    returns: list[float] = []

    def step(actions: list[str]) -> None:
        _, _, terminated, truncated, infos = metrics.step(actions)
        done = (terminated | truncated).nonzero()[0]
        returns.extend(infos[index]["prev_ep_cumulative_rewards"] for index in done)

    play_game(step, 40)
    summary = metrics.summary()
    assert summary[f"gem/{EASY}/episodes"] == len(returns) > 50
    assert summary[f"gem/{EASY}/return_mean"] == pytest.approx(np.mean(returns))


def test_one_environment_is_measured_too() -> None:
    env = gem.make(EASY)
    metrics = EpisodeMetrics(env)
    metrics.reset(seed=1)
    for _ in range(4):
        _, _, terminated, truncated, _ = metrics.step("no number")
        assert terminated or truncated
        metrics.reset()
    assert metrics.summary()[f"gem/{EASY}/return_mean"] == pytest.approx(-0.1)
    assert metrics.summary()[f"gem/{EASY}/episodes"] == 4


class Run:
    """Stands for a W&B run."""

    def __init__(self) -> None:
        self.logged: list[Any] = []

    def log(self, values: dict[str, float], **options: int) -> None:
        self.logged.append((values, options))


def test_wandb_gets_the_summary_and_a_new_interval_starts() -> None:
    metrics = EpisodeMetrics(FakeVec(["a:X"], [result([1.0], [1])]))
    metrics.step([""])
    run = Run()
    values = metrics.to_wandb(run, step=7)
    assert run.logged == [(values, {"step": 7})]
    assert values["gem/a:X/episodes"] == 1
    assert metrics.to_wandb(run) == {"gem/steps": 0.0}
    assert run.logged[1] == ({"gem/steps": 0.0}, {})


def test_wandbs_current_run_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = EpisodeMetrics(FakeVec(["a:X"], []))
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(InvalidArgumentError, match=r"wandb\.init"):
        metrics.to_wandb()
    module = ModuleType("wandb")
    module.run = Run()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wandb", module)
    metrics.to_wandb()
    assert module.run.logged == [({"gem/steps": 0.0}, {})]


class Writer:
    """Stands for a SummaryWriter."""

    def __init__(self) -> None:
        self.scalars: list[tuple[str, float, int]] = []

    def add_scalar(self, name: str, value: float, step: int) -> None:
        self.scalars.append((name, value, step))


def test_tensorboard_gets_one_scalar_for_each_name() -> None:
    metrics = EpisodeMetrics(FakeVec(["a:X"], [result([1.0], [1])]))
    metrics.step([""])
    writer = Writer()
    values = metrics.to_tensorboard(writer, step=3)
    assert writer.scalars == [(name, value, 3) for name, value in values.items()]
    with pytest.raises(InvalidArgumentError, match="add_scalar"):
        metrics.to_tensorboard("runs/1", step=3)


def test_tensorboards_files_hold_the_metrics(tmp_path: Path) -> None:
    tensorboard = pytest.importorskip("tensorboardX")
    metrics = EpisodeMetrics(FakeVec(["a:X"], [result([1.0], [1])]))
    metrics.step([""])
    with tensorboard.SummaryWriter(str(tmp_path)) as writer:
        metrics.to_tensorboard(writer, step=3)
    (events,) = tmp_path.glob("events.*")
    # TensorBoard's names have no colon; tensorboardX writes a low line for it.
    assert b"gem/a_X/return_mean" in events.read_bytes()


class Fragile(gem.Env):
    """Ends after two steps; the action "break" raises."""

    turns = 0

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        self.turns = 0
        return "go", {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        if action == "break":
            raise ZeroDivisionError(action)
        self.turns += 1
        return "on", 0.5, self.turns == 2, False, {}


def test_masked_faults_of_a_real_vector_are_no_episodes() -> None:
    gem.register("metrics:Fragile-v0", Fragile)
    vec = gem.make_vec(["metrics:Fragile-v0"] * 2, on_fault="mask")
    metrics = EpisodeMetrics(vec)
    metrics.reset()
    for actions in (["a", "a"], ["break", "a"], ["a", "a"], ["a", "a"]):
        metrics.step(actions)
    summary = metrics.summary()
    assert summary["gem/metrics:Fragile-v0/faults/GEM_OBJECT_FAULT"] == 1
    assert summary["gem/metrics:Fragile-v0/episodes"] == 3
    assert summary["gem/metrics:Fragile-v0/return_mean"] == 1.0


def test_a_real_fault_that_is_raised_is_counted() -> None:
    gem.register("metrics:Fragile-v1", Fragile)
    metrics = EpisodeMetrics(gem.make_vec(["metrics:Fragile-v1"] * 2))
    metrics.reset()
    metrics.step(["a", "a"])
    with pytest.raises(ZeroDivisionError):
        metrics.step(["break", "a"])
    assert metrics.summary()["gem/errors/ZeroDivisionError"] == 1
