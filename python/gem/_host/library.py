"""What a host serves: a module of `gem._host.libraries`, or any module by its path.

A library is a module with any of

- `FUNCTIONS`: name → function; plain data in, plain data out, nothing remembered
- `make(env_id, **kwargs)`: an object with `reset(seed=None, **options)`, `step(action)` and perhaps
  `sample_random_action()`, `get_state()`, `set_state(state)`, `close()`
- `versions()`: name → version, of what it is made of

An exception whose class has `gem_code`, one of the codes of `src/errors.ts`, is reported as that
error.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any


class UnknownFunctionError(Exception):
    """A library was asked for what it does not have."""

    gem_code = "GEM_UNKNOWN_METHOD"


@dataclass(frozen=True)
class Library:
    """A loaded library."""

    name: str
    functions: Mapping[str, Callable[..., Any]]
    make: Callable[..., Any] | None
    versions: Callable[[], Mapping[str, str]]

    def function(self, name: str) -> Callable[..., Any]:
        """A function by its name.

        Raises:
            UnknownFunctionError: when it has none of this name.
        """
        found = self.functions.get(name)
        if found is None:
            message = f"{self.name} has no function {name!r}; it has {', '.join(self.functions)}."
            raise UnknownFunctionError(message)
        return found

    def new(self, env_id: str, options: Mapping[str, Any]) -> Any:
        """Makes an object.

        Raises:
            UnknownFunctionError: when it makes none.
        """
        if self.make is None:
            message = f"{self.name} makes no environments."
            raise UnknownFunctionError(message)
        return self.make(env_id, **options)


def load(name: str) -> Library:
    """Imports a library by its name, or by the path of its module.

    Raises:
        ImportError: when it, or something that it needs, is missing.
    """
    module = _from_path(Path(name)) if name.endswith(".py") else _by_name(name)
    make = getattr(module, "make", None)
    if make is not None:
        # Objects get a NumPy stream of their own, so it must be there before the first of them.
        with contextlib.suppress(ImportError):
            importlib.import_module("numpy.random")
    return Library(
        name=Path(name).stem,
        functions=getattr(module, "FUNCTIONS", {}),
        make=make,
        versions=getattr(module, "versions", dict),
    )


def _by_name(name: str) -> ModuleType:
    return importlib.import_module(f"gem._host.libraries.{name}")


def _from_path(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        message = f"{path} is no Python module."
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
