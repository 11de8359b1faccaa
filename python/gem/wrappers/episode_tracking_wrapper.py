"""Counting steps and adding up rewards; see `src/wrappers/episode-tracking.ts`."""

from __future__ import annotations

from typing import ClassVar

from gem._bridge.remote_wrapper import RemoteWrapper
from gem.core import Env


class EpisodeTrackingWrapper(RemoteWrapper):
    """Adds `step_counter` and `cumulative_rewards` to the info; after a reset the last ones too."""

    _gem_class: ClassVar[str] = "EpisodeTrackingWrapper"

    def __init__(self, env: Env) -> None:
        """Wraps any environment."""
        super().__init__(env)
