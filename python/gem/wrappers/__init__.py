"""Wrappers around environments."""

from __future__ import annotations

from gem._bridge.lazy import submodules

__getattr__ = submodules(
    __name__, "episode_tracking_wrapper", "observation_wrapper", "wrapper_factory"
)
