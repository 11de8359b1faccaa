"""The observations that this process has of a block, so that its server sends only what is new."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    from gem._bridge.gem_shm import continued as _native
except ImportError:
    _native = None  # type: ignore[assignment]

_continued: Callable[[list[Any], bytes, list[Any], list[Any]], list[Any]] | None = _native
_numbers = itertools.count(1)


class Asked(NamedTuple):
    """What a call says of the observations that are here, and these as they were then."""

    has: int
    next: int
    texts: list[Any]

    def to_wire(self) -> list[int]:
        """Their number and that of the next; see docs/protocol.md."""
        return [self.has, self.next]


class Shown:
    """The newest observations of a block's environments, under a number that its server knows.

    Calls of several threads may overtake each other; then the numbers differ, and the server sends
    everything.
    """

    __slots__ = ("_newest",)

    def __init__(self, count: int) -> None:
        """Starts with none of `count` environments."""
        self._newest: tuple[int, list[Any]] = (0, [None] * count)

    def ask(self) -> Asked | None:
        """What a call is to say; None without the native module, which joins texts."""
        if _continued is None:
            return None
        has, texts = self._newest
        return Asked(has, next(_numbers), texts)

    def take(
        self,
        asked: Asked,
        sent: list[Any],
        keeps: bytes | None,
        slots: Sequence[int] | None,
        infos: list[dict[str, Any]],
    ) -> list[Any]:
        """The observations of a reply.

        Args:
            asked: what the call said.
            sent: what is new of each, or the whole.
            keeps: how much of the earlier one stands before it; None: all are whole.
            slots: whose they are; None: everybody's.
            infos: get the last observations of episodes that ended, of which they hold parts.
        """
        texts = asked.texts
        observations = sent
        if keeps is not None and _continued is not None:
            earlier = texts if slots is None else [texts[slot] for slot in slots]
            observations = _continued(earlier, keeps, sent, infos)
        # A list of its own: the reply's belongs to the caller, who may change it.
        newest = list(observations if slots is None else texts)
        if slots is not None:
            for slot, observation in zip(slots, observations, strict=True):
                newest[slot] = observation
        self._newest = (asked.next, newest)
        return observations
