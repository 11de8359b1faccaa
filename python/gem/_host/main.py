"""The program that is a host: `python main.py --library <name, or path of a module>`.

It makes exactly one package importable from where this file lies, `gem`. The folder itself may be
the packages of a trainer, whose versions the library of this process must not see.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = os.path.dirname(_HERE)


class _OnDemand(SourceFileLoader):
    """Runs a package's own code when somebody asks for one of its names, not when it is imported.

    `gem` itself reaches for what connects to a server; the modules that a host uses do not.
    """

    def exec_module(self, module: ModuleType) -> None:
        """Leaves the module empty but for the hook that fills it."""
        names = module.__dict__

        def fill(name: str) -> object:
            # The import system looks for names like this, and a package need not have them.
            if name.startswith("__"):
                raise AttributeError(name)
            del names["__getattr__"]
            try:
                SourceFileLoader.exec_module(self, module)
            except BaseException:
                names["__getattr__"] = fill
                raise
            return getattr(module, name)

        names["__getattr__"] = fill


def _make_importable() -> None:
    # Where a script lies is where Python looks first.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != _HERE]
    init = os.path.join(_PACKAGE, "__init__.py")
    spec = importlib.util.spec_from_file_location(
        "gem", init, loader=_OnDemand("gem", init), submodule_search_locations=[_PACKAGE]
    )
    if not isinstance(spec, ModuleSpec) or spec.loader is None:
        message = f"{init} cannot be loaded."
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gem"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    _make_importable()
    from gem._host import stop

    # Before anything else: what is forked now is small, and no thread runs yet.
    stop.start_keeper()
    stop.die_with_parent()
    from gem._host.serve import main

    main(sys.argv[1:])
