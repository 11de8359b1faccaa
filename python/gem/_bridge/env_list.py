"""The environments of a vector, as a list whose entries can be exchanged."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

from gem._bridge.errors import InvalidArgumentError
from gem.core import Env

if TYPE_CHECKING:
    from gem._bridge.members import Members


class EnvList(Sequence[Env]):
    """Gives the same object for a position each time; assigning exchanges the environment."""

    def __init__(self, members: Members) -> None:
        """Shows the members of a vector."""
        self._members = members

    def __len__(self) -> int:
        """Counts the environments."""
        return len(self._members)

    @overload
    def __getitem__(self, index: int) -> Env: ...

    @overload
    def __getitem__(self, index: slice) -> list[Env]: ...

    def __getitem__(self, index: int | slice) -> Env | list[Env]:
        """Gives the environment at a position, or a list of those in a slice."""
        if isinstance(index, slice):
            return [self._members.env(position) for position in range(len(self))[index]]
        return self._members.env(range(len(self))[operator.index(index)])

    def __setitem__(self, index: int | slice, value: object) -> None:
        """Puts another environment at a position, or as many others as a slice has."""
        if not isinstance(index, slice):
            if not isinstance(value, Env):
                message = f"An environment was expected, got {value!r}."
                raise InvalidArgumentError(message)
            self._members.replace(range(len(self))[operator.index(index)], value)
            return
        positions = range(len(self))[index]
        envs = list(value) if isinstance(value, Iterable) else [value]
        if len(envs) != len(positions):
            message = f"A slice of {len(positions)} environments takes as many, got {len(envs)}."
            raise InvalidArgumentError(message)
        for position, env in zip(positions, envs, strict=True):
            self[position] = env

    def __repr__(self) -> str:
        """Shows it as a list."""
        return repr(list(self))
