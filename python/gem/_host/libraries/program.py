"""Environments of the trainer's own program, registered with `gem.register(..., host=True)`.

`GEM_HOST_PROGRAM` describes the program as JSON: `entry_point` ("module:Class"), `path` (its
`sys.path`), `folder` (its working directory), and `main`, the file that it was started from, when
the class is defined there.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import platform
from collections.abc import Callable
from typing import Any

from gem._bridge.signatures import takes

VARIABLE = "GEM_HOST_PROGRAM"
IMPORTING = "GEM_HOST_IMPORTS"
"""Set while the program's modules are imported: then it must not start servers or hosts itself."""


class ProgramError(Exception):
    """The program's environment cannot be made."""

    gem_code = "GEM_ENV_FAULT"


def make(env_id: str, **kwargs: Any) -> Any:
    """Makes an environment of the program.

    Args:
        env_id: the id that it is registered under.
        **kwargs: the class's keyword arguments; `seed` is left out when the class takes none.

    Raises:
        ProgramError: when the class cannot be imported.
    """
    entry_point = _entry_point()
    if "seed" in kwargs and not takes(entry_point, "seed"):
        del kwargs["seed"]
    env = entry_point(**kwargs)
    env.env_id = env_id
    return env


def versions() -> dict[str, str]:
    """What runs the program."""
    return {"python": platform.python_version()}


@functools.cache
def _entry_point() -> Callable[..., Any]:
    # Importing this registers a hook at the interpreter's exit, so only who needs it does.
    from multiprocessing import spawn

    program = json.loads(os.environ[VARIABLE])
    module_name, _, path = program["entry_point"].partition(":")
    preparation = {
        "name": "gem-host",
        "sys_path": program["path"],
        "dir": program["folder"],
        "orig_dir": program["folder"],
    }
    if program["main"] is not None:
        # As multiprocessing does it: the file is imported under another name than `__main__`.
        preparation["init_main_from_path"] = program["main"]
    os.environ[IMPORTING] = env_name = program["entry_point"]
    try:
        spawn.prepare(preparation)
        found: Any = importlib.import_module(module_name)
        for name in path.split("."):
            found = getattr(found, name)
    except Exception as error:
        message = f"{env_name} cannot be imported in a host process: {error}."
        raise ProgramError(message) from error
    finally:
        del os.environ[IMPORTING]
    entry_point: Callable[..., Any] = found
    return entry_point
