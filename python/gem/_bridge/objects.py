"""Python objects that the server reaches by number: tokenizers, environments, passing values."""

from __future__ import annotations

import copy
import itertools
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from gem._bridge.errors import BadFrameError, UnsupportedError
from gem._bridge.python_state import give_state, take_state
from gem._bridge.tool_needs import execute_action, instruction_string
from gem._bridge.values import wire_int, wire_object, wire_passing, wire_value


class HeldObject:
    """Keeps an object reachable for as long as somebody keeps this."""

    __slots__ = ("__weakref__", "number", "value")

    def __init__(self, number: int, value: object) -> None:
        """Joins a number and its object."""
        self.number = number
        self.value = value


class ObjectTable:
    """A client's objects by number: held ones while a `HeldObject` lives, others for one call."""

    def __init__(self) -> None:
        """Starts empty."""
        self._numbers = itertools.count(1)
        self._held: weakref.WeakValueDictionary[int, HeldObject] = weakref.WeakValueDictionary()
        self._held_by_id: weakref.WeakValueDictionary[int, HeldObject] = (
            weakref.WeakValueDictionary()
        )
        self._passing: dict[int, object] = {}

    def hold(self, value: object) -> HeldObject:
        """Makes an object reachable until the result is dropped; once held, its number stays."""
        known = self._held_by_id.get(id(value))
        if known is not None and known.value is value:
            return known
        held = HeldObject(next(self._numbers), value)
        self._held[held.number] = held
        self._held_by_id[id(value)] = held
        return held

    def resolve(self, number: int) -> object:
        """Finds an object by its number.

        Raises:
            BadFrameError: when it is not reachable (any more).
        """
        if number in self._passing:
            return self._passing[number]
        held = self._held.get(number)
        if held is None:
            message = f"The server asked for the object {number}, which this process does not keep."
            raise BadFrameError(message)
        return held.value

    def scope(self) -> CallScope:
        """Opens the scope of one call."""
        return CallScope(self)

    def _pass(self, value: object) -> int:
        number = next(self._numbers)
        self._passing[number] = value
        return number

    def _drop(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._passing.pop(number, None)


OBJECTS = ObjectTable()
"""This process's objects; one table, so that they outlive any server."""


class CallScope:
    """The objects that one call makes reachable; `held` outlive it, the others end with it."""

    __slots__ = ("_numbers", "_table", "held")

    def __init__(self, table: ObjectTable) -> None:
        """Starts empty."""
        self._table = table
        self._numbers: list[int] = []
        self.held: list[HeldObject] = []

    def refer(self, value: object) -> int:
        """Makes an object reachable for this call."""
        number = self._table._pass(value)
        self._numbers.append(number)
        return number

    def hold(self, value: object) -> int:
        """Makes an object reachable for as long as `held` is kept."""
        held = self._table.hold(value)
        self.held.append(held)
        return held.number

    def resolve(self, number: int) -> object:
        """Finds an object by its number."""
        return self._table.resolve(number)

    def refers(self) -> bool:
        """Whether objects were made reachable for this call alone."""
        return bool(self._numbers)

    def find_exception(self, number: int) -> BaseException | None:
        """Finds the exception that a method raised during this call."""
        found = self._table._passing.get(number)
        return found if isinstance(found, BaseException) else None

    def is_used(self) -> bool:
        """Whether it made anything reachable."""
        return bool(self._numbers)

    def close(self) -> None:
        """Drops the objects of this call."""
        self._table._drop(self._numbers)
        self._numbers.clear()

    def __del__(self) -> None:
        """Drops the objects of a call that nobody makes again."""
        self.close()


NeedItem = tuple[int, str, Sequence[Any], Mapping[str, Any]]


def answer_items(
    items: Sequence[NeedItem], scope: CallScope, executor: Executor | None
) -> list[Any]:
    """Calls what a need asks for and gives one outcome for each item.

    Args:
        items: what to call.
        scope: the scope of the call that the need belongs to.
        executor: runs several items at once; None: one after the other on this thread.
    """
    if len(items) == 1 or executor is None:
        return [_answer(item, scope) for item in items]
    return list(executor.map(lambda item: _answer(item, scope), items))


def _answer(item: NeedItem, scope: CallScope) -> list[Any]:
    number, method, args, kwargs = item
    try:
        target = scope.resolve(number)
        return [True, _call(target, method, list(args), dict(kwargs), scope)]
    except Exception as error:
        return [False, [type(error).__name__, str(error), scope.refer(error)]]


def _call(
    target: Any, method: str, args: list[Any], kwargs: dict[str, Any], scope: CallScope
) -> Any:
    answer = _METHODS.get(method)
    if answer is None:
        message = f"The server asked for the method {method!r}, which no object of a client has."
        raise BadFrameError(message)
    return answer(target, args, kwargs, scope)


def _reset(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    seed = args[0]
    result = target.reset(**kwargs) if seed is None else target.reset(seed=seed, **kwargs)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return _wire_misshapen(result, scope)
    observation, info = result
    return [wire_passing(observation, scope.refer), _wire_info(info, scope)]


def _step(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    result = target.step(args[0])
    if not isinstance(result, (tuple, list)) or len(result) != 5:
        return _wire_misshapen(result, scope)
    observation, reward, terminated, truncated, info = result
    return [
        wire_passing(observation, scope.refer),
        _wire_reward(reward, scope),
        _wire_flag(terminated, scope),
        _wire_flag(truncated, scope),
        _wire_info(info, scope),
    ]


def _wire_misshapen(result: Any, scope: CallScope) -> Any:
    """Prepares a result of the wrong shape so that the server's message can show it."""
    if isinstance(result, (tuple, list)):
        return [wire_passing(item, scope.refer) for item in result]
    return wire_passing(result, scope.refer)


def _wire_reward(reward: Any, scope: CallScope) -> Any:
    if isinstance(reward, (bool, int)):
        return wire_int(int(reward))
    try:
        return float(reward)
    except (TypeError, ValueError):
        return wire_passing(reward, scope.refer)


def _wire_flag(flag: Any, scope: CallScope) -> Any:
    if isinstance(flag, (bool, int)) or type(flag).__module__ == "numpy":
        return bool(flag)
    return wire_passing(flag, scope.refer)


def _wire_info(info: Any, scope: CallScope) -> Any:
    if not isinstance(info, dict):
        return wire_passing(info, scope.refer)
    wrong = next((key for key in info if not isinstance(key, str)), None)
    if wrong is not None:
        message = f"The keys of an info must be strings, got {wrong!r}."
        raise TypeError(message)
    return {str(key): wire_passing(value, scope.refer) for key, value in info.items()}


def _get_state(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    return wire_object(scope.refer(take_state(target)))


def _set_state(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> None:
    give_state(target, args[0])


def _spawn(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    from gem.core import Env

    own = getattr(type(target), "spawn", None)
    if own is not None and own is not Env.spawn:
        new = target.spawn(**kwargs)
    elif not kwargs:
        new = copy.deepcopy(target)
    else:
        name = type(target).__name__
        message = (
            f"{name} has no spawn() of its own, so a copy cannot take {', '.join(kwargs)}. "
            "Define spawn()."
        )
        raise UnsupportedError(message)
    return wire_object(scope.hold(new))


def _getattr(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    return wire_value(getattr(target, _public(args[0])), scope.refer, passes=True)


def _setattr(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> None:
    setattr(target, _public(args[0]), args[1])


def _call_method(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> Any:
    method, values = args
    return wire_value(getattr(target, _public(method))(*values), scope.refer, passes=True)


def _sample_random_action(
    target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope
) -> Any:
    return wire_passing(target.sample_random_action(), scope.refer)


def _close(target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope) -> None:
    close = getattr(target, "close", None)
    if close is not None:
        close()


def _apply_chat_template(
    target: Any, args: list[Any], kwargs: dict[str, Any], scope: CallScope
) -> Any:
    return wire_passing(target.apply_chat_template(args[0], **kwargs), scope.refer)


def _public(name: Any) -> str:
    if isinstance(name, str) and not name.startswith("_"):
        return name
    message = f"The server asked for the private attribute {name!r}."
    raise BadFrameError(message)


_METHODS = {
    "reset": _reset,
    "step": _step,
    "sample_random_action": _sample_random_action,
    "get_state": _get_state,
    "set_state": _set_state,
    "spawn": _spawn,
    "getattr": _getattr,
    "setattr": _setattr,
    "call": _call_method,
    "close": _close,
    "apply_chat_template": _apply_chat_template,
    "instruction_string": instruction_string,
    "execute_action": execute_action,
}
"""What a server may call, and nothing else."""
