"""Names of upstream that can be imported here, but whose features are not part of this version.

Using one (making an instance, calling a function, running a module) raises `NotYetError`; importing
and subclassing do not. A name leaves the table when its feature arrives.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

from gem._bridge.errors import NotYetError
from gem.core import Env

_PLAY = "The language games that gem.print_envs() lists can be used."
_NO_TOOLS = "The tools PythonCodeTool and SearchTool can be used, and tools written in Python."
_OWN_ENV = "Write the environment in Python (a subclass of gem.Env) and gem.register() it."
_OWN_GRADER = "Grade answers in an environment of your own (a subclass of gem.Env)."

NOT_YET: dict[str, str] = {
    "gem.envs.code_env:CodeEnv": _OWN_ENV,
    "gem.envs.math_env:MathEnv": _OWN_ENV,
    "gem.envs.math_visual_env:MathVisualEnv": _OWN_ENV,
    "gem.envs.qa_env:QaEnv": _OWN_ENV,
    "gem.envs.mcpmark:MCPMarkEnv": _OWN_ENV,
    "gem.envs.webshop_env:WebshopEnv": _OWN_ENV,
    "gem.envs.terminal.docker_env:DockerEnv": _OWN_ENV,
    "gem.envs.terminal.docker_env:ContainerConfig": _OWN_ENV,
    "gem.envs.terminal.docker_env:TaskConfig": _OWN_ENV,
    "gem.envs.terminal.executor:DockerExecutor": _OWN_ENV,
    "gem.envs.multiagent.multi_agent_env:AgentSelector": _OWN_ENV,
    "gem.envs.multiagent.multi_agent_env:MultiAgentEnv": _OWN_ENV,
    "gem.tools.mcp_tool:MCPTool": _NO_TOOLS,
    "gem.tools.mcp_server.time_mcp:app": _NO_TOOLS,
    "gem.tools.mcp_server.time_mcp:_moment_to_strftime": _NO_TOOLS,
    "gem.tools.mcp_server.time_mcp:_parse_date": _NO_TOOLS,
    "gem.tools.mcp_server.time_mcp:_parse_dt": _NO_TOOLS,
    "gem.utils.math_grader:answer_tag_reward_fn": _OWN_GRADER,
    "gem.utils.math_grader:boxed_reward_fn": _OWN_GRADER,
    "gem.utils.qa_em:em_check": _OWN_GRADER,
    "gem.utils.qa_em:normalize_answer": _OWN_GRADER,
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


class NotYetObject:
    """An object whose feature is not part of this version."""

    def __init__(self, key: str) -> None:
        """Stands for an entry of the table."""
        self._key = key

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuses to be called."""
        refuse(self._key)

    def __getattr__(self, name: str) -> NoReturn:
        """Refuses to give a public attribute."""
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(self._key)


def not_yet_function(module: str, name: str) -> Callable[..., NoReturn]:
    """A function of the table, to be bound to `name` in `module`."""
    key = f"{module}:{name}"

    def function(*args: Any, **kwargs: Any) -> NoReturn:
        refuse(key)

    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    function.__doc__ = f"Is not part of this version; see `gem._bridge.not_yet`. {NOT_YET[key]}"
    return function


def run_module(module: str) -> NoReturn:
    """What `python -m module` does for a module of the table: one sentence and exit status 1."""
    try:
        refuse(f"{module}:main" if f"{module}:main" in NOT_YET else f"{module}:app")
    except NotYetError as error:
        sys.exit(str(error))
