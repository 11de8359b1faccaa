"""This program as a host process runs it: what `gem.register(..., host=True)` registers."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from gem._bridge.errors import InvalidArgumentError, UnsupportedError

IMPORTING = "GEM_HOST_IMPORTS"
"""Set in a host process while it imports the program's modules; see `gem._host.libraries`."""


@dataclass(frozen=True)
class Program:
    """An environment's class in a module or a script, and what is needed to import it."""

    entry_point: str
    main: str | None

    def to_wire(self) -> dict[str, str]:
        """The interpreter, and what `gem._host.libraries.program` reads."""
        program = {
            "entry_point": self.entry_point,
            "path": [entry or os.getcwd() for entry in sys.path],
            "folder": os.getcwd(),
            "main": self.main,
        }
        return {"python": sys.executable, "program": json.dumps(program)}


def program_of(env_id: str, entry_point: Callable[..., Any] | str) -> Program:
    """Describes where an environment's class can be imported from in another process.

    Raises:
        InvalidArgumentError: when it cannot be.
    """
    if isinstance(entry_point, str):
        return Program(entry_point, None)
    module = getattr(entry_point, "__module__", None)
    name = getattr(entry_point, "__qualname__", None)
    if (
        not isinstance(module, str)
        or not isinstance(name, str)
        or not _leads_to(module, name, entry_point)
    ):
        raise _unreachable(env_id, entry_point, "it is not at the top level of a module")
    if module != "__main__":
        return Program(f"{module}:{name}", None)
    path = getattr(sys.modules["__main__"], "__file__", None)
    if path is None:
        raise _unreachable(env_id, entry_point, "this program was not started from a file")
    return Program(f"__main__:{name}", os.path.abspath(path))


def check_not_importing() -> None:
    """Refuses to start anything while a host process imports this program.

    Raises:
        UnsupportedError: then.
    """
    entry_point = os.environ.get(IMPORTING)
    if entry_point is None:
        return
    message = (
        f"A host process imports this program to find {entry_point!r}, and its top level makes "
        "environments. Put what is to run only in the program itself under "
        'if __name__ == "__main__":'
    )
    raise UnsupportedError(message)


def _leads_to(module: str, name: str, entry_point: object) -> bool:
    try:
        return attrgetter(name)(sys.modules[module]) is entry_point
    except (KeyError, AttributeError):
        return False


def _unreachable(env_id: str, entry_point: object, why: str) -> InvalidArgumentError:
    source = inspect.getmodule(entry_point)
    where = "" if source is None else f" of {source.__name__}"
    message = (
        f"{env_id!r} cannot be registered with host=True: a host process cannot import "
        f"{getattr(entry_point, '__qualname__', entry_point)!r}{where}, {why}. Define the class at "
        "the top level of a module or script, or leave host=True out."
    )
    return InvalidArgumentError(message)
