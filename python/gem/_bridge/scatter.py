"""One vector step or reset as a call for each block, and their replies as one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gem._bridge.block import Block
from gem._bridge.client import Call, call_all
from gem._bridge.faults import Faults, failure_of
from gem._bridge.members import Members
from gem._bridge.shown import Asked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    VectorStep = tuple[
        list[Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], list[dict[str, Any]]
    ]
    VectorReset = tuple[list[Any], list[dict[str, Any]]]

Result = TypeVar("Result")

STEP_LENGTH = 5
RESET_LENGTH = 2
STEP_KEEPS = STEP_LENGTH + 1
RESET_KEEPS = RESET_LENGTH + 1


class _Part(NamedTuple):
    """A block's part of a call.

    `places` are where its entries are in the result, or -1; `asked` is what the call says of the
    observations that are here, of the environments at `slots`.
    """

    block: Block
    call: Call
    places: Sequence[int]
    asked: Asked | None
    slots: Sequence[int] | None = None

    @classmethod
    def of_step(
        cls,
        block: Block,
        actions: Sequence[str | None],
        slots: Sequence[int] | None,
        places: Sequence[int],
        executor: Callable[[], Executor],
    ) -> _Part:
        """A step of the environments at `slots`, or of all."""
        asked = block.shown.ask()
        return cls(block, block.step_call(actions, slots, executor, asked), places, asked, slots)

    @classmethod
    def of_all(
        cls,
        block: Block,
        actions: Sequence[str | None],
        executor: Callable[[], Executor],
        asked: Asked | None,
    ) -> _Part:
        """A step of all environments that was made without a call of its own: `Block.step`."""
        call = block.step_call(actions, None, executor, asked)
        return cls(block, call, range(len(actions)), asked)

    def observations(self, reply: Sequence[Any], keeps_at: int) -> list[Any]:
        """The whole observations of a reply; at `keeps_at` it says of which it has parts only."""
        observations: list[Any] = reply[0]
        if self.asked is None:
            return observations
        keeps = reply[keeps_at] if len(reply) > keeps_at else None
        infos = reply[keeps_at - 2]
        return self.block.shown.take(self.asked, observations, keeps, self.slots, infos)


def step_members(
    members: Members,
    actions: list[str | None],
    positions: Sequence[int] | None,
    executor: Callable[[], Executor],
    faults: Faults,
) -> VectorStep:
    """Steps members of a vector.

    Args:
        members: the vector's.
        actions: one for each that steps.
        positions: which step, in the order of the actions; None: all.
        executor: gives the threads for several Python objects at once.
        faults: gets to know which entries of the result stand for a fault.
    """
    import numpy as np

    blocks = members.blocks
    block = blocks[0]
    if positions is None and len(blocks) == 1 and block.is_plain and not block.has_gaps:
        asked = block.shown.ask()
        try:
            reply = block.step(actions, executor, asked)
        except Exception as error:
            parts = [_Part.of_all(block, actions, executor, asked)]
            gather = partial(_gather_steps, parts=parts, count=len(actions))
            _attach(error, parts, members, faults, gather)
            raise
        keeps = None
        if len(reply) > STEP_LENGTH:
            if reply[STEP_LENGTH] is not None:
                _note(members, _Part.of_all(block, actions, executor, asked), reply, faults)
            keeps = reply[STEP_KEEPS] if len(reply) > STEP_KEEPS else None
        infos = reply[4]
        observations = reply[0]
        if asked is not None:
            observations = block.shown.take(asked, observations, keeps, None, infos)
        return (
            observations,
            np.frombuffer(reply[1], "<f8").astype(np.float64),
            np.frombuffer(reply[2], np.bool_).copy(),
            np.frombuffer(reply[3], np.bool_).copy(),
            infos,
        )
    steps = range(len(members)) if positions is None else positions
    parts = [
        _Part.of_step(block, [actions[place] for place in places], slots, places, executor)
        for block, slots, places in members.parts(steps)
    ]
    count = len(actions)
    return _call(parts, members, faults, lambda replies: _gather_steps(replies, parts, count))


def reset_members(
    members: Members,
    seeds: Sequence[Any] | None,
    options: Mapping[int, Mapping[str, Any]],
    executor: Callable[[], Executor],
    faults: Faults,
) -> VectorReset:
    """Resets all members of a vector; seeds and options go by position."""
    parts = []
    for block in members.blocks:
        asked = block.shown.ask()
        call = block.reset_call(seeds, options, executor, asked)
        parts.append(_Part(block, call, block.members, asked))
    count = len(members)
    return _call(parts, members, faults, lambda replies: _gather_resets(replies, parts, count))


def _call(
    parts: Sequence[_Part],
    members: Members,
    faults: Faults,
    gather: Callable[[Sequence[Any]], Result],
) -> Result:
    try:
        replies = call_all([part.call for part in parts]) if parts else []
    except Exception as error:
        _attach(error, parts, members, faults, gather)
        raise
    for part, reply in zip(parts, replies, strict=True):
        _note(members, part, reply, faults)
    return gather(replies)


def _note(members: Members, part: _Part, reply: Sequence[Any], faults: Faults) -> None:
    length = STEP_LENGTH if part.call.method == "vector_step" else RESET_LENGTH
    if len(reply) > length and reply[length] is not None:
        held = () if part.call.scope is None else part.call.scope.held
        faults.note(members, part.block, part.places, reply[length], held)


def _attach(
    error: Exception,
    parts: Sequence[_Part],
    members: Members,
    faults: Faults,
    gather: Callable[[Sequence[Any]], Any],
) -> None:
    """Gives an error what the others did, where all of it is known."""
    failure = failure_of(error)
    if failure is None:
        return
    outcomes = getattr(failure, "outcomes", None) or [failure]
    replies = []
    for outcome in outcomes:
        own = failure_of(outcome) if isinstance(outcome, BaseException) else None
        replies.append(outcome if own is None else own.details.pop("partial", None))
    if len(replies) != len(parts) or any(reply is None for reply in replies):
        return
    for part, reply in zip(parts, replies, strict=True):
        _note(members, part, reply, faults)
    failure.partial = gather(replies)
    with suppress(AttributeError, TypeError):
        error.partial = failure.partial  # type: ignore[attr-defined]


def _gather_steps(replies: Sequence[Any], parts: Sequence[_Part], count: int) -> VectorStep:
    import numpy as np

    observations: list[Any] = [None] * count
    infos: list[dict[str, Any]] = [{}] * count
    rewards = np.zeros(count, dtype=np.float64)
    terminated = np.zeros(count, dtype=np.bool_)
    truncated = np.zeros(count, dtype=np.bool_)
    for reply, part in zip(replies, parts, strict=True):
        own = list(part.places)
        rewards[own] = np.frombuffer(reply[1], dtype="<f8")
        terminated[own] = np.frombuffer(reply[2], dtype=np.bool_)
        truncated[own] = np.frombuffer(reply[3], dtype=np.bool_)
        own_observations = part.observations(reply, STEP_KEEPS)
        for place, observation, info in zip(own, own_observations, reply[4], strict=True):
            observations[place] = observation
            infos[place] = info
    return observations, rewards, terminated, truncated, infos


def _gather_resets(replies: Sequence[Any], parts: Sequence[_Part], count: int) -> VectorReset:
    observations: list[Any] = [None] * count
    infos: list[dict[str, Any]] = [{}] * count
    for reply, part in zip(replies, parts, strict=True):
        own = part.observations(reply, RESET_KEEPS)
        for place, observation, info in zip(part.places, own, reply[1], strict=True):
            if place >= 0:
                observations[place] = observation
                infos[place] = info
    return observations, infos
