"""What the server asks of tools that are Python objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gem._bridge.values import wire_passing

if TYPE_CHECKING:
    from gem._bridge.objects import CallScope


def instruction_string(
    target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope
) -> Any:
    """Asks a tool what it tells the agent."""
    return wire_passing(target.instruction_string(), scope.refer)


def execute_action(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    """Lets a tool work on an action."""
    result = target.execute_action(args[0])
    if not isinstance(result, (tuple, list)) or len(result) != 4:
        return wire_passing(result, scope.refer)
    parsed, has_error, observation, parsed_action = result
    return [
        _flag(parsed, scope),
        _flag(has_error, scope),
        wire_passing(observation, scope.refer),
        wire_passing(parsed_action, scope.refer),
    ]


def _flag(flag: Any, scope: CallScope) -> Any:
    if isinstance(flag, int) or type(flag).__module__ == "numpy":
        return bool(flag)
    return wire_passing(flag, scope.refer)
