"""What needs ask of a host: functions of its library, and the objects that it has made."""

from __future__ import annotations

import inspect
import itertools
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from gem._bridge.errors import GemError, LimitError
from gem._bridge.values import pack, wire_object, wire_value
from gem._host.library import Library
from gem._host.link import MAX_FRAME_BYTES
from gem._host.streams import Streams

_OPTIONAL = ("get_state", "set_state", "sample_random_action", "close")
_MESSAGE_CHARACTERS = 10_000
_SHOWN_CHARACTERS = 80
_ENVELOPE_BYTES = 64


class HostError(Exception):
    """A need that this host cannot answer."""

    gem_code = "GEM_INTERNAL"


class ForeignValueError(TypeError):
    """A library gave something that exists only in Python."""


class UnknownNameError(AttributeError):
    """An object has no attribute of a name."""

    gem_code = "GEM_UNKNOWN_ATTRIBUTE"


class MethodError(TypeError):
    """What was to be read is a method: it stays here, and can be called."""

    gem_code = "GEM_INVALID_ATTRIBUTE"


@dataclass(frozen=True)
class _Kept:
    """An object of the library and its random streams."""

    value: Any
    streams: Streams


class Answers:
    """Answers needs, one after the other."""

    def __init__(self, library: Library) -> None:
        """Serves a library; ref 0 is the library itself."""
        self._library = library
        self._objects: dict[int, _Kept] = {}
        self._refs = itertools.count(1)

    def answer(self, item: Any) -> bytes:
        """The outcome of a need's item, packed."""
        try:
            ref, method, args, kwargs = item
            outcome = pack([True, self._call(ref, method, list(args), dict(kwargs))])
        # A library that raises SystemExit has failed like any other.
        except BaseException as error:
            return _failure(error)
        if len(outcome) <= MAX_FRAME_BYTES - _ENVELOPE_BYTES:
            return outcome
        message = f"{method}() gave {len(outcome)} bytes, which is more than a frame holds."
        return _failure(LimitError(message))

    def _call(self, ref: int, method: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if ref == 0:
            return self._ask_library(method, args, kwargs)
        kept = self._objects.get(ref)
        answer = _METHODS.get(method)
        if kept is None or answer is None:
            what = f"the object {ref}" if kept is None else f"{method}()"
            message = f"The host was asked for {what}, which it does not have."
            raise HostError(message)
        with kept.streams:
            return answer(kept, args, kwargs)

    def _ask_library(self, method: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if method == "run":
            name, values = args
            return plain(self._library.function(name)(*values, **kwargs))
        if method == "make":
            env_id, seed = args
            return self._make(env_id, seed, kwargs)
        if method == "release":
            for ref in args[0]:
                self._release(ref)
            return None
        if method == "memory":
            return _resident_bytes()
        message = f"A library was asked for {method!r}."
        raise HostError(message)

    def _make(self, env_id: str, seed: int, options: Mapping[str, Any]) -> Any:
        streams = Streams(seed)
        with streams:
            value = self._library.new(env_id, options)
        ref = next(self._refs)
        self._objects[ref] = _Kept(value, streams)
        methods = [name for name in _OPTIONAL if callable(getattr(value, name, None))]
        return [wire_object(ref), methods]

    def _release(self, ref: int) -> None:
        kept = self._objects.pop(ref, None)
        if kept is not None:
            Streams.forget(kept.streams)


def plain(value: Any) -> Any:
    """Prepares a value for the wire, all of it by content.

    Raises:
        ForeignValueError: when something in it has no form outside Python.
    """
    return wire_value(value, _refuse, passes=True)


def _refuse(value: object) -> NoReturn:
    kind = type(value)
    message = f"{kind.__module__}.{kind.__qualname__} has no form outside Python; give plain data."
    raise ForeignValueError(message)


def _shown(value: Any) -> Any:
    """A value that will be complained about: as it is, or as text."""
    try:
        return plain(value)
    except Exception:
        return repr(value)[:_SHOWN_CHARACTERS]


def _failure(error: BaseException) -> bytes:
    content: list[Any] = [type(error).__name__, str(error)[:_MESSAGE_CHARACTERS], 0]
    code = error.code if isinstance(error, GemError) else getattr(error, "gem_code", None)
    if isinstance(code, str):
        content.append(code)
    else:
        # To standard error, which is Node's log.
        traceback.print_exception(error)
    return pack([False, content])


def _resident_bytes() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        # Where there is no /proc, the most it ever had, which macOS counts in bytes.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _reset(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> Any:
    seed = args[0]
    if seed is None:
        result = kept.value.reset(**kwargs)
    else:
        kept.streams.seed(seed)
        result = kept.value.reset(seed=seed, **kwargs)
    return plain(result) if _is_row(result, 2) else _shown(result)


def _step(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> Any:
    result = kept.value.step(args[0])
    if not _is_row(result, 5):
        return _shown(result)
    observation, reward, terminated, truncated, info = result
    flags = [_flag(terminated), _flag(truncated)]
    return [plain(observation), _number(reward), *flags, plain(info)]


def _is_row(result: Any, length: int) -> bool:
    return isinstance(result, (tuple, list)) and len(result) == length


def _number(reward: Any) -> Any:
    if reward is None or isinstance(reward, (str, bytes)):
        return _shown(reward)
    try:
        return float(reward)
    except (TypeError, ValueError):
        return _shown(reward)


def _flag(flag: Any) -> Any:
    if isinstance(flag, (bool, int)) or type(flag).__module__ == "numpy":
        return bool(flag)
    return _shown(flag)


def _sample(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _shown(kept.value.sample_random_action())


def _get_state(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value = plain(kept.value.get_state())
    return [value, plain(kept.streams.get_state())]


def _set_state(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> None:
    value, streams = args[0]
    kept.value.set_state(value)
    kept.streams.set_state(streams)


def _getattr(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> Any:
    name = _public(args[0])
    try:
        value = getattr(kept.value, name)
    except AttributeError as error:
        raise UnknownNameError(str(error)) from error
    if inspect.isroutine(value):
        message = f"{name} is a method; it can be called, not read."
        raise MethodError(message)
    return plain(value)


def _setattr(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> None:
    setattr(kept.value, _public(args[0]), args[1])


def _call_method(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> Any:
    method, values = args
    return plain(getattr(kept.value, _public(method))(*values))


def _close(kept: _Kept, args: list[Any], kwargs: dict[str, Any]) -> None:
    close = getattr(kept.value, "close", None)
    if close is not None:
        close()


def _public(name: Any) -> str:
    if isinstance(name, str) and not name.startswith("_"):
        return name
    message = f"The host was asked for the private attribute {name!r}."
    raise HostError(message)


_METHODS: dict[str, Callable[[_Kept, list[Any], dict[str, Any]], Any]] = {
    "reset": _reset,
    "step": _step,
    "sample_random_action": _sample,
    "get_state": _get_state,
    "set_state": _set_state,
    "getattr": _getattr,
    "setattr": _setattr,
    "call": _call_method,
    "close": _close,
}
"""What Node may call of an object, and nothing else."""
