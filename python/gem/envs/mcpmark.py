"""Tasks of MCPMark, played over the services that its MCP servers reach.

MCPMark is a Python package of its own, with credentials of its own, so this environment works in
the process that makes it; the package is imported when an environment is made.
"""

from __future__ import annotations

import contextlib
import importlib
import random
from types import ModuleType
from typing import Any

from gem._bridge.arguments import wire_seed
from gem._bridge.errors import EnvFaultError, InvalidOptionError, ResetNeededError, UnavailableError
from gem.core import Env
from gem.utils.constants import TERMINAL_STATE

__all__ = ["MCPMarkEnv"]

FACTORY_MODULES = ("mcpmark.src.factory", "src.factory")
"""Where versions of MCPMark keep their factory; the second is how its own wheel installs it."""


class MCPMarkEnv(Env):
    """A task of MCPMark: any reply ends it, and its own verifier judges what was done.

    It is meant for a `ToolEnvWrapper` with an `MCPTool`: calls of tools go to the service, and the
    first reply without one ends the task.
    """

    def __init__(self, mcp_service: str, tasks: str = "all", seed: int | None = 42) -> None:
        """Finds the tasks of a service.

        Args:
            mcp_service: one of MCPMark's services, for example "filesystem" or "postgres".
            tasks: which ones: "all", a category, or "category/task".
            seed: what the order of tasks drawn by `reset(seed)` follows from at first.

        Raises:
            UnavailableError: MCPMark is not installed, or cannot be imported.
            InvalidOptionError: there is no such task.
        """
        super().__init__()
        wire_seed(seed)
        factory = _factory()
        self.mcp_service = mcp_service
        self.task_manager = factory.create_task_manager(mcp_service)
        self.state_manager = factory.create_state_manager(mcp_service)
        self.tasks: list[Any] = list(self.task_manager.filter_tasks(tasks))
        if not self.tasks:
            message = f"MCPMark has no tasks {tasks!r} for the service {mcp_service!r}."
            raise InvalidOptionError(message)
        self.task: Any = None
        self._random = random.Random(seed)
        self._next = 0
        self._is_set_up = False

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        """Sets up a task: with a seed one drawn by it, else the next one, after the last the first.

        Raises:
            EnvFaultError: a `RuntimeError`; MCPMark could not set the task up.
        """
        wire_seed(seed)
        super().reset(seed)
        if seed is not None:
            self._random.seed(seed)
            index = self._random.randrange(len(self.tasks))
        else:
            index = self._next
        self._clean_up()
        task = self.tasks[index]
        if not self.state_manager.set_up(task):
            message = f"MCPMark could not set up the task {task.name}; its log says why."
            raise EnvFaultError(message)
        self.task = task
        self._is_set_up = True
        if seed is None:
            self._next = (index + 1) % len(self.tasks)
        return self.task_manager.get_task_instruction(task), {"task_name": task.name}

    def step(self, action: Any) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Ends the task, whatever the reply is, and has it judged.

        Raises:
            ResetNeededError: there is no task that has been set up.
            EnvFaultError: MCPMark's verifier could not run; that is no verdict.
        """
        if not self._is_set_up:
            message = "There is no task to judge; call reset() first."
            raise ResetNeededError(message)
        task = self.task
        try:
            outcome = self.task_manager.run_verification(task)
        except Exception as error:
            message = f"MCPMark could not judge the task {task.name}: {error}"
            raise EnvFaultError(message) from error
        finally:
            self._clean_up()
        correct = outcome.returncode == 0
        return TERMINAL_STATE, 1.0 if correct else 0.0, True, True, {"correct": correct}

    def sample_random_action(self) -> str:
        """Gives a reply; all are alike."""
        return "I am done."

    def close(self) -> None:
        """Removes what the task had set up."""
        self._clean_up()

    def _clean_up(self) -> None:
        if not self._is_set_up:
            return
        self._is_set_up = False
        # What is left over is MCPMark's to report: it never is a verdict on the agent.
        with contextlib.suppress(Exception):
            self.state_manager.clean_up(self.task)


def _factory() -> Any:
    """MCPMark's factory."""
    problems = []
    for name in FACTORY_MODULES:
        try:
            module: ModuleType = importlib.import_module(name)
        except ImportError as error:
            problems.append(f"{name}: {error}")
            continue
        if hasattr(module, "MCPServiceFactory"):
            return module.MCPServiceFactory
        problems.append(f"{name}: it has no MCPServiceFactory")
    message = (
        "MCPMarkEnv needs the package mcpmark, which is not on PyPI: install it from its "
        f"repository (pip install git+https://github.com/axon-rl/mcpmark). {'; '.join(problems)}."
    )
    raise UnavailableError(message)
