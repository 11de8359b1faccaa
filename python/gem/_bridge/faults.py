"""What replies of vectors say of faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gem._bridge.block import Block
from gem._bridge.errors import GemError
from gem._bridge.members import Members
from gem._bridge.objects import OBJECTS, HeldObject

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Faults:
    """Which entries of a vector's last result stand for a fault."""

    def __init__(self, count: int) -> None:
        """Starts with none among `count` entries."""
        self._count = count
        self._mask: NDArray[np.bool_] | None = None

    def expect(self, count: int) -> None:
        """A result of `count` entries is to come, without faults as far as is known."""
        self._count = count
        self._mask = None

    def put(self, mask: NDArray[np.bool_]) -> None:
        """A result has come whose entries these are."""
        self._count = len(mask)
        self._mask = mask

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True for each entry that stands for a fault."""
        import numpy as np

        if self._mask is None:
            self._mask = np.zeros(self._count, dtype=np.bool_)
        return self._mask

    def note(
        self,
        members: Members,
        block: Block,
        places: Sequence[int],
        faults: Any,
        held: Sequence[HeldObject],
    ) -> None:
        """Reads the last element of a reply that has one.

        Args:
            members: the vector's.
            block: the part of it that replied.
            places: where the reply's entries are in the result; -1 for one that is not in it.
            faults: which of them stand for a fault, and objects that took the places of others.
            held: the objects that the call made reachable.
        """
        import numpy as np

        marks, replaced = faults
        for place, is_fault in zip(places, np.frombuffer(marks, np.bool_), strict=True):
            if is_fault and place >= 0:
                self.mask[place] = True
        for slot, value in replaced:
            keep = next((item for item in held if item.value is value), None)
            block.stand_ins[slot] = OBJECTS.hold(value) if keep is None else keep
            if block.members[slot] >= 0:
                members.stand_in(block.members[slot], value)


def failure_of(error: BaseException) -> GemError | None:
    """What the server said, also where a Python object's own exception is raised."""
    failure = error if isinstance(error, GemError) else getattr(error, "gem_error", None)
    return failure if isinstance(failure, GemError) else None
