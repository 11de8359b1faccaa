"""Making the environments of a lost worker again: their parts, their states, what was played."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import msgspec

from gem._bridge.answers import Played
from gem._bridge.errors import DrainingError, GemError, ServerLostError
from gem._bridge.journal import SNAPSHOT_HANDLES, Entry, World
from gem._bridge.values import RESULT, payload_of, peek
from gem._bridge.worker import Worker

_NUMBER_BYTES = 4
_VECTOR_LENGTHS = {"vector_step": 3, "vector_reset": 3}
"""How many parameters of a vector's call say what is to happen; further ones, how to reply."""

_FRAMES = msgspec.msgpack.Decoder()


def rebuild(
    world: World, error: ServerLostError, onto: Worker | None, *, is_anew: bool = False
) -> None:
    """Makes a world again at a worker that lives; its handles then stand for the new one.

    Args:
        world: the world, whose worker is lost.
        error: how that was noticed.
        onto: where it is to go on; None: anywhere.
        is_anew: whether nothing of what was played is to come back.

    Raises:
        ServerLostError: with `because` in its details when the world cannot be made again.
    """
    from gem._bridge import server

    why = "" if is_anew else world.hopeless or world.doubts
    if why:
        raise _unrecoverable(error, why)
    count = sum(len(node.keys) for node in world.nodes if node.has_state)
    if is_anew:
        world.forget_all()
    if onto is None or onto.is_lost:
        client = server.client()
        client.look_again()
        worker = client.place(count)
    else:
        worker = onto
        worker.load += count
    try:
        numbers = _make_parts(world, worker)
        _set_states(world, worker, numbers)
        replayed = _replay(world, worker, numbers)
        for key in world.closed & numbers.keys():
            worker.send_close(numbers[key])
    except ServerLostError:
        raise
    except DrainingError:
        worker.load -= count
        worker.client.look_again(0.0)
        raise error from None
    except GemError as fault:
        worker.load -= count
        raise _unrecoverable(error, f"it could not be made again: {fault.message}") from fault
    _move(world, worker, numbers)
    # What other threads took down meanwhile has its place after what this one has replayed.
    world.applied = replayed
    replay_late(world)


def replay_late(world: World) -> None:
    """Replays calls that a lost worker answered, taken down after the world had moved."""
    numbers: dict[int, int] = {}
    for index in range(world.applied, len(world.entries)):
        if world.entries[index][0] is not world.worker:
            numbers = numbers or world.numbers()
            _play(world.entries[index], world.worker, numbers)
    world.applied = len(world.entries)


def _make_parts(world: World, worker: Worker) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for node in sorted(world.nodes, key=lambda node: node.comes_late):
        numbers.update(zip(node.keys, node.make(worker, numbers), strict=True))
    return numbers


def _set_states(world: World, worker: Worker, numbers: Mapping[int, int]) -> None:
    pairs = [
        [numbers[key], msgspec.Raw(state)] for key, state in world.states.items() if key in numbers
    ]
    for first in range(0, len(pairs), SNAPSHOT_HANDLES):
        worker.call("set_states", [pairs[first : first + SNAPSHOT_HANDLES]])


def _replay(world: World, worker: Worker, numbers: Mapping[int, int]) -> int:
    """Plays what was played since the snapshot. Gives how many calls that were."""
    count = len(world.entries)
    frame = b""
    for entry in world.entries[:count]:
        frame = _play(entry, worker, numbers)
    last, reply = world.last
    is_last = bool(count and frame) and last is world.entries[count - 1]
    if is_last and not is_same(reply, frame):
        raise _different("observations or infos")
    return count


def _play(entry: Entry, worker: Worker, numbers: Mapping[int, int]) -> bytes:
    """Makes a call again; what comes must be what came."""
    _, key, frame, checks, answers = entry
    if not frame:
        slot, member = checks
        worker.call("vector_set", [numbers[key], slot, numbers[member]])
        return b""
    method, params = _FRAMES.decode(frame)[3:5]
    if method in _VECTOR_LENGTHS:
        # What the client had when the call was made is no matter: observations come whole.
        params = params[: _VECTOR_LENGTHS[method]]
    reply = worker.replay(method, [numbers[key], *params[1:]], Played(answers))
    kind = peek(reply)[0]
    if kind != RESULT:
        raise _different("errors")
    elif isinstance(checks, bytes):
        if not is_same(checks, reply):
            raise _different("observations, rewards or infos")
    elif checks is not None and not _is_same_step(checks, _FRAMES.decode(reply)[2][1:4]):
        raise _different("rewards or ends")
    return reply


def _is_same_step(checks: list[Any], again: list[Any]) -> bool:
    # Of one environment the reward is a float; NaN is equal to itself here.
    return checks == again or repr(checks) == repr(again)


def is_same(reply: bytes, again: bytes) -> bool:
    """Whether two replies give the same, whatever their calls' numbers.

    Args:
        reply: the first; of a vector's observations, those in `final_observation` included, it may
            hold only what was new.
        again: the second, whose observations are whole.
    """
    if reply[:2] == again[:2] and payload_of(reply) == payload_of(again):
        return True
    first, second = (_untimed(_FRAMES.decode(frame)[2]) for frame in (reply, again))
    if reply[:2] == again[:2] and repr(first) == repr(second):
        return True
    if not isinstance(first, list) or not isinstance(second, list) or len(first) <= len(second):
        return False
    whole = len(second)
    _complete(first, second)
    return repr(first[1:whole]) == repr(second[1:]) and all(
        full == new or (isinstance(full, str) and isinstance(new, str) and full.endswith(new))
        for new, full in zip(first[0], second[0], strict=True)
    )


def _complete(first: list[Any], second: list[Any]) -> None:
    """Gives the first reply's infos the last observations of which they have what was new."""
    observations, keeps = first[0], first[-1]
    if not isinstance(keeps, bytes):
        return
    infos, whole = first[4], second[4]
    numbers = memoryview(keeps)[len(observations) * _NUMBER_BYTES :]
    for position, _ in struct.iter_unpack("<ii", numbers):
        new, full = (of[position].get("final_observation") for of in (infos, whole))
        if isinstance(new, str) and isinstance(full, str) and full.endswith(new):
            infos[position]["final_observation"] = full


def _untimed(value: Any) -> Any:
    """A reply without how long attempts took, which is never the same."""
    if isinstance(value, list):
        return [_untimed(item) for item in value]
    if isinstance(value, dict):
        return {name: _untimed(item) for name, item in value.items() if name != "duration_ms"}
    return value


def _move(world: World, worker: Worker, numbers: Mapping[int, int]) -> None:
    live = world.live_keys()
    for node in world.nodes:
        node.move(worker, [numbers[key] for key in node.keys])
    for key, ref in list(world.handles.items()):
        handle = ref()
        if handle is not None:
            handle.move(worker, numbers[key])
    for key, number in numbers.items():
        if key not in live:
            worker.released.append((number, 0))
    world.worker = worker


def _different(what: str) -> GemError:
    message = f"it is not deterministic: played again, it gave other {what}"
    return GemError(message)


def _unrecoverable(error: ServerLostError, why: str) -> ServerLostError:
    details = {**error.details, "because": why}
    return ServerLostError(f"{error.message} It was not made again: {why}.", details)
