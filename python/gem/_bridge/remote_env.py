"""The proxy of an environment that lives in the server."""

from __future__ import annotations

import copy
import difflib
import functools
from typing import Any, ClassVar

from gem._bridge.arguments import check_action, wire_seed
from gem._bridge.datasets import DATASET, RemoteDataset, wire_dataset
from gem._bridge.errors import (
    ClosedError,
    ServerLostError,
    UnknownAttributeError,
    UnknownHandleError,
    UnsupportedError,
)
from gem._bridge.making import make_one, spawned_handle
from gem._bridge.recipe import Recipe, wire_options
from gem._bridge.stub import Description, Stub
from gem._bridge.values import wire_value
from gem._bridge.worlds import add_dataset
from gem.core import Env


class RemoteEnv(Env):
    """Stands for an environment in the server: attributes read and write through.

    A subclass of a built-in environment may override methods and call `super()`; attributes that
    the environment does not have stay in Python.
    """

    _gem_class: ClassVar[str] = ""
    """The class at the server; empty: instances come from `make` alone."""

    _gem: Stub

    def __init__(self, **options: Any) -> None:
        """Makes an environment of this class with the class's own defaults.

        Args:
            **options: the environment's options, `seed` and `prompts`.
        """
        if not self._gem_class:
            message = f"{type(self).__name__} has no constructor; use gem.make(id)."
            raise UnsupportedError(message)
        self._gem = make_one(Recipe(self._gem_class, options, is_class=True))

    @classmethod
    def _gem_attach(cls, stub: Stub) -> RemoteEnv:
        """A proxy of an environment that exists already."""
        proxy = cls.__new__(cls)
        proxy._gem = stub
        return proxy

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; a seed seeds this environment's own generators and nothing else.

        Raises:
            InvalidSeedError: when the seed is no non-negative integer.
        """
        stub = self._gem
        scope = stub.worker.client.objects.scope() if kwargs else None
        options = {} if scope is None else wire_options(kwargs, scope)
        observation, info = stub.call("reset", wire_seed(seed), options, scope=scope)
        return observation, info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Plays the model's whole reply; None counts as an empty one.

        Raises:
            InvalidActionError: when the action is no string.
            ResetNeededError: before the first `reset`.
        """
        if type(action) is not str:
            action = check_action(action)
        observation, reward, terminated, truncated, info = self._gem.call("step", action)
        return observation, reward, terminated, truncated, info

    def sample_random_action(self) -> str:
        """Draws an action that the environment can parse."""
        action: str = self._gem.call("call", "sample_random_action", [])
        return action

    def get_state(self) -> dict[str, Any]:
        """Takes the whole state, generators included."""
        state: dict[str, Any] = self._gem.call("get_state")
        return state

    def set_state(self, state: dict[str, Any]) -> None:
        """Continues from a state that an environment of the same kind gave."""
        stub = self._gem
        scope = stub.worker.client.objects.scope()
        stub.call("set_state", wire_value(state, scope.refer, passes=False), scope=scope)

    def spawn(self, same_state: bool = False, **kwargs: Any) -> RemoteEnv:
        """Makes another environment like this one, wrappers included.

        Args:
            same_state: whether it continues from where this one stands; else it is to be reset.
            **kwargs: options to make it with instead of this one's, `seed` included.
        """
        stub = self._gem
        scope = stub.worker.client.objects.scope()
        answer = stub.call("spawn", bool(same_state), wire_options(kwargs, scope), scope=scope)
        description, number = Description.from_wire(answer[0]), answer[1]
        recipe = stub.recipe.respawn(kwargs, scope)
        handle = spawned_handle(stub, number, (*stub.handle.keeps, *scope.held), recipe)
        stub.worker.load += 1
        new = type(self)._gem_attach(Stub(handle, 0, description, recipe))
        self._gem_copy_locals(new)
        return new

    def close(self) -> None:
        """Closes the environment; twice is fine, and so is after the server has ended."""
        stub = vars(self).get("_gem")
        if stub is None:
            return
        try:
            stub.handle.close()
        except (ClosedError, ServerLostError, UnknownHandleError):
            return

    def _gem_copy_locals(self, new: RemoteEnv) -> None:
        """Copies the attributes that live in Python, layer by layer as far as proxies exist."""
        for name, value in vars(self).items():
            if name != "_gem":
                vars(new)[name] = copy.deepcopy(value)

    def __getattr__(self, name: str) -> Any:
        """Reads an attribute of the environment, or gives one of its further methods."""
        stub = vars(self).get("_gem")
        if stub is None:
            message = f"{type(self).__name__}.__init__() was not called before {name!r} was used."
            raise AttributeError(message)
        if name in stub.attributes:
            value = stub.call("get", name)
            return RemoteDataset(stub, value) if name == DATASET else value
        if name in stub.methods:
            return functools.partial(call_method, stub, name)
        near = difflib.get_close_matches(name, [*stub.attributes, *stub.methods], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        message = f"{type(self).__name__!r} object has no attribute {name!r}.{hint}"
        raise UnknownAttributeError(message)

    def __setattr__(self, name: str, value: Any) -> None:
        """Writes an attribute of the environment; others stay in Python."""
        stub = vars(self).get("_gem")
        if stub is None or name not in stub.attributes or name == "_gem":
            object.__setattr__(self, name, value)
            return
        scope = stub.worker.client.objects.scope()
        if name == DATASET:
            wire = wire_dataset(value, scope.refer)
        else:
            wire = wire_value(value, scope.refer, passes=False)
        stub.call("set", name, wire, scope=scope)
        if name == DATASET:
            add_dataset(stub.handle, stub.depth, value)

    def __dir__(self) -> list[str]:
        """Lists Python's names and the environment's."""
        stub = vars(self).get("_gem")
        remote = () if stub is None else (*stub.attributes, *stub.methods)
        return sorted({*super().__dir__(), *remote})

    def __repr__(self) -> str:
        """Shows the class and the id."""
        stub = vars(self).get("_gem")
        return f"<{type(self).__name__}{'' if stub is None else f' {stub.description.id}'}>"

    def __copy__(self) -> RemoteEnv:
        """A second proxy of the same environment."""
        new = type(self).__new__(type(self))
        vars(new).update(vars(self))
        return new

    def __deepcopy__(self, memo: dict[int, Any]) -> RemoteEnv:
        """An independent environment that continues from the same state; a tokenizer is shared."""
        new = self.spawn(same_state=True)
        memo[id(self)] = new
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles how it was made, its state, and the attributes that live in Python."""
        from gem._bridge.pickling import rebuild

        stub = self._gem
        own = {name: value for name, value in vars(self).items() if name != "_gem"}
        return (rebuild, (type(self), stub.recipe, self.get_state(), own))


def call_method(stub: Stub, method: str, *args: Any) -> Any:
    """Calls a method where the environment is; arguments and result are values."""
    scope = stub.worker.client.objects.scope()
    values = [wire_value(arg, scope.refer, passes=False) for arg in args]
    return stub.call("call", method, values, scope=scope)
