"""One vector step as a call for each block, and their replies as one result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from gem._bridge.client import Call, call_all
from gem._bridge.members import Members

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    VectorStep = tuple[
        list[Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], list[dict[str, Any]]
    ]


def step_members(
    members: Members,
    actions: list[str | None],
    positions: Sequence[int] | None,
    executor: Callable[[], Executor],
) -> VectorStep:
    """Steps members of a vector.

    Args:
        members: the vector's.
        actions: one for each that steps.
        positions: which step, in the order of the actions; None: all.
        executor: gives the threads for several Python objects at once.
    """
    import numpy as np

    blocks = members.blocks
    if positions is None and len(blocks) == 1 and not blocks[0].has_gaps():
        reply = call_all([blocks[0].step_call(actions, None, executor)])[0]
        observations, rewards, terminated, truncated, infos = reply
        return (
            observations,
            np.array(np.frombuffer(rewards, "<f8"), np.float64),
            np.array(np.frombuffer(terminated, np.bool_)),
            np.array(np.frombuffer(truncated, np.bool_)),
            infos,
        )
    steps = range(len(members)) if positions is None else positions
    calls, places = _scatter(members, actions, steps, executor)
    return _gather(call_all(calls) if calls else [], places, len(actions))


def _scatter(
    members: Members,
    actions: Sequence[str | None],
    positions: Sequence[int],
    executor: Callable[[], Executor],
) -> tuple[list[Call], list[list[int]]]:
    """The calls of all blocks that take part, and for each where its results belong."""
    slots: dict[int, list[int]] = {}
    places: dict[int, list[int]] = {}
    blocks = {id(block): block for block in members.blocks}
    for place, position in enumerate(positions):
        block, slot = members.place(position)
        slots.setdefault(id(block), []).append(slot)
        places.setdefault(id(block), []).append(place)
    calls = [
        blocks[key].step_call([actions[place] for place in places[key]], own_slots, executor)
        for key, own_slots in slots.items()
    ]
    return calls, list(places.values())


def _gather(replies: Sequence[Any], places: Sequence[Sequence[int]], count: int) -> VectorStep:
    import numpy as np

    observations: list[Any] = [None] * count
    infos: list[dict[str, Any]] = [{}] * count
    rewards = np.zeros(count, dtype=np.float64)
    terminated = np.zeros(count, dtype=np.bool_)
    truncated = np.zeros(count, dtype=np.bool_)
    for reply, own in zip(replies, places, strict=True):
        rewards[own] = np.frombuffer(reply[1], dtype="<f8")
        terminated[own] = np.frombuffer(reply[2], dtype=np.bool_)
        truncated[own] = np.frombuffer(reply[3], dtype=np.bool_)
        for place, observation, info in zip(own, reply[0], reply[4], strict=True):
            observations[place] = observation
            infos[place] = info
    return observations, rewards, terminated, truncated, infos
