"""What is asked for completions."""

from __future__ import annotations

StopCondition = list[str]
