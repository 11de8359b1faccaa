"""What programs may not do: said to the process that forks them as far as they inherit it."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable

import kernel
from settings import Settings

_OPEN_FILES = 256
_SIGNALS = 256


def confine_room(settings: Settings, filters: list[kernel.Filter]) -> None:
    """Gives everything up, for good, that forking programs does not need; these inherit it."""
    if settings.level == "none":
        kernel.die_with_parent()
        return
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, settings.memory_bytes),
        (resource.RLIMIT_FSIZE, settings.file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, settings.processes),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, _SIGNALS),
    ):
        kernel.limit(kind, value)
    if os.geteuid() == 0:
        kernel.forbid_capabilities()
    if settings.user >= 0:
        kernel.leave_groups(settings.user)
    # A change of the group takes these back.
    kernel.die_with_parent()
    kernel.forbid_dumps()
    kernel.forbid_new_privileges()
    for one in filters:
        one.apply()


Call = tuple[Callable[..., object], tuple[object, ...]]
"""A function that gives nothing or 0, unless it fails, and its arguments."""


def calls_of_program(settings: Settings) -> list[Call]:
    """What gives the rest up, for good, in a process that becomes a program."""
    if settings.level == "none":
        return [kernel.DIE_WITH_PARENT]
    calls: list[Call] = []
    if settings.user >= 0:
        calls.append((os.setresuid, (settings.user,) * 3))
    if settings.is_root:
        calls.append(kernel.DROP_CAPABILITIES)
    # In a program's room, all others are its own.
    calls.append(kernel.ALLOW_DUMPS)
    if settings.level == "rlimit":
        # Changing the user has taken this back.
        calls.append(kernel.DIE_WITH_PARENT)
    return calls
