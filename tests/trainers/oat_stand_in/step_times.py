"""Writes down what calls of a vector cost: seconds of the clock and of the caller's thread."""

from __future__ import annotations

import os
import time
from typing import Any

MODULE = "gem.vector.vector_env"


def take(module: Any) -> None:
    """Measures `reset` and `step` of vectors; a line each in the file of GEM_TEST_TIMES."""
    for name in ("reset", "step"):
        setattr(module.VectorEnv, name, measured(name, getattr(module.VectorEnv, name)))


def measured(name: str, method: Any) -> Any:
    """The method, measured."""

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        start, thread = time.perf_counter(), time.thread_time()
        try:
            return method(self, *args, **kwargs)
        finally:
            seconds, own = time.perf_counter() - start, time.thread_time() - thread
            with open(os.environ["GEM_TEST_TIMES"], "a") as lines:
                lines.write(f"{name} {seconds:.9f} {own:.9f}\n")

    return call
