"""A session through shared memory, where the client and the worker are on one machine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from gem._bridge import settings
from gem._bridge.connection import MAX_FRAME_BYTES, SOON_MS, Connection, Pollable
from gem._bridge.errors import (
    GemDeadlineError,
    GemError,
    LimitError,
    error_from_wire,
)

try:
    from gem._bridge import gem_shm
except ImportError as error:
    WHY_MISSING = f"this installation has no module for it ({error})"
    ShmError: type[Exception] = ImportError
    LAYOUT_VERSION = 0
else:
    WHY_MISSING = ""
    ShmError = gem_shm.ShmError
    LAYOUT_VERSION = gem_shm.LAYOUT_VERSION

SOON_SECONDS = SOON_MS / 1000
CUT = ("GEM_SERVER_LOST", "GEM_UNAVAILABLE")
OPEN_SECONDS = 5.0
"""How long the worker may take to accept shared memory."""


class CannotShareError(Exception):
    """Shared memory cannot be used with this worker; the message says why."""


class ShmConnection(Connection):
    """Frames in two rings; the server's end shows at the socket that handed the memory over."""

    def __init__(
        self,
        shm: gem_shm.Client,
        earlier: Connection,
        dial: Callable[[], gem_shm.Client],
        is_still: Callable[[], bool],
    ) -> None:
        """Goes on with the session of an earlier connection.

        Args:
            shm: the memory.
            earlier: the connection.
            dial: connects once more.
            is_still: says whether the worker at its address is still the same one.
        """
        super().__init__(shm, earlier.peer)
        self._dial = dial
        self._is_still = is_still
        self.continue_session(earlier)

    def _open(self, context: Any) -> None:
        self._shm: gem_shm.Client = context
        self._patience = settings.deadline_seconds()

    def pollables(self) -> list[Pollable]:
        """What to wait for after `arm`."""
        return [self._shm.fileno()]

    def arm(self) -> bool:
        """Prepares to be waited for through `pollables`; False: there is something to receive.

        Raises:
            ServerLostError: when the server is gone.
        """
        try:
            return self._shm.arm()
        except ShmError as error:
            self._recover_from(error)
            return False

    def disarm(self) -> None:
        """Ends what `arm` began."""
        with contextlib.suppress(ShmError):
            self._shm.disarm()

    def wait(self, seconds: float) -> bool:
        """Waits for a frame at most so long; False: there was none.

        Raises:
            ServerLostError: when the server is gone.
        """
        try:
            return self._shm.wait(seconds)
        except ShmError as error:
            self._recover_from(error)
            return True

    def receive_soon(self) -> bytes | None:
        """Takes a frame that arrives within `SOON_MS`, or None.

        Raises:
            ServerLostError: when the server is gone.
        """
        return self._receive(SOON_SECONDS)

    def receive(self) -> bytes | None:
        """Takes a frame that has arrived, or None.

        Raises:
            ServerLostError: when the server is gone.
        """
        return self._receive(0.0)

    def check_reachable(self) -> None:
        """Nothing to check: a server that is gone shows at once."""

    def close(self) -> None:
        """Gives the connection up; a call that still runs is abandoned."""
        with contextlib.suppress(ShmError):
            self._shm.send(self._bye(), 0.0)
        self._hang_up()

    def _hang_up(self) -> None:
        self._shm.close()

    def _exchange(self, frame: bytes) -> bytes | None:
        self.last_frame = frame
        try:
            return self._shm.exchange(frame, SOON_SECONDS, self._patience)
        except ShmError as error:
            try:
                self._recover_from(error)
            except LimitError:  # Nothing was sent.
                self.n -= 1
                raise
            return None

    def _transmit(self, frame: bytes) -> None:
        self.last_frame = frame
        try:
            self._shm.send(frame, self._patience)
        except ShmError as error:
            self._recover_from(error)

    def _receive(self, seconds: float) -> bytes | None:
        try:
            frame = self._shm.receive(seconds)
        except ShmError as error:
            self._recover_from(error)
            return None
        if frame is not None:
            self._resumes = 0
        return frame

    def _recover_from(self, error: Exception) -> None:
        """Goes on over a new connection where this one was cut; raises anything else."""
        if getattr(error, "code", None) not in CUT:
            raise self._failed(error) from error
        self._resume()

    def _reopen(self) -> None:
        self._shm.close()
        try:
            self._shm = self._dial()
        except ShmError as error:
            # Where the worker died, what it offered is gone; its address shows what became of it.
            self.is_lost = True
            self.is_replaced = not self.peer.has_ended() and not self._is_still()
            what = "was restarted" if self.is_replaced else "has ended"
            raise self.peer.lost(what) from error
        self._transmit(self.last_frame)

    def _failed(self, error: Exception) -> GemError:
        code = getattr(error, "code", "GEM_INTERNAL")
        if code == "GEM_DEADLINE":
            message = f"The server at {self.peer.endpoint} takes no more bytes (GEM_DEADLINE)."
            return GemDeadlineError(message)
        return error_from_wire(code, str(error), {}, self.peer.log)


def share_memory(earlier: Connection, offer: object, is_still: Callable[[], bool]) -> ShmConnection:
    """Goes on with a connection's session through shared memory; the connection is closed.

    Args:
        earlier: one that has no call in flight; it is left as it is when this fails.
        offer: what the worker's answer to `hello` says about shared memory; None: nothing.
        is_still: says whether the worker at its address is still the same one.

    Raises:
        CannotShareError: when that cannot be.
    """
    if WHY_MISSING:
        raise CannotShareError(WHY_MISSING)
    path, token = _read_offer(offer)

    def dial() -> gem_shm.Client:
        return gem_shm.Client(path, token, max_message=MAX_FRAME_BYTES, timeout=OPEN_SECONDS)

    try:
        shm = dial()
    except ShmError as error:
        raise CannotShareError(str(error).removesuffix(".")) from error
    return ShmConnection(shm, earlier, dial, is_still)


def _read_offer(offer: object) -> tuple[str, bytes]:
    match offer:
        case {"path": str(path), "token": bytes(token), "layout": int(layout)}:
            pass
        case _:
            message = "the server offers none (its log says why, if it knows)"
            raise CannotShareError(message)
    if layout != LAYOUT_VERSION:
        message = (
            f"the server's layout has version {layout}, this package's {LAYOUT_VERSION}; "
            "install both from the same release"
        )
        raise CannotShareError(message)
    return path, token
