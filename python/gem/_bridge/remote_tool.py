"""Tools that work in the server, used on their own or in a wrapper."""

from __future__ import annotations

import abc
from typing import Any, ClassVar

from gem._bridge import server, settings
from gem._bridge.arguments import check_action
from gem._bridge.client import Client
from gem._bridge.errors import GemError, ServerLostError, error_from_wire
from gem._bridge.handle import Handle
from gem._bridge.tool_specs import wire_tool_options
from gem._bridge.worker import Worker
from gem.tools.base_tool import BaseTool


class RemoteTool(BaseTool):
    """A tool of the server; making one starts nothing, and the first use on its own does."""

    _gem_faults_are_text: ClassVar[bool] = False
    """Whether a fault is told by the observation alone, and not raised."""

    @abc.abstractmethod
    def _gem_options(self) -> dict[str, Any]:
        """The options that the server makes the tool with."""

    def _gem_wrapper_options(self) -> dict[str, Any]:
        """The options for a tool inside of a wrapper, where references can be resolved later."""
        return self._gem_options()

    def instruction_string(self) -> str:
        """Says to the agent what the tool does and how it is called."""
        text: str = self._gem_call("instruction_string")
        return text

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        """Looks for a call in an action and runs the first one.

        Args:
            action: the model's whole reply.

        Returns:
            Whether there was a call, whether it failed, the observation, and the part of the action
            up to the end of the call.

        Raises:
            GemError: when the tool could not do its work through no fault of the action.
        """
        text = check_action(action)
        result = self._gem_call("execute_action", "" if text is None else text)
        parsed, has_error, observation, parsed_action, fault = result
        if fault is not None and not self._gem_faults_are_text:
            raise self._gem_fault(fault)
        return parsed, has_error, observation, parsed_action

    def _gem_fault(self, fault: dict[str, Any]) -> GemError:
        log = server.client().log
        return error_from_wire(fault["cause"], fault["message"], fault, log)

    def _gem_call(self, method: str, *args: Any) -> Any:
        handle = self._gem_handle()
        try:
            return handle.worker.call("call_tool", [handle.number, method, list(args)])
        except ServerLostError:
            # What reached a server of others may have been done.
            if self.tool_type == "mcp" or not settings.recovers():
                raise
        handle = self._gem_handle()
        return handle.worker.call("call_tool", [handle.number, method, list(args)])

    def _gem_handle(self) -> Handle:
        """The tool at the server of this process; made anew when an option has changed."""
        client = server.client()
        options = self._gem_options()
        made: tuple[Any, Any, Handle] | None = vars(self).get("_gem_made")
        is_there = made is not None and made[0] is client and not made[2].worker.is_lost
        if made is not None and is_there and made[1] == options:
            return made[2]
        handle = server.persistently(lambda: self._gem_make(client, client.place(0), options))
        vars(self)["_gem_made"] = (client, options, handle)
        return handle

    def _gem_make(self, client: Client, worker: Worker, options: dict[str, Any]) -> Handle:
        """Makes the tool at a worker."""
        scope = client.objects.scope()
        params = [self.tool_type, wire_tool_options(options, scope)]
        _, _, number = worker.call("make_tool", params, scope)
        return Handle(worker, number, tuple(scope.held), 0)

    def __getstate__(self) -> dict[str, Any]:
        """Gives the attributes without what ties them to this process; copies get their own."""
        return {name: value for name, value in vars(self).items() if name != "_gem_made"}

    def __repr__(self) -> str:
        """Shows how it was made."""
        options = ", ".join(f"{name}={value!r}" for name, value in self._gem_options().items())
        return f"{type(self).__name__}({options})"
