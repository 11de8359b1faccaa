"""Several environments stepped as one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from gem._bridge.arguments import split_actions, split_reset_options, split_seeds
from gem._bridge.env_list import EnvList
from gem._bridge.errors import (
    ClosedError,
    InvalidArgumentError,
    ServerLostError,
    UnknownHandleError,
    UnsupportedError,
)
from gem._bridge.fault_policy import RAISE, FaultPolicy, fault_policy
from gem._bridge.faults import Faults
from gem._bridge.members import Members, Mode, adopt
from gem._bridge.scatter import reset_members, step_members
from gem._bridge.threads import LazyThreads
from gem.core import Env
from gem.vector.async_stepping import AsyncStepping

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gem._bridge.scatter import VectorStep


class AutoresetMode(Enum):
    """When an environment whose episode has ended starts the next one."""

    NEXT_STEP = "NextStep"
    """In the step after: it ignores its action and gives reward 0."""
    SAME_STEP = "SameStep"
    """In the step that ended it: observation and info are the next episode's first."""


class VectorEnv(AsyncStepping, Env):
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
        *,
        on_fault: str = "raise",
        deadline: float | None = None,
    ) -> None:
        """Makes the environments, in order, and joins them.

        Args:
            env_ids: their ids.
            env_fns: makes one environment each.
            autoreset_mode: `AutoresetMode`, "SameStep" or "NextStep".
            on_fault: "raise", "retry" or "mask", see `gem.make_vec`.
            deadline: seconds that one reset or step of an environment may run.
        """
        mode = autoreset_mode_of(autoreset_mode)
        policy = fault_policy(on_fault, deadline)
        envs = [make() for make in env_fns]
        if not envs:
            message = "A vector needs at least one environment."
            raise InvalidArgumentError(message)
        self._gem_join(env_ids, adopt(envs, Mode(mode.value, self._is_async, policy)), mode)

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
        self._gem_faults = Faults(len(members))
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
        if self._gem_flights is not None:
            self._gem_flights.check_empty("reset")
        seeds = split_seeds(seed, self.num_envs)
        options = split_reset_options(kwargs, self.num_envs)
        self._gem_faults.expect(self.num_envs)
        result = reset_members(
            self._gem_members, seeds, options, self._gem_threads.get, self._gem_faults
        )
        self._gem_pending.clear()
        return result

    def step(self, actions: Any) -> VectorStep:  # type: ignore[override]
        """Steps all environments, or some.

        Args:
            actions: a sequence with one action for each; or a map from position to action, then
                only those step and the results have their order.

        Raises:
            ActionCountError, InvalidActionError, ResetNeededError: before any environment steps.
        """
        if self._gem_flights is not None:
            self._gem_flights.check_empty("step")
        values, positions = split_actions(actions, self.num_envs)
        self._gem_faults.expect(len(values))
        result = step_members(
            self._gem_members, values, positions, self._gem_threads.get, self._gem_faults
        )
        if self.autoreset_mode is AutoresetMode.NEXT_STEP:
            stepped = range(self.num_envs) if positions is None else positions
            for position, done in zip(stepped, result[2] | result[3], strict=True):
                (self._gem_pending.add if done else self._gem_pending.discard)(position)
        return result

    @property
    def fault_mask(self) -> NDArray[np.bool_]:
        """Where the last step's or reset's result stands for a fault and is no data, in its order.

        Nobody should train on such an entry; its `info["gem"]` says what happened.
        """
        return self._gem_faults.mask

    def close(self) -> None:
        """Closes every environment; twice is fine, and so is after the server has ended."""
        members = vars(self).get("_gem_members")
        if members is None:
            return
        if self._gem_flights is not None:
            self._gem_flights.discard()
        for block in members.blocks:
            try:
                block.handle.close()
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
        if self._gem_flights is not None:
            self._gem_flights.check_empty("copying")
        if self._gem_pending:
            message = (
                f"Environments {sorted(self._gem_pending)} have ended and wait for the next step "
                "to reset them; copy the vector after that."
            )
            raise UnsupportedError(message)
        own = {name: value for name, value in vars(self).items() if name not in _OWN_NAMES}
        return (
            _rebuild,
            (
                type(self),
                self.env_ids,
                list(self.envs),
                self.autoreset_mode,
                own,
                self._gem_members.policy,
            ),
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
        "_gem_faults",
        "_gem_flights",
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
    policy: FaultPolicy = RAISE,
) -> VectorEnv:
    """Joins unpickled or copied environments into a vector."""
    members = adopt(envs, Mode(mode.value, cls._is_async, policy))
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
