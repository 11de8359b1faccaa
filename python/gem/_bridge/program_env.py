"""The proxy of an environment of this program that lives in a host process."""

from __future__ import annotations

import functools
from typing import Any

from gem._bridge.errors import InvalidAttributeError, UnknownAttributeError
from gem._bridge.remote_env import RemoteEnv, call_method
from gem._bridge.values import wire_value


class ProgramEnv(RemoteEnv):
    """Stands for an object of a class registered with `host=True`: public names read through."""

    def __getattr__(self, name: str) -> Any:
        """Reads an attribute of the object; a method is called where the object is.

        Raises:
            UnknownAttributeError: when the object has none of this name.
        """
        stub = vars(self).get("_gem")
        if stub is None or name.startswith("_"):
            message = f"{type(self).__name__!r} object has no attribute {name!r}."
            raise UnknownAttributeError(message)
        try:
            return stub.call("get", name)
        except InvalidAttributeError as error:
            if error.details.get("type") != "MethodError":
                raise
        return functools.partial(call_method, stub, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Writes a public attribute of the object; private ones stay in this process."""
        stub = vars(self).get("_gem")
        if stub is None or name.startswith("_") or name in vars(self):
            object.__setattr__(self, name, value)
            return
        scope = stub.worker.client.objects.scope()
        stub.call("set", name, wire_value(value, scope.refer, passes=False), scope=scope)
