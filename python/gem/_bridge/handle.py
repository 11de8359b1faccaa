"""Handles: what the server knows environments and vectors by."""

from __future__ import annotations

from collections.abc import Sequence

from gem._bridge.objects import HeldObject
from gem._bridge.worker import Worker


class Handle:
    """What the server knows an environment or a vector by; released when nobody uses it."""

    __slots__ = ("__weakref__", "_count", "_released", "keeps", "number", "worker")

    def __init__(
        self, worker: Worker, number: int, keeps: Sequence[HeldObject | Handle] = (), count: int = 1
    ) -> None:
        """Takes over a handle.

        Args:
            worker: where it is valid.
            number: its number there.
            keeps: what must stay reachable for as long as it lives.
            count: how many placed environments it stands for.
        """
        self.worker = worker
        self.number = number
        self.keeps = tuple(keeps)
        worker.live.add(number)
        self._count = count
        self._released = worker.released

    def __del__(self) -> None:
        """Leaves the number for the worker's next call; runs in any thread, at any time."""
        self._released.append((self.number, self._count))
