"""Names of upstream that can be imported here, but whose features are not part of this version.

Using one (making an instance, calling a function) raises `NotYetError`; importing
and subclassing do not. A name leaves the table when its feature arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from gem._bridge.errors import NotYetError
from gem.core import Env

_PLAY = "The language games that gem.print_envs() lists can be used."
_NO_TOOLS = "The tools PythonCodeTool, SearchTool and MCPTool can be used, and those in Python."
_OWN_ENV = "Write the environment in Python (a subclass of gem.Env) and gem.register() it."

NOT_YET: dict[str, str] = {
    "gem.envs.mcpmark:MCPMarkEnv": _OWN_ENV,
    "gem.envs.webshop_env:WebshopEnv": _OWN_ENV,
    "gem.envs.terminal.docker_env:DockerEnv": _OWN_ENV,
    "gem.envs.terminal.docker_env:ContainerConfig": _OWN_ENV,
    "gem.envs.terminal.docker_env:TaskConfig": _OWN_ENV,
    "gem.envs.terminal.executor:DockerExecutor": _OWN_ENV,
    "gem.envs.multiagent.multi_agent_env:AgentSelector": _OWN_ENV,
    "gem.envs.multiagent.multi_agent_env:MultiAgentEnv": _OWN_ENV,
    "gem.utils.sandbox:run_python": _NO_TOOLS,
}
"""`module:name` → what to do instead."""


def refuse(key: str) -> NoReturn:
    """Says that a name of the table cannot be used.

    Raises:
        NotYetError: always.
    """
    message = f"{key.replace(':', '.')} is not part of this version of the package. {NOT_YET[key]}"
    raise NotYetError(message, {"name": key})


class NotYet:
    """Base of classes whose feature is not part of this version: subclassed, never instantiated."""

    def __new__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuses to make an instance.

        Raises:
            NotYetError: always.
        """
        keys = (f"{base.__module__}:{base.__qualname__}" for base in cls.__mro__)
        refuse(next(key for key in keys if key in NOT_YET))


class NotYetEnv(NotYet, Env):
    """Base of environments whose feature is not part of this version."""

    def reset(self, seed: int | None = None, **kwargs: Any) -> NoReturn:
        """Is never reached: there are no instances."""
        raise NotImplementedError

    def step(self, action: Any) -> NoReturn:
        """Is never reached: there are no instances."""
        raise NotImplementedError


def not_yet_function(module: str, name: str) -> Callable[..., NoReturn]:
    """A function of the table, to be bound to `name` in `module`."""
    key = f"{module}:{name}"

    def function(*args: Any, **kwargs: Any) -> NoReturn:
        refuse(key)

    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    function.__doc__ = f"Is not part of this version; see `gem._bridge.not_yet`. {NOT_YET[key]}"
    return function
