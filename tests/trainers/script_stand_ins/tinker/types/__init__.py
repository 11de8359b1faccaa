"""The values that Tinker's clients take and give."""

from __future__ import annotations

import dataclasses
from typing import Any

from tinker.types.tensor_data import TensorData

__all__ = ["AdamParams", "Datum", "ModelInput", "SamplingParams", "TensorData"]


@dataclasses.dataclass
class SamplingParams:
    """How to sample."""

    max_tokens: int


@dataclasses.dataclass
class AdamParams:
    """How to train."""

    learning_rate: float
    beta1: float
    beta2: float
    eps: float


@dataclasses.dataclass
class ModelInput:
    """Tokens."""

    tokens: list[int]

    @classmethod
    def from_ints(cls, tokens: list[int]) -> ModelInput:
        """Takes tokens."""
        return cls(tokens)

    @classmethod
    def empty(cls) -> ModelInput:
        """Has none."""
        return cls([])


@dataclasses.dataclass
class Datum:
    """What to learn from."""

    model_input: ModelInput
    loss_fn_inputs: dict[str, TensorData]


@dataclasses.dataclass
class Sequence:
    """A reply."""

    tokens: list[int]
    logprobs: list[float]


@dataclasses.dataclass
class Sampled:
    """Replies."""

    sequences: list[Sequence]


@dataclasses.dataclass
class Saved:
    """Where weights are."""

    path: str


@dataclasses.dataclass
class Trained:
    """What a pass gave."""

    loss_fn_outputs: list[dict[str, Any]]
    metrics: dict[str, float]
