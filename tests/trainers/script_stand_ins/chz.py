"""A stand-in for chz: classes of settings, made with keywords."""

from __future__ import annotations

import dataclasses
from typing import Any


def chz(cls: type[Any]) -> type[Any]:
    """Makes a class of settings."""
    return dataclasses.dataclass(kw_only=True)(cls)


def asdict(settings: Any) -> dict[str, Any]:
    """Shows settings as a dict."""
    return dataclasses.asdict(settings)
