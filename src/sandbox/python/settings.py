"""What a zygote is told when it is started."""

from __future__ import annotations

import json
import os
from typing import NamedTuple


class Settings(NamedTuple):
    """The limits of every run, and how runs are isolated."""

    level: str
    """`bwrap` (this process is in namespaces that bubblewrap made), `rlimit` or `none`."""
    memory_bytes: int
    processes: int
    file_bytes: int
    user: int
    """The user and group that programs run as; -1: the zygote's own."""
    below_tmp: tuple[str, ...]
    """Folders of the interpreter that lie below /tmp."""
    preload: tuple[str, ...]
    """Modules that are imported before the first run, where they are installed."""
    is_root: bool
    """Whether the zygote has capabilities."""


def read_settings(text: str) -> Settings:
    """Reads the settings from JSON."""
    values = json.loads(text)
    lists = {name: tuple(values[name]) for name in ("below_tmp", "preload")}
    return Settings(**{**values, **lists}, is_root=os.geteuid() == 0)
