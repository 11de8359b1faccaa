"""The classes that every environment and every wrapper derives from."""

from __future__ import annotations

import abc
import copy
from typing import TYPE_CHECKING, Any, SupportsFloat, TypeVar

from gem._bridge.errors import UnsupportedError
from gem.utils import seeding

ObsType = TypeVar("ObsType")
ActType = TypeVar("ActType")
WrapperObsType = TypeVar("WrapperObsType")
WrapperActType = TypeVar("WrapperActType")


class Env(abc.ABC):
    """An environment: `reset` starts an episode, `step` plays one reply of the model.

    Built-in environments are proxies of environments in the Node server. A subclass written in
    Python stays in this process and can be registered, wrapped and put into vectors like any other.
    """

    @abc.abstractmethod
    def reset(self, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        """Starts an episode and gives its first observation and info.

        This base method is for subclasses written in Python, whose contract is that a seed seeds
        Python's and NumPy's global generators: call `super().reset(seed)` and draw from `random`.
        Built-in environments have generators of their own and never touch the global ones.
        """
        if seed is not None:
            seeding.set_seed(seed)
        return None, {}

    @abc.abstractmethod
    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Plays one action; gives observation, reward, terminated, truncated, info."""

    def sample_random_action(self) -> str:
        """Draws an action that the environment can parse.

        Raises:
            UnsupportedError: when the environment has none to offer.
        """
        message = f"{type(self).__name__} does not define sample_random_action()."
        raise UnsupportedError(message)

    @property
    def unwrapped(self) -> Env:
        """The innermost environment."""
        return self

    def spawn(self, same_state: bool = False, **kwargs: Any) -> Env:
        """Makes another environment like this one, with `same_state` in the same state.

        Raises:
            UnsupportedError: when the environment does not define it.
        """
        message = f"{type(self).__name__} does not define spawn()."
        raise UnsupportedError(message)

    def close(self) -> None:  # noqa: B027 (most environments hold nothing)
        """Releases what the environment holds; twice is fine."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Environments have attributes of their own, which a type checker cannot know."""

        def __setattr__(self, name: str, value: Any) -> None:
            """They can be written, too."""

    def __enter__(self) -> Env:
        """Gives the environment itself; leaving the `with` block closes it."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Closes the environment."""
        self.close()


class EnvWrapper(Env):
    """A wrapper written in Python; whatever it does not define itself goes to `env`, live.

    Subclasses override `reset` and `step`.
    """

    env: Env

    def __init__(self, env: Env) -> None:
        """Wraps `env`."""
        self.env = env

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Resets the wrapped environment."""
        inner: Any = self.env
        result: tuple[Any, dict[str, Any]] = inner.reset(seed, **kwargs)
        return result

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Steps the wrapped environment."""
        return self.env.step(action)

    def sample_random_action(self) -> str:
        """Draws an action from the wrapped environment."""
        return self.env.sample_random_action()

    @property
    def unwrapped(self) -> Env:
        """The innermost environment."""
        return self.env.unwrapped

    def spawn(self, same_state: bool = False, **kwargs: Any) -> Env:
        """Makes another stack: the inner environment spawned, this wrapper's attributes copied."""
        inner = self.env.spawn(same_state, **kwargs)
        new = type(self).__new__(type(self))
        for name, value in vars(self).items():
            vars(new)[name] = inner if name == "env" else copy.deepcopy(value)
        return new

    def close(self) -> None:
        """Closes the wrapped environment."""
        self.env.close()

    def __getattr__(self, name: str) -> Any:
        """Reads what the wrapper does not have from the wrapped environment."""
        if name.startswith("_") or name == "env":
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=self)
        return getattr(self.env, name)

    def __dir__(self) -> list[str]:
        """Lists the wrapper's names and those of the wrapped environment."""
        names = set(super().__dir__())
        names.update(name for name in dir(self.env) if not name.startswith("_"))
        return sorted(names)
