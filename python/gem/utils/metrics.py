"""Ready metrics of episodes: returns, successes, lengths, faults by id, and what steps take."""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gem.errors import GemError, InvalidArgumentError

_KEPT_DURATIONS = 4096


class EpisodeMetrics:
    """Measures the episodes of a vector, or of one environment, while they are played.

    Either step through it, which also measures time:

        metrics = EpisodeMetrics(vec)
        observations, infos = metrics.reset(seed=0)
        observations, rewards, terminated, truncated, infos = metrics.step(actions)
        metrics.to_wandb(run)

    or hand it what `vec.step` gave: `metrics.record(result)`. A step costs a few operations on
    whole arrays and a look at each info; only ended episodes are handled singly. `summary` has
    `gem/<id>/return_mean` and so on. An episode that a fault cut off counts as that fault, never
    as an episode.
    """

    def __init__(self, vec: Any, prefix: str = "gem") -> None:
        """Measures `vec`; the names of all metrics begin with `prefix`."""
        self._vec, self._prefix = vec, prefix
        self._is_vector = hasattr(vec, "env_ids")
        ids = vec.env_ids if self._is_vector else (_id_of(vec),)
        self._ids: tuple[str, ...] = tuple(ids)
        mode = getattr(vec, "autoreset_mode", None)
        self._waits_for_reset = getattr(mode, "value", None) == "NextStep"
        self._everyone = np.arange(len(self._ids))
        self._returns = np.zeros(len(self._ids))
        self._lengths = np.zeros(len(self._ids), dtype=np.int64)
        self._pending = np.zeros(len(self._ids), dtype=np.bool_)
        self._durations = np.zeros(_KEPT_DURATIONS)
        self.clear()

    def reset(self, *args: Any, **kwargs: Any) -> Any:
        """Resets the vector with these arguments; episodes that were open are forgotten."""
        result = self._vec.reset(*args, **kwargs)
        self.forget()
        return result

    def step(self, actions: Any) -> Any:
        """Steps the vector and measures that.

        Raises:
            Exception: what the vector's step raises. Its code, or its class's name, is counted, and
                so are the results that it carries as `partial`.
        """
        positions = list(actions) if isinstance(actions, Mapping) else None
        start = time.perf_counter()
        try:
            result = self._vec.step(actions)
        except Exception as error:
            self._errors[error.code if isinstance(error, GemError) else type(error).__name__] += 1
            partial = getattr(error, "partial", None)
            if partial is not None:
                self.record(partial, positions, time.perf_counter() - start)
            raise
        self.record(result, positions, time.perf_counter() - start)
        return result

    def record(
        self,
        result: Sequence[Any],
        positions: Sequence[int] | None = None,
        seconds: float | None = None,
    ) -> None:
        """Takes in the five results of a step.

        Args:
            result: observations, rewards, terminated, truncated, infos.
            positions: which environments they are of, in order; default: all.
            seconds: how long the step took, where known.
        """
        _, rewards, terminated, truncated, infos = result
        if not self._is_vector:
            infos = [infos]
        who = self._everyone if positions is None else np.asarray(positions, dtype=np.intp)
        done = np.atleast_1d(np.asarray(terminated) | np.asarray(truncated))
        playing = ~self._pending[who]
        self._returns[who] += np.where(playing, rewards, 0.0)
        self._lengths[who] += playing
        self._steps += len(who)
        if seconds is not None:
            self._durations[self._calls_timed % _KEPT_DURATIONS] = seconds
            self._calls_timed += 1
            self._seconds += seconds
        lost = self._count_faults(who, infos)
        if done.any():
            cut = np.atleast_1d(np.asarray(truncated) & ~np.asarray(terminated))
            last = np.atleast_1d(rewards)
            for index in done.nonzero()[0]:
                if index not in lost and playing[index]:
                    env_id = self._id_at(int(who[index]), _ended(infos[index]))
                    self._finish(env_id, int(who[index]), float(last[index]), bool(cut[index]))
            self._returns[who[done]] = 0.0
            self._lengths[who[done]] = 0
        if self._waits_for_reset:
            self._pending[who] = done

    def forget(self) -> None:
        """Forgets the open episodes, as after a reset of the vector that went past this object."""
        self._returns[:] = 0.0
        self._lengths[:] = 0
        self._pending[:] = False

    def clear(self) -> None:
        """Starts a new interval; open episodes go on."""
        self._totals: dict[str, _Totals] = {}
        self._faults: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._steps = self._calls_timed = 0
        self._seconds = 0.0

    def summary(self) -> dict[str, float]:
        """What happened since the last `clear`, by name.

        `<id>` stands for an environment's id. Episodes: `<id>/episodes`, `<id>/return_mean`,
        `_std`, `_min`, `_max`, `<id>/success_rate` (last reward exactly 1), `<id>/truncated_rate`
        and `<id>/episode_length_mean`; none of them for an id without an ended episode. Faults:
        `<id>/faults/<cause>`, `<id>/retries/<cause>`, `<id>/tool_faults/<cause>`, and
        `errors/<code>` for what was raised. Steps: `steps` (of single environments); of the last
        4,096 timed calls `step_seconds_p50`, `_p90`, `_p99`, beside `step_seconds_mean` and
        `steps_per_second` of all.
        """
        out: dict[str, float] = {"steps": self._steps}
        for env_id, totals in self._totals.items():
            out.update({f"{env_id}/{name}": value for name, value in totals.summary().items()})
        out.update(self._faults)
        out.update({f"errors/{code}": count for code, count in self._errors.items()})
        if self._calls_timed > 0:
            kept = self._durations[: min(self._calls_timed, _KEPT_DURATIONS)]
            for percent, value in zip((50, 90, 99), np.percentile(kept, (50, 90, 99)), strict=True):
                out[f"step_seconds_p{percent}"] = float(value)
            out["step_seconds_mean"] = self._seconds / self._calls_timed
            if self._seconds > 0:
                out["steps_per_second"] = self._steps / self._seconds
        return {f"{self._prefix}/{name}": float(value) for name, value in out.items()}

    def to_wandb(self, run: Any = None, step: int | None = None) -> dict[str, float]:
        """Logs the summary to a W&B run and starts a new interval.

        Args:
            run: what `wandb.init` gave; default: the process's current run.
            step: W&B's step; default: its own count.

        Raises:
            InvalidArgumentError: no run is given and none is open.
        """
        if run is None:
            run = getattr(_optional("wandb"), "run", None)
        if run is None:
            message = "to_wandb needs a run: pass what wandb.init(…) gave."
            raise InvalidArgumentError(message)
        values = self._take()
        run.log(values) if step is None else run.log(values, step=step)
        return values

    def to_tensorboard(self, writer: Any, step: int) -> dict[str, float]:
        """Logs the summary to TensorBoard and starts a new interval.

        Args:
            writer: a `SummaryWriter` of `torch.utils.tensorboard` or `tensorboardX`, or whatever
                else has `add_scalar(name, value, step)`.
            step: the trainer's count of updates, for example.

        Raises:
            InvalidArgumentError: the writer has no such method.
        """
        if not callable(getattr(writer, "add_scalar", None)):
            message = (
                "to_tensorboard needs a writer with add_scalar(name, value, step), such as "
                f"tensorboardX.SummaryWriter(folder), got {writer!r}."
            )
            raise InvalidArgumentError(message)
        values = self._take()
        for name, value in values.items():
            writer.add_scalar(name, value, step)
        return values

    def _take(self) -> dict[str, float]:
        values = self.summary()
        self.clear()
        return values

    def _count_faults(self, who: Any, infos: Sequence[Mapping[str, Any]]) -> set[int]:
        """Counts what infos report; where the result is a fault and not data."""
        lost: set[int] = set()
        for index, info in enumerate(infos):
            if "gem" not in info and "final_info" not in info:
                continue
            final = info.get("final_info") or {}
            for entry in (info.get("gem"), final.get("gem")):
                if entry is None:
                    continue
                kind = _kind_of(entry)
                # With a fault comes the next episode's info, which says nothing of this one.
                about = final if kind == "faults" else _ended(info)
                if kind == "faults":
                    lost.add(index)
                env_id = self._id_at(int(who[index]), about)
                self._faults[f"{env_id}/{kind}/{entry.get('cause')}"] += 1
        return lost

    def _id_at(self, position: int, info: Mapping[str, Any]) -> str:
        """An environment's id; in a mixture that of the episode, where its info names it."""
        return str(info.get("mixture_id", self._ids[position]))

    def _finish(self, env_id: str, position: int, last_reward: float, truncated: bool) -> None:
        totals = self._totals.setdefault(env_id, _Totals())
        value, length = float(self._returns[position]), int(self._lengths[position])
        totals.add(value, length, last_reward == 1.0, truncated)


class _Totals:
    """Running sums over the episodes of one id."""

    def __init__(self) -> None:
        self.episodes = self.successes = self.truncations = self.turns = 0
        self.mean = self.squares = 0.0
        self.lowest, self.highest = float("inf"), float("-inf")

    def add(self, value: float, length: int, success: bool, truncated: bool) -> None:
        """Takes in an episode; mean and variance are kept by Welford's method."""
        self.episodes += 1
        before = value - self.mean
        self.mean += before / self.episodes
        self.squares += before * (value - self.mean)
        self.lowest, self.highest = min(self.lowest, value), max(self.highest, value)
        self.successes += success
        self.truncations += truncated
        self.turns += length

    def summary(self) -> dict[str, float]:
        """Counts, means and the returns' spread (of the population)."""
        return {
            "episodes": self.episodes,
            "return_mean": self.mean,
            "return_std": (self.squares / self.episodes) ** 0.5,
            "return_min": self.lowest,
            "return_max": self.highest,
            "success_rate": self.successes / self.episodes,
            "truncated_rate": self.truncations / self.episodes,
            "episode_length_mean": self.turns / self.episodes,
        }


def _ended(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """The info of the episode that a step belonged to, and not of one that began in it."""
    final: Mapping[str, Any] | None = info.get("final_info")
    return info if final is None else final


def _kind_of(entry: Mapping[str, Any]) -> str:
    if "tool_type" in entry:
        return "tool_faults"
    return "retries" if entry.get("outcome") == "retried" else "faults"


def _id_of(env: Any) -> str:
    return str(getattr(env, "env_id", None) or type(getattr(env, "unwrapped", env)).__name__)


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
