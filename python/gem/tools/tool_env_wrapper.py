"""Giving an agent tools inside an environment; see `src/wrappers/tool-env.ts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from gem._bridge.remote_wrapper import RemoteWrapper
from gem.core import Env
from gem.tools.base_tool import BaseTool


class ToolEnvWrapper(RemoteWrapper):
    """Lets the agent use tools: an action that calls one is answered by it, others step `env`.

    A tool that cannot do its work earns nothing and uses nothing up; `info["gem"]` has the fault.
    """

    _gem_class: ClassVar[str] = "ToolEnvWrapper"
    _gem_options: ClassVar[dict[str, Any]] = {
        "tools": (),
        "tool_reward": 0.0,
        "tool_success_reward": 0.0,
        "tool_execute_error_reward": 0.0,
        "max_tool_uses": 10,
    }

    def __init__(
        self,
        env: Env,
        tools: Sequence[BaseTool],
        tool_reward: float = 0.0,
        tool_success_reward: float = 0.0,
        tool_execute_error_reward: float = 0.0,
        max_tool_uses: int | None = 10,
    ) -> None:
        """Wraps `env`.

        Args:
            env: any environment.
            tools: what the agent can call, built-in or written in Python, tried in this order.
            tool_reward: earned by each use.
            tool_success_reward: earned on top by a use without an error.
            tool_execute_error_reward: earned by a use with an error in place of the others;
                negative, and only where they are 0.
            max_tool_uses: uses an episode; None: no limit.

        Raises:
            InvalidOptionError: when something is no tool, or the rewards contradict each other.
        """
        super().__init__(
            env,
            tools=list(tools),
            tool_reward=tool_reward,
            tool_success_reward=tool_success_reward,
            tool_execute_error_reward=tool_execute_error_reward,
            max_tool_uses=max_tool_uses,
        )

    def step(
        self, action: Any, verbose: bool = False
    ) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Runs the tool that the action calls, else steps the environment.

        Args:
            action: the model's whole reply.
            verbose: accepted for upstream's sake; nothing is printed.
        """
        return super().step(action)
