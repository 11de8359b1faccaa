"""Lets Oat run on a machine without a GPU; loaded first by every process whose path begins here.

Nothing of Oat, of upstream's scripts or of `gem` is changed, only what a GPU would have answered,
and one loop of torch that upstream's placeholder dataset of 1e9 rows makes hopeless.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Any


class AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with a module as soon as that has been imported, once."""

    def __init__(self, name: str, change: Callable[[Any], None]) -> None:
        """Waits for the module of that name."""
        self.name = name
        self.change = change

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Finds the module as always, and takes its loader along."""
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def load_and_change(module: Any) -> None:
            load(module)
            self.change(module)

        spec.loader.exec_module = load_and_change  # type: ignore[method-assign]
        return spec


def without_gpu(torch: Any) -> None:
    """Answers for the one GPU that Oat asks after."""
    cuda = torch.cuda
    cuda.device_count = lambda: 1
    cuda.current_device = lambda: torch.device("cpu")
    cuda.memory_allocated = lambda *_: 0
    for name in ("set_device", "synchronize", "empty_cache", "manual_seed_all"):
        setattr(cuda, name, lambda *_: None)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def sample_lazily(module: Any) -> None:
    """Counts through a dataset instead of writing down the numbers of all its rows."""
    module.DistributedSampler.__iter__ = lambda self: iter(
        range(self.rank, self.total_size, self.num_replicas)
    )


sys.meta_path.insert(0, AfterImport("torch", without_gpu))
sys.meta_path.insert(0, AfterImport("torch.utils.data.distributed", sample_lazily))

if os.environ.get("GEM_TEST_OWN_STREAMS"):
    import own_streams

    sys.meta_path.insert(0, AfterImport(own_streams.MODULE, own_streams.give))
if os.environ.get("GEM_TEST_TIMES"):
    import step_times

    sys.meta_path.insert(0, AfterImport(step_times.MODULE, step_times.take))
