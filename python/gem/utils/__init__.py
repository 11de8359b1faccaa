"""Constants, parsing of replies, seeding, debugging."""

from __future__ import annotations

from gem._bridge.lazy import submodules

__getattr__ = submodules(__name__, "constants", "debug", "parsing", "seeding")
