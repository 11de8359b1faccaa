"""Several environments stepped as one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from gem._bridge.arguments import split_actions, split_reset_options, split_seeds
from gem._bridge.client import call_all
from gem._bridge.env_list import EnvList
from gem._bridge.errors import (
    ClosedError,
    InvalidArgumentError,
    ServerLostError,
    UnknownHandleError,
    UnsupportedError,
)
from gem._bridge.members import Members, Mode, adopt
from gem._bridge.scatter import step_members
from gem._bridge.threads import LazyThreads
from gem.core import Env

if TYPE_CHECKING:
    from gem._bridge.scatter import VectorStep


class AutoresetMode(Enum):
    """When an environment whose episode has ended starts the next one."""

    NEXT_STEP = "NextStep"
    """In the step after: it ignores its action and gives reward 0."""
    SAME_STEP = "SameStep"
    """In the step that ended it: observation and info are the next episode's first."""


class VectorEnv(Env):
    """A vector of environments, built-in ones and Python objects, mixed at will.

    `envs` lists them; assigning to an entry exchanges an environment. Rewards are float64 arrays,
    flags bool arrays, observations and infos lists, all fresh at each step. The logic is in
    `src/vector/vector-env.ts`.
    """

    _is_async: ClassVar[bool] = False

    num_envs: int
    envs: EnvList
    env_ids: tuple[str, ...]
    autoreset_mode: AutoresetMode

    def __init__(
        self,
        env_ids: Sequence[str],
        env_fns: Iterable[Callable[[], Env]],
        autoreset_mode: str | AutoresetMode = AutoresetMode.SAME_STEP,
    ) -> None:
        """Makes the environments, in order, and joins them.

        Args:
            env_ids: their ids.
            env_fns: makes one environment each.
            autoreset_mode: `AutoresetMode`, "SameStep" or "NextStep".
        """
        mode = autoreset_mode_of(autoreset_mode)
        envs = [make() for make in env_fns]
        if not envs:
            message = "A vector needs at least one environment."
            raise InvalidArgumentError(message)
        self._gem_join(env_ids, adopt(envs, Mode(mode.value, self._is_async)), mode)

    @classmethod
    def _gem_of(cls, env_ids: Sequence[str], members: Members, mode: AutoresetMode) -> VectorEnv:
        """A vector of members that exist already."""
        vector = cls.__new__(cls)
        vector._gem_join(env_ids, members, mode)
        return vector

    def _gem_join(self, env_ids: Sequence[str], members: Members, mode: AutoresetMode) -> None:
        self._gem_members = members
        self._gem_threads = LazyThreads(len(members))
        self._gem_pending: set[int] = set()
        self.num_envs = len(members)
        self.envs = EnvList(members)
        self.env_ids = tuple(env_ids)
        self.autoreset_mode = mode

    def reset(  # type: ignore[override]
        self, seed: int | Sequence[int | None] | None = None, **kwargs: Any
    ) -> tuple[list[Any], list[dict[str, Any]]]:
        """Resets every environment.

        Args:
            seed: an integer s seeds environment i with s + i; a sequence has a seed or None for
                each; None seeds none.
            **kwargs: `env{i}_kwargs`: keyword arguments of environment i's `reset`.

        Raises:
            InvalidSeedError, UnknownOptionError: before any environment is reset.
        """
        seeds = split_seeds(seed, self.num_envs)
        options = split_reset_options(kwargs, self.num_envs)
        blocks = self._gem_members.blocks
        replies = call_all(
            [block.reset_call(seeds, options, self._gem_threads.get) for block in blocks]
        )
        self._gem_pending.clear()
        observations: list[Any] = [None] * self.num_envs
        infos: list[dict[str, Any]] = [{}] * self.num_envs
        for block, (own_observations, own_infos) in zip(blocks, replies, strict=True):
            for slot, position in block.positions().items():
                observations[position] = own_observations[slot]
                infos[position] = own_infos[slot]
        return observations, infos

    def step(self, actions: Any) -> VectorStep:  # type: ignore[override]
        """Steps all environments, or some.

        Args:
            actions: a sequence with one action for each; or a map from position to action, then
                only those step and the results have their order.

        Raises:
            ActionCountError, InvalidActionError, ResetNeededError: before any environment steps.
        """
        values, positions = split_actions(actions, self.num_envs)
        result = step_members(self._gem_members, values, positions, self._gem_threads.get)
        if self.autoreset_mode is AutoresetMode.NEXT_STEP:
            stepped = range(self.num_envs) if positions is None else positions
            for position, done in zip(stepped, result[2] | result[3], strict=True):
                (self._gem_pending.add if done else self._gem_pending.discard)(position)
        return result

    def close(self) -> None:
        """Closes every environment; twice is fine, and so is after the server has ended."""
        members = vars(self).get("_gem_members")
        if members is None:
            return
        for block in members.blocks:
            try:
                block.worker.call("close", [[block.handle.number]])
            except (ClosedError, ServerLostError, UnknownHandleError):
                continue
        self._gem_threads.shut_down()

    def __deepcopy__(self, memo: dict[int, Any]) -> VectorEnv:
        """An independent vector whose environments continue from the same states.

        Raises:
            UnsupportedError: in mode NEXT_STEP when an environment waits to be reset.
        """
        _, args = self.__reduce__()
        envs = [copy.deepcopy(env, memo) for env in self.envs]
        new = memo[id(self)] = _rebuild(args[0], args[1], envs, *copy.deepcopy(args[3:], memo))
        return new

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Pickles the environments with their states."""
        if self._gem_pending:
            message = (
                f"Environments {sorted(self._gem_pending)} have ended and wait for the next step "
                "to reset them; copy the vector after that."
            )
            raise UnsupportedError(message)
        own = {name: value for name, value in vars(self).items() if name not in _OWN_NAMES}
        return (
            _rebuild,
            (type(self), self.env_ids, list(self.envs), self.autoreset_mode, own),
        )

    def __repr__(self) -> str:
        """Shows the class and how many environments of which ids there are."""
        ids = ", ".join(dict.fromkeys(self.env_ids))
        return f"<{type(self).__name__} of {self.num_envs}: {ids}>"


_OWN_NAMES = frozenset(
    {
        "_gem_members",
        "_gem_threads",
        "_gem_pending",
        "num_envs",
        "envs",
        "env_ids",
        "autoreset_mode",
    }
)


def _rebuild(
    cls: type[VectorEnv],
    env_ids: Sequence[str],
    envs: list[Env],
    mode: AutoresetMode,
    own: dict[str, Any],
) -> VectorEnv:
    """Joins unpickled or copied environments into a vector."""
    members = adopt(envs, Mode(mode.value, cls._is_async))
    vector = cls._gem_of(env_ids, members, mode)
    vars(vector).update(own)
    return vector


def autoreset_mode_of(mode: object) -> AutoresetMode:
    """Reads an autoreset mode: the enum, its value or its name.

    Raises:
        InvalidArgumentError: for anything else.
    """
    if isinstance(mode, AutoresetMode):
        return mode
    for known in AutoresetMode:
        if mode in (known.value, known.name):
            return known
    names = " or ".join(repr(known.value) for known in AutoresetMode)
    message = f"autoreset_mode must be an AutoresetMode, {names}, got {mode!r}."
    raise InvalidArgumentError(message)
