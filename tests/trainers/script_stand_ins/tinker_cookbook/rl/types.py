"""What environments and datasets derive from."""

from __future__ import annotations

import dataclasses
from typing import Any

Action = Any
Metrics = dict[str, float]
Observation = Any


class Env:
    """An episode."""


class EnvGroupBuilder:
    """Makes the episodes of a group."""


class RLDataset:
    """Batches of groups."""


class RLDatasetBuilder:
    """Makes a dataset."""


@dataclasses.dataclass
class StepResult:
    """What a step gives."""

    reward: float
    episode_done: bool
    next_observation: Any
    next_stop_condition: Any
    metrics: Metrics
