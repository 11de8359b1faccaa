"""Where the episodes of an environment are recorded."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from gem._bridge.errors import InvalidArgumentError, UnsupportedError


class RecordWish(NamedTuple):
    """A file, absolute, and whether observations are written whole; None: what the server says."""

    path: str | None = None
    observations: bool = False

    def to_wire(self) -> dict[str, Any]:
        """What it adds to the policy of `make`."""
        if self.path is None:
            return {}
        return {"record": self.path, "record_observations": self.observations}


NOWHERE = RecordWish()
"""The wish where nobody names a file: the server records where `GEM_RECORD` says, if it does."""


def record_wish(record: object, record_observations: object) -> RecordWish:
    """Checks where to record.

    Raises:
        InvalidArgumentError: when `record` is no path.
    """
    if record is None:
        if record_observations:
            message = "record_observations=True needs record=<file>, the file to write them to."
            raise InvalidArgumentError(message)
        return NOWHERE
    if not isinstance(record, (str, os.PathLike)) or os.fspath(record) == "":
        message = f"record must be the path of a file, or None, got {record!r}."
        raise InvalidArgumentError(message)
    path = os.path.abspath(os.fsdecode(record))
    return RecordWish(path, bool(record_observations))


def refuse_recording(env_id: str, wish: RecordWish) -> None:
    """Refuses to record an environment that its caller holds itself, with no server in between.

    Raises:
        UnsupportedError: when a file is named.
    """
    if wish.path is None:
        return
    message = (
        f"{env_id!r} is a Python object of this process, so its calls do not pass the server and "
        "cannot be recorded. Put it into a vector (gem.make_vec), or register it with host=True."
    )
    raise UnsupportedError(message)
