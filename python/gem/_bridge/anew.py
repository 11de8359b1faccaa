"""Fresh environments in the place of lost ones, where faults are masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gem._bridge.errors import ServerLostError

if TYPE_CHECKING:
    from gem._bridge.handle import Handle


def stand_in(handle: Handle, error: ServerLostError, method: str, params: Sequence[Any]) -> Any:
    """Answers a call whose environments are lost: a step is a fault, and an episode begins.

    Args:
        handle: of the environment or vector.
        error: why it cannot be made again.
        method: what was called.
        params: with what, but for the handle.
    """
    from gem._bridge.rebuild import rebuild

    world = handle.world
    if world is None:
        raise error
    while world.into is not None:
        world = world.into
    with world.lock:
        if world.worker.is_lost:
            rebuild(world, error, None, is_anew=True)
    if method == "vector_step":
        observations, infos = handle.call("vector_reset", None, {})[:2]
        slots = range(len(observations)) if params[1] is None else params[1]
        count = len(slots)
        return [
            [observations[slot] for slot in slots],
            bytes(8 * count),
            bytes(count),
            b"\1" * count,
            [{**infos[slot], "gem": _fault(error)} for slot in slots],
            [b"\1" * count, []],
        ]
    if method == "step":
        observation, info = handle.call("reset", params[0], None, {})
        return [observation, 0.0, False, True, {**info, "gem": _fault(error)}]
    return handle.call(method, *params)


def _fault(error: ServerLostError) -> dict[str, Any]:
    return {
        "outcome": "fault",
        "cause": error.code,
        "message": error.message,
        "attempt": 1,
        "retryable": True,
        "duration_ms": 0.0,
    }
