"""Checks of environments: the server makes them, and asks for Python's environments by needs."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gem._bridge import python_envs, server
from gem._bridge.errors import EnvFaultError, InvalidArgumentError
from gem._bridge.python_state import give_state, take_state
from gem._bridge.recipe import Recipe, wire_wrappers
from gem._bridge.remote_wrapper import is_native, name_of
from gem._bridge.values import wire_int
from gem.checking import CheckReport, CheckResult
from gem.core import Env

MARK = "gem_check_mark"
"""What is written into infos that the server has seen: it must not turn up in later ones."""

MARGIN_SECONDS = 1.0
"""How much longer than the server this process waits for an environment."""

_SCALARS = (type(None), bool, int, float, str, bytes)


@dataclass(frozen=True)
class Checked:
    """What is checked: an id, an environment or what makes one; its options; each check's time."""

    what: object
    options: dict[str, Any]
    deadline_seconds: float


def check(checked: Checked, settings: Mapping[str, Any]) -> CheckReport:
    """Lets the server make its checks."""
    runner = Runner(checked.deadline_seconds + MARGIN_SECONDS)
    recipe = _recipe_of(checked, runner)
    worker = server.client().place(0)
    scope = worker.client.objects.scope()
    wire = {**settings, "deadline_seconds": float(checked.deadline_seconds)}
    for name in ("seeds", "actions"):
        if name in wire and not isinstance(wire[name], int):
            wire[name] = _wire_items(name, wire[name])
    params = [recipe.wire_spec(scope), wire_wrappers(recipe.wrappers, scope), wire]
    try:
        reply = worker.call("check", params, scope)
    finally:
        runner.stop()
    checks = tuple(CheckResult(*row) for row in reply["checks"])
    return CheckReport(reply["id"], checks, reply["table"])


def _wire_items(name: str, items: object) -> list[Any]:
    if not isinstance(items, Sequence) or isinstance(items, (str, bytes)):
        message = f"{name} must be a list, got {items!r}."
        raise InvalidArgumentError(message)
    return [wire_int(item) if isinstance(item, int) else item for item in items]


def _recipe_of(checked: Checked, runner: Runner) -> Recipe:
    """How the server makes what is to be checked.

    Raises:
        InvalidArgumentError: when it is nothing that can be checked.
    """
    what, options = checked.what, checked.options
    if isinstance(what, str):
        spec = python_envs.REGISTRY.get(what)
        if spec is None:
            return Recipe(str(what), options)
        return _python_recipe(what, runner, lambda: python_envs.construct(spec, options))
    if isinstance(what, Env) and options:
        message = "An environment that is made already takes no options; pass its class or its id."
        raise InvalidArgumentError(message)
    if is_native(what):
        recipe = what._gem.recipe
        original = recipe.python_env
        if original is None:
            return recipe
        maker = Maker(runner, lambda: copy_of(original))
        return replace(recipe, python_env=maker)
    if isinstance(what, Env):
        return _python_recipe(name_of(what), runner, lambda: copy_of(what))
    if callable(what):
        factory: Callable[..., Any] = what
        name = getattr(what, "__name__", type(what).__name__)
        return _python_recipe(name, runner, lambda: factory(**options))
    message = f"An id, an environment or what makes one is needed, got {what!r}."
    raise InvalidArgumentError(message)


def _python_recipe(name: str, runner: Runner, make: Callable[[], Any]) -> Recipe:
    return Recipe(name, {}, python_env=Maker(runner, make))


def copy_of(env: Any) -> Any:
    """An independent environment like this one: by its own `spawn`, else a deep copy."""
    own = getattr(type(env), "spawn", None)
    return copy.deepcopy(env) if own in (None, Env.spawn) else env.spawn()


class Runner:
    """A thread that environments run in, so that one that hangs does not keep the caller."""

    def __init__(self, seconds: float) -> None:
        """Starts no thread yet.

        Args:
            seconds: how long one call may take.
        """
        self._seconds = seconds
        self._tasks: queue.SimpleQueue[_Task | None] | None = None

    def run(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Calls a function.

        Raises:
            Exception: what the function raises.
            TimeoutError: when it does not return in time; its thread is left behind.
            EnvFaultError: when it wants to end the process.
        """
        if self._tasks is None:
            self._tasks = queue.SimpleQueue()
            threading.Thread(
                target=_work, args=(self._tasks,), name="gem-check", daemon=True
            ).start()
        task = _Task(lambda: function(*args, **kwargs))
        self._tasks.put(task)
        if not task.done.wait(self._seconds):
            self.stop()
            message = f"{name}() has not returned within {self._seconds:g} s."
            raise TimeoutError(message)
        if task.error is None:
            return task.value
        if isinstance(task.error, Exception):
            raise task.error
        message = f"{name}() raised {task.error!r}."
        raise EnvFaultError(message) from task.error

    def stop(self) -> None:
        """Ends the thread as soon as what it runs returns; a new call starts another."""
        if self._tasks is not None:
            self._tasks.put(None)
            self._tasks = None


class _Task:
    """A call and what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.done = threading.Event()
        self.value: Any = None
        self.error: BaseException | None = None


def _work(tasks: queue.SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        try:
            task.value = task.call()
        except BaseException as error:
            task.error = error
        task.done.set()


class Maker:
    """What the server asks for new environments."""

    def __init__(self, runner: Runner, make: Callable[[], Any]) -> None:
        """Keeps how they are made and where they run."""
        self._runner = runner
        self._make = make

    def spawn(self) -> Watched:
        """Makes one."""
        return Watched(self._runner, self._runner.run("the constructor", self._make))


class Watched:
    """An environment as the server sees it while it is checked."""

    def __init__(self, runner: Runner, env: Any) -> None:
        """Keeps an environment and where it runs."""
        self._runner = runner
        self._env = env

    def reset(self, seed: int | None = None, **options: Any) -> Any:
        """Resets it; a result of the right shape is made comparable."""
        seeds = {} if seed is None else {"seed": seed}
        result = self._runner.run("reset", self._env.reset, **seeds, **options)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            return result
        return comparable(result[0]), _shown_info(result[1])

    def step(self, action: Any) -> Any:
        """Steps it; a result of the right shape is made comparable."""
        result = self._runner.run("step", self._env.step, action)
        if not isinstance(result, (tuple, list)) or len(result) != 5:
            return result
        observation, reward, terminated, truncated, info = result
        return comparable(observation), reward, terminated, truncated, _shown_info(info)

    def sample_random_action(self) -> Any:
        """Draws an action from it."""
        return self._runner.run("sample_random_action", self._env.sample_random_action)

    def get_state(self) -> Any:
        """Takes its state."""
        return self._runner.run("get_state", take_state, self._env)

    def set_state(self, state: Any) -> None:
        """Gives it a state."""
        self._runner.run("set_state", give_state, self._env, state)

    def spawn(self) -> Watched:
        """Copies it."""
        return Watched(self._runner, self._runner.run("spawn", copy_of, self._env))

    def close(self) -> None:
        """Closes it, where it can be closed."""
        self._runner.run("close", getattr(self._env, "close", lambda: None))


def _shown_info(info: Any) -> Any:
    if not isinstance(info, dict):
        return info
    shown = {key: comparable(value) for key, value in info.items()}
    with contextlib.suppress(TypeError):
        info[MARK] = True
    return shown


def comparable(value: Any) -> Any:
    """A value that the server can compare: containers of builtins and arrays as text.

    Anything that is no builtin stays as it is; the server sees that it is an object.
    """
    if type(value) in _SCALARS:
        return value
    if _is_array(value):
        digest = hashlib.sha256(value.tobytes()).hexdigest()
        return f"array {value.dtype} {value.shape} {digest}"
    return _text(value) if _is_plain(value) else value


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy" and hasattr(value, "tobytes") and value.ndim > 0


def _is_plain(value: Any) -> bool:
    if type(value) in (list, tuple, set, frozenset):
        return all(map(_is_plain, value))
    if type(value) is dict:
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    return type(value) in _SCALARS


def _text(value: Any) -> str:
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}({sorted(map(_text, value))})"
    if isinstance(value, dict):
        entries = (f"{_text(key)}: {_text(item)}" for key, item in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}[{', '.join(map(_text, value))}]"
    return repr(value)
