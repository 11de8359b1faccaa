"""Results of members that have landed, in order of completion."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Batch(NamedTuple):
    """What `recv` gives: one entry for each member that has landed."""

    ids: NDArray[np.int64]
    observations: list[Any]
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    infos: list[dict[str, Any]]

    @staticmethod
    def from_wire(value: Any, positions: list[int]) -> Batch:
        """Reads the value of `vector_recv`; `positions` are those of the block's slots."""
        import numpy as np

        slots, observations, rewards, terminated, truncated, infos = value[:6]
        return Batch(
            np.array([positions[slot] for slot in slots], np.int64),
            observations,
            np.array(np.frombuffer(rewards, "<f8"), np.float64),
            np.array(np.frombuffer(terminated, np.bool_)),
            np.array(np.frombuffer(truncated, np.bool_)),
            infos,
        )

    def part(self, start: int, stop: int | None) -> Batch:
        """The entries of a range."""
        entries = slice(start, stop)
        return Batch(
            self.ids[entries],
            self.observations[entries],
            self.rewards[entries],
            self.terminated[entries],
            self.truncated[entries],
            self.infos[entries],
        )


class Batches:
    """A queue of results."""

    def __init__(self) -> None:
        """Starts empty."""
        self._batches: deque[Batch] = deque()
        self._faulty: set[int] = set()
        self.count = 0

    def mark(self, members: Iterable[int]) -> None:
        """Notes that the results of these members, which are here, stand for a fault."""
        self._faulty.update(members)

    def take_marks(self, batch: Batch) -> NDArray[np.bool_]:
        """Which entries of a batch that was taken stand for a fault; they are told once."""
        import numpy as np

        ids = batch.ids.tolist()
        mask = np.array([position in self._faulty for position in ids], np.bool_)
        self._faulty.difference_update(ids)
        return mask

    def put(self, batch: Batch) -> None:
        """Adds results behind all others."""
        self._batches.append(batch)
        self.count += len(batch.ids)

    def put_first(self, batch: Batch) -> None:
        """Adds results before all others."""
        self._batches.appendleft(batch)
        self.count += len(batch.ids)

    def ids(self) -> set[int]:
        """The members whose results are here."""
        return {position for batch in self._batches for position in batch.ids.tolist()}

    def take(self, most: int | None) -> Batch:
        """Takes everything, or the first `most`."""
        batch = self._take_all()
        if most is not None and len(batch.ids) > most:
            self.put(batch.part(most, None))
            batch = batch.part(0, most)
        return batch

    def _take_all(self) -> Batch:
        import numpy as np

        batches, self._batches, self.count = list(self._batches), deque(), 0
        if len(batches) == 1:
            return batches[0]
        return Batch(
            np.array([i for batch in batches for i in batch.ids], np.int64),
            [observation for batch in batches for observation in batch.observations],
            np.array([reward for batch in batches for reward in batch.rewards], np.float64),
            np.array([flag for batch in batches for flag in batch.terminated], np.bool_),
            np.array([flag for batch in batches for flag in batch.truncated], np.bool_),
            [info for batch in batches for info in batch.infos],
        )
