"""Tensors on their way to the service."""

from __future__ import annotations

from typing import Any


class TensorData:
    """A tensor."""

    def __init__(self, tensor: Any) -> None:
        """Keeps it."""
        self.tensor = tensor

    @classmethod
    def from_torch(cls, tensor: Any) -> TensorData:
        """Takes one of torch."""
        return cls(tensor)

    def to_torch(self) -> Any:
        """Gives it to torch."""
        return self.tensor
