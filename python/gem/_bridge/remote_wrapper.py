"""The proxy of a wrapper that lives in the server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from gem._bridge.errors import InvalidArgumentError, UnsupportedError
from gem._bridge.handle import Handle
from gem._bridge.making import make_one
from gem._bridge.proxy_classes import entry_point, proxy_class
from gem._bridge.recipe import Recipe, wire_options
from gem._bridge.remote_env import RemoteEnv
from gem._bridge.stub import Description, Stub
from gem._bridge.worlds import add_wrapper
from gem.core import Env, EnvWrapper

if TYPE_CHECKING:
    from typing_extensions import TypeIs


class RemoteWrapper(RemoteEnv, EnvWrapper):
    """Stands for a wrapper in the server, around an environment there or written in Python."""

    _gem_options: ClassVar[dict[str, Any]] = {}
    """The options that the wrapper takes, with their defaults; they are readable as attributes."""

    def __init__(self, env: Env, **options: Any) -> None:
        """Wraps an environment; `self.env` is that very object.

        Args:
            env: a built-in environment, or any environment written in Python.
            **options: the wrapper's options.
        """
        if not self._gem_class:
            message = f"{type(self).__name__} has no constructor of its own."
            raise UnsupportedError(message)
        inner = stub_of(env)
        scope = inner.worker.client.objects.scope()
        wire = wire_options(options, scope)
        descriptor, number = inner.call("wrap", self._gem_class, wire, scope=scope)
        world, key = add_wrapper(inner.handle, number, inner.depth, self._gem_class, options)
        handle = Handle(inner.worker, number, (*scope.held, inner.handle), 0, world, key)
        description = Description.from_wire(descriptor)
        recipe = inner.recipe.wrap((self._gem_class, options))
        self._gem = Stub(handle, 0, description, recipe, env)

    @property
    def env(self) -> Env:  # type: ignore[override]
        """The wrapped environment, the same object each time."""
        stub = self._gem
        if stub.inner is None:
            stub.inner = _inner_env(stub)
        inner: Env = stub.inner
        return inner

    @property
    def unwrapped(self) -> Env:
        """The innermost environment."""
        return self.env.unwrapped

    def _gem_copy_locals(self, new: RemoteEnv) -> None:
        super()._gem_copy_locals(new)
        inner = self._gem.inner
        if isinstance(inner, RemoteEnv) and isinstance(new, RemoteWrapper):
            target = new.env
            if isinstance(target, RemoteEnv):
                inner._gem_copy_locals(target)

    def __getattr__(self, name: str) -> Any:
        """Reads an attribute of the wrapper, else of the wrapped environment."""
        stub = vars(self).get("_gem")
        if stub is None or name in stub.attributes:
            return super().__getattr__(name)
        if name in self._gem_options:
            return {**self._gem_options, **stub.recipe.wrappers[-1][1]}[name]
        if name.startswith("_"):
            return super().__getattr__(name)
        return getattr(self.env, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Writes an attribute of the wrapper or what it wraps; one that neither has stays here."""
        stub = vars(self).get("_gem")
        if stub is None or name.startswith("_") or name in stub.attributes or name in vars(self):
            super().__setattr__(name, value)
        elif name == "env":
            message = "The environment inside a wrapper cannot be exchanged; wrap the other one."
            raise InvalidArgumentError(message)
        elif hasattr(self.env, name):
            setattr(self.env, name, value)
        else:
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        """Lists the wrapper's names and those of the wrapped environment."""
        inner = () if vars(self).get("_gem") is None else dir(self.env)
        public = (name for name in inner if not name.startswith("_"))
        return sorted({*super().__dir__(), *self._gem_options, *public})

    def __repr__(self) -> str:
        """Shows the class and what is wrapped."""
        stub = vars(self).get("_gem")
        return f"<{type(self).__name__}{'' if stub is None else repr(self.env)}>"


def stub_of(env: Env) -> Stub:
    """The stub of a built-in environment, or a new one for an environment written in Python.

    Raises:
        InvalidArgumentError: when `env` is no environment.
    """
    if is_native(env):
        return env._gem
    if not callable(getattr(env, "reset", None)) or not callable(getattr(env, "step", None)):
        message = f"An environment must have reset() and step(), got {env!r}."
        raise InvalidArgumentError(message)
    return make_one(Recipe(name_of(env), {}, python_env=env))


def is_native(env: object) -> TypeIs[RemoteEnv]:
    """Whether the server holds all of an environment, so that it may be reached without Python.

    An instance of a subclass written in Python is not: its methods may do more.
    """
    if not isinstance(env, RemoteEnv) or "_gem" not in vars(env):
        return False
    stub = env._gem
    return type(env) is proxy_class(stub.class_name, is_wrapper=stub.is_wrapper)


def replace_inner(env: RemoteEnv, value: Env) -> None:
    """Puts another environment written in Python inside all of a proxy's wrappers."""
    layer: Any = env
    while isinstance(layer, RemoteEnv):
        stub = layer._gem
        stub.recipe = replace(stub.recipe, python_env=value)
        if not isinstance(stub.inner, RemoteEnv):
            stub.inner = value if stub.depth == len(stub.description.layers) - 2 else None
            return
        layer = stub.inner


def name_of(env: object) -> str:
    """What an environment written in Python is called in messages: its id, else its class."""
    env_id = getattr(env, "env_id", None)
    return env_id if isinstance(env_id, str) else type(env).__name__


def proxy_of(stub: Stub) -> Env:
    """A proxy of the right class; for an environment written in Python that object itself."""
    if not stub.is_wrapper and stub.recipe.python_env is not None:
        env: Env = stub.recipe.python_env
        return env
    proxy = proxy_class(stub.class_name, is_wrapper=stub.is_wrapper)._gem_attach(stub)
    if not stub.is_wrapper and not stub.recipe.is_class:
        program = stub.recipe.program
        origin = entry_point(stub.class_name) if program is None else program.entry_point
        vars(proxy).update(env_id=stub.recipe.what, entry_point=origin)
    return proxy


def _inner_env(stub: Stub) -> Env:
    inner = Stub(stub.handle, stub.depth + 1, stub.description, stub.recipe.peel(1))
    return proxy_of(inner)
