"""What is kept of environments so that they can be made again when their worker is lost."""

from __future__ import annotations

import itertools
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from gem._bridge.errors import GemError, ServerLostError
from gem._bridge.nodes import Node, take_places
from gem._bridge.objects import CallScope

if TYPE_CHECKING:
    from gem._bridge.answers import Answers
    from gem._bridge.exchange import Exchange
    from gem._bridge.handle import Handle
    from gem._bridge.worker import Worker

PURE_METHODS = frozenset({"get", "get_state", "close", "spawn", "wrap", "vector", "vector_set"})
"""Calls that change no state, or whose effect is kept as a `Node`."""

FIRST_CALLS = 64
"""Calls after which a first snapshot is worth its while."""

MORE_CALLS = 16
"""Calls until a snapshot that was not due yet is thought of again."""

SHARE = 100
"""Snapshots come at least so many times further apart than one takes."""

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of calls from which on a snapshot is taken, due or not."""


MOST_CALLS = 200_000
MOST_REBUILDS = 3
SMALL_BYTES = 2048
"""A reply that is kept whole; of a larger one, rewards and flags are kept, and the last whole."""

STEP_LENGTH = 5
WITH_KEEPS = 7
"""Elements of a step's reply, and of one that sends only what is new of observations."""

SNAPSHOT_HANDLES = 512
"""Environments whose states are asked for at once."""

_keys = itertools.count(1)
_STATES = msgspec.msgpack.Decoder(tuple[int, int, list[msgspec.Raw]])
_NIL = b"\xc0"


Entry = tuple["Worker", int, bytes, Any, "Answers | None"]
"""A call that was made: where, on which handle, its frame, what its reply is recognised by, and
what objects answered during it. A reply is recognised by itself (bytes), or by its rewards and
flags (a list). An empty frame is an environment's exchange in a vector: slot and key (a tuple)."""


def new_keys(count: int) -> range:
    """What a world knows so many handles by, wherever they live."""
    first = next(_keys) << 32
    return range(first, first + count)


class World:
    """Environments that share state, and their journal.

    `nodes` say how they are made, `states` where the last snapshot found them, `entries` what was
    called since. Taking down a call is one append.
    """

    __slots__ = (
        "__weakref__",
        "_bytes",
        "_is_special",
        "_last_entry",
        "_last_reply",
        "_limit",
        "_scopes",
        "_snapshot_at",
        "_snapshot_seconds",
        "applied",
        "can_snapshot",
        "closed",
        "doubts",
        "entries",
        "handles",
        "hopeless",
        "into",
        "keeps_replies",
        "lock",
        "nodes",
        "states",
        "worker",
    )

    def __init__(self, worker: Worker) -> None:
        """Begins on a worker, with nothing."""
        self.worker = worker
        self.nodes: list[Node] = []
        self.states: dict[int, bytes] = {}
        self.entries: list[Entry] = []
        self.handles: dict[int, weakref.ref[Handle]] = {}
        self.closed: set[int] = set()
        self.applied = 0
        self.hopeless = ""
        self.doubts = ""
        self.can_snapshot = True
        self.keeps_replies = False
        self.into: World | None = None
        self._bytes = 0
        self._is_special = False
        self._last_entry: Entry | None = None
        self._last_reply = b""
        self._limit = FIRST_CALLS
        self.lock = threading.RLock()
        """One thread at a time rebuilds this world."""
        self._scopes: list[CallScope] = []
        self._snapshot_at = 0.0
        self._snapshot_seconds = 0.0

    @property
    def last(self) -> tuple[Entry | None, bytes]:
        """The call that succeeded last, and its reply."""
        return self._last_entry, self._last_reply

    def know(self, handle: Handle) -> None:
        """Gets to know a handle, which moves with this world."""
        self.handles[handle.key] = weakref.ref(handle)

    def note(
        self,
        worker: Worker,
        key: int,
        frame: bytes,
        value: Any,
        reply: bytes,
        answers: Answers | None = None,
    ) -> None:
        """Takes down a call that succeeded. Every step comes here: the usual one first."""
        if (
            self._is_special
            or type(value) is not list
            or (len(value) != STEP_LENGTH and (len(value) != WITH_KEEPS or value[5] is not None))
        ):
            self._note_special(worker, key, frame, value, reply, answers)
            return
        entries = self.entries
        if len(reply) < SMALL_BYTES:
            entries.append((worker, key, frame, reply, answers))
        else:
            self._last_entry = entry = (worker, key, frame, value[1:4], answers)
            self._last_reply = reply
            entries.append(entry)
        self._bytes += len(frame)
        if len(entries) >= self._limit or worker is not self.worker:
            self._look_after()

    def _note_special(
        self,
        worker: Worker,
        key: int,
        frame: bytes,
        value: Any,
        reply: bytes,
        answers: Answers | None,
    ) -> None:
        if self.into is not None:
            self.into.note(worker, key, frame, value, reply, answers)
            return
        checks: Any = None
        if self.keeps_replies:
            checks = reply
            self._bytes += len(reply)
        elif type(value) is list and len(value) >= STEP_LENGTH:
            checks = value[1:4]
        faults = value[STEP_LENGTH] if type(value) is list and len(value) > STEP_LENGTH else None
        if faults is not None:
            if not take_places(self.nodes, key, faults[1]):
                self.give_up("an object of this process took the place of another")
            self.doubts = "an environment failed and was replaced"
            self._limit = 0
        entry = (worker, key, frame, checks, answers)
        self._last_entry, self._last_reply = entry, reply
        self._append(entry)

    def note_exchange(self, worker: Worker, key: int, exchange: Exchange) -> None:
        """Takes down a call that took longer: it had needs, or failed through nobody's mistake."""
        answers = exchange.answers if exchange.answers else None
        frame = exchange.call_frame
        if exchange.error is None:
            self.note(worker, key, frame, exchange.value, exchange.frame, answers)
        else:
            # What a fault left behind, only a state can tell.
            self.doubts = f"it had a fault ({exchange.error.code})"
            self._limit = 0

    def note_replaced(self, worker: Worker, key: int, slot: int, member: int) -> None:
        """Takes down that another environment has a place in a vector."""
        for node in self.nodes:
            node.replace(key, slot, member)
        self._append((worker, key, b"", (slot, member), None))

    def keep(self, scope: CallScope) -> None:
        """Keeps the objects of a call reachable for as long as the call is kept."""
        self._scopes.append(scope)

    def compare_replies(self) -> None:
        """Keeps whole replies, to be compared when they come again."""
        self.keeps_replies = True
        self._is_special = True

    def doubt(self, method: str) -> None:
        """Notes that a call was given up: only a snapshot can tell whether it was played."""
        self.doubts = f"a call of {method!r} was given up, and whether it was played is not known"
        self._limit = 0

    def _append(self, entry: Entry) -> None:
        if self.hopeless:
            return
        self.entries.append(entry)
        self._bytes += len(entry[2])
        self._look_after()

    def _look_after(self) -> None:
        if self.entries and self.entries[-1][0] is not self.worker:
            # This world has moved on while another thread's call was taken down.
            from gem._bridge.rebuild import replay_late

            with self.lock:
                replay_late(self)
        if len(self.entries) >= self._limit:
            self._consider()

    # Snapshots

    def _consider(self) -> None:
        """Takes a snapshot where one is due."""
        now = time.monotonic()
        is_due = now - self._snapshot_at >= SHARE * self._snapshot_seconds
        must = bool(self.doubts) or self._bytes > MOST_BYTES
        if self.can_snapshot and (is_due or must) and self._is_settled():
            self.snapshot()
        self._limit = len(self.entries) + (MORE_CALLS if self.entries else FIRST_CALLS)
        if self._bytes > MOST_BYTES or len(self.entries) > MOST_CALLS:
            self.give_up("more was played than is kept, and its state cannot be taken")

    def _is_settled(self) -> bool:
        """Whether states tell all: a vector that resets in the next step knows more."""
        return all(node.is_settled(self.entries) for node in self.nodes)

    def snapshot(self) -> None:
        """Takes the states of all environments; what was called before is forgotten."""
        keys = self._state_keys()
        count = len(self.entries)
        start = time.monotonic()
        states: dict[int, bytes] = {}
        try:
            for first in range(0, len(keys), SNAPSHOT_HANDLES):
                part = keys[first : first + SNAPSHOT_HANDLES]
                numbers = self.numbers()
                frame = self.worker.ask("get_states", [[numbers[key] for key in part]])
                raws = _STATES.decode(frame)[2]
                states.update(zip(part, map(bytes, raws), strict=True))
        except ServerLostError:
            return
        except GemError:
            self.can_snapshot = False
            return
        self._snapshot_at = time.monotonic()
        self._snapshot_seconds = self._snapshot_at - start
        if any(state == _NIL and key not in self.closed for key, state in states.items()):
            return
        self.states = {key: state for key, state in states.items() if state != _NIL}
        del self.entries[:count]
        self._scopes.clear()
        self.applied = 0
        self.doubts = ""
        self._last_entry = None
        self._bytes = sum(len(entry[2]) for entry in self.entries)
        self._prune()

    def _state_keys(self) -> list[int]:
        """Whose states tell everything: a wrapper's holds that of what it is made around."""
        live = self.live_keys()
        inside = {node.inner for node in self.nodes if node.inner and node.keys[0] in live}
        stateful = (key for node in self.nodes if node.has_state for key in node.keys)
        return [key for key in stateful if key in live and key not in inside]

    def live_keys(self) -> set[int]:
        """The handles that somebody still has."""
        live = {key for key, ref in list(self.handles.items()) if ref() is not None}
        for node in self.nodes:
            live.update(node.untaken())
        return live

    def numbers(self) -> dict[int, int]:
        """Every handle's number at the world's worker."""
        return {
            key: number
            for node in self.nodes
            for key, number in zip(node.keys, node.numbers, strict=True)
        }

    def _prune(self) -> None:
        """Forgets how that was made which nobody can reach any more."""
        live = self.live_keys()
        needed = set(live)
        size = -1
        while size != len(needed):
            size = len(needed)
            for node in self.nodes:
                if not needed.isdisjoint(node.keys):
                    needed.update(node.requires())
        self.nodes = [node for node in self.nodes if not needed.isdisjoint(node.keys)]
        for node in self.nodes:
            node.settle()
        for key in [key for key in self.handles if key not in live]:
            self.handles.pop(key, None)

    def forget_all(self) -> None:
        """Starts a new life: nothing was called yet."""
        self.entries.clear()
        self.states.clear()
        self._scopes.clear()
        self.doubts = ""
        self.applied = 0
        self._bytes = 0
        self._last_entry = None
        self._limit = 1 << 62 if self.hopeless else FIRST_CALLS
        for node in self.nodes:
            node.renew()

    def give_up(self, why: str) -> None:
        """Ends the journal: from now on a lost worker takes these environments with it."""
        self.hopeless = why
        self._is_special = True
        self.entries.clear()
        self.states.clear()
        self._scopes.clear()
        self._bytes = 0
        self._limit = 1 << 62

    # Recovery

    def absorb(self, other: World) -> None:
        """Takes over everything of another world at the same worker."""
        if other is self:
            return
        self.nodes += other.nodes
        self.states.update(other.states)
        self.entries += other.entries
        self.handles.update(other.handles)
        self.closed |= other.closed
        self.hopeless = self.hopeless or other.hopeless
        self.doubts = self.doubts or other.doubts
        self.can_snapshot = self.can_snapshot and other.can_snapshot
        self.keeps_replies = self.keeps_replies or other.keeps_replies
        self._is_special = self._is_special or other._is_special
        self._scopes += other._scopes
        self._bytes += other._bytes
        self._last_entry = None
        other.into = self
        other._is_special = True
        for ref in list(other.handles.values()):
            handle = ref()
            if handle is not None:
                handle.world = self
        for node in other.nodes:
            node.join(self)

    def recover(self, error: ServerLostError, onto: Worker | None = None) -> None:
        """Makes sure that the environments live at a worker that is not lost.

        Args:
            error: how the loss was noticed.
            onto: where they are to go on; None: anywhere.

        Raises:
            ServerLostError: when they cannot be made again; it says why.
        """
        from gem._bridge.rebuild import rebuild

        if self.into is not None:
            self.into.recover(error, onto)
            return
        with self.lock:
            for attempt in itertools.count(1):
                if not self.worker.is_lost:
                    return
                try:
                    rebuild(self, error, onto)
                except ServerLostError as again:
                    if attempt == MOST_REBUILDS or again.details.get("because"):
                        raise
