"""Puts a worker group without a model in the place of Verl's, which need GPUs.

This folder goes first on `PYTHONPATH`: Python imports a module of this name in every process that
starts, Ray's workers included. No file of Verl's is touched; only `RayPPOTrainer.init_workers` is
another function once its module has been imported. The clock shows upstream's script one and the
same time, because that is what it seeds environments with.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

TRAINER = "verl.trainer.ppo.ray_trainer"
SCRIPT = "train_verl.py"
NOW = 1_800_000_000_000_000_001
"""In nanoseconds, beyond what a float64 holds exactly."""

_time_ns = time.time_ns


def _scripts_time_ns() -> int:
    caller = sys._getframe(1).f_code.co_filename
    return NOW if os.path.basename(caller) == SCRIPT else _time_ns()


class _TrainerFinder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != TRAINER:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            module.__dict__["RayPPOTrainer"].init_workers = _init_workers

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _init_workers(trainer: Any) -> None:
    from scripted_workers import ScriptedWorkers

    trainer.actor_rollout_wg = ScriptedWorkers(trainer)


if "GEM_TEST_RECORD" in os.environ:
    sys.meta_path.insert(0, _TrainerFinder())
    time.time_ns = _scripts_time_ns
