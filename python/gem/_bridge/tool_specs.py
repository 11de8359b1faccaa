"""How tools are named to the server: built-in ones by what they are made from, others by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gem._bridge.errors import InvalidOptionError
from gem._bridge.objects import CallScope
from gem._bridge.values import wire_object, wire_value

if TYPE_CHECKING:
    from gem._bridge.remote_tool import RemoteTool


def wire_tools(tools: Any, scope: CallScope) -> list[Any]:
    """Prepares the tools of a wrapper; the objects among them are held.

    Raises:
        InvalidOptionError: when there is something that is no tool.
    """
    if not isinstance(tools, Iterable) or isinstance(tools, (str, bytes, Mapping)):
        message = f"tools must be a list of tools, got {tools!r}."
        raise InvalidOptionError(message)
    return [_wire_tool(tool, scope) for tool in tools]


def wire_tool_options(options: Mapping[str, Any], scope: CallScope) -> dict[str, Any]:
    """Prepares a built-in tool's options."""
    return {name: wire_value(value, scope.hold, passes=False) for name, value in options.items()}


def _wire_tool(tool: Any, scope: CallScope) -> Any:
    if is_built_in(tool):
        spec: RemoteTool = tool
        options = wire_tool_options(spec._gem_wrapper_options(), scope)
        return {"tool": spec.tool_type, "options": options}
    if callable(getattr(tool, "execute_action", None)) and callable(
        getattr(tool, "instruction_string", None)
    ):
        name = getattr(tool, "tool_type", "base")
        return {"object": wire_object(scope.hold(tool)), "tool_type": str(name)}
    message = f"A tool must have instruction_string() and execute_action(), got {tool!r}."
    raise InvalidOptionError(message)


def is_built_in(tool: object) -> bool:
    """Whether the server holds all of a tool: a subclass written in Python may do more."""
    return "_gem_is_built_in" in vars(type(tool))
