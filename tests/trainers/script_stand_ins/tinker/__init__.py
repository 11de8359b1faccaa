"""A stand-in for Tinker, a paid service: its client, and a model that replies from a table."""

from __future__ import annotations

from typing import Any

from tinker import types
from tinker.types import ModelInput

__all__ = ["ModelInput", "SamplingClient", "ServiceClient", "TrainingClient", "types"]


class Ready:
    """What has been computed already."""

    def __init__(self, value: Any) -> None:
        """Keeps it."""
        self.value = value

    def result(self) -> Any:
        """Gives it."""
        return self.value


class ServiceClient:
    """The service."""

    async def create_lora_training_client_async(self, **_: Any) -> TrainingClient:
        """Gives a client that trains."""
        return TrainingClient()

    def create_sampling_client(self, model_path: str) -> SamplingClient:
        """Gives a client that samples."""
        return SamplingClient()


class TrainingClient:
    """Trains nothing."""

    def save_weights_for_sampler(self, name: str) -> Ready:
        """Names what would be saved."""
        return Ready(types.Saved(path=f"tinker://{name}"))

    def forward_backward(self, datums: list[Any], loss_fn: str) -> Ready:
        """Gives back the probabilities that came."""
        outputs = [{"logprobs": datum.loss_fn_inputs["logprobs"]} for datum in datums]
        return Ready(types.Trained(loss_fn_outputs=outputs, metrics={"loss": 0.0}))

    def optim_step(self, params: Any) -> Ready:
        """Changes nothing."""
        return Ready(None)


class SamplingClient:
    """Samples the same reply each time."""

    reply: tuple[int, ...] = ()
    """Its tokens; whoever runs a script sets them."""

    async def sample_async(self, **_: Any) -> Any:
        """Replies once."""
        tokens = list(self.reply)
        return types.Sampled([types.Sequence(tokens, [-1.0] * len(tokens))])
