"""A part of the stand-in for vLLM."""

from __future__ import annotations

from typing import Any


class LoRARequest:
    """Which adapter to use; there is none here."""

    def __init__(self, *args: Any) -> None:
        """Keeps what was asked for."""
        self.args = args
