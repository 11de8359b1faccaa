"""The process's generators, which TextArena draws from."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Iterator
from typing import Any

Streams = tuple[Any, Any]

_NUMPY_SEEDS = 2**32


def seed_streams(seed: int) -> None:
    """Starts Python's generator, and NumPy's old one where NumPy is loaded."""
    random.seed(seed)
    if numpy := _numpy():
        numpy.random.seed(seed % _NUMPY_SEEDS)


def take_streams() -> Streams:
    """Where the generators are."""
    numpy = _numpy()
    return random.getstate(), numpy.random.get_state() if numpy else None


def set_streams(streams: Streams) -> None:
    """Puts the generators where they were."""
    python, old = streams
    random.setstate(python)
    numpy = _numpy()
    if numpy and old is not None:
        numpy.random.set_state(old)


@contextlib.contextmanager
def kept_streams() -> Iterator[None]:
    """Leaves the generators as they were."""
    streams = take_streams()
    try:
        yield
    finally:
        set_streams(streams)


def _numpy() -> Any:
    return sys.modules.get("numpy")
