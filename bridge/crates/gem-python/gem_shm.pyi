"""Request and reply messages through shared memory: the client's end."""

from typing import Any, final

__all__ = ["LAYOUT_VERSION", "Client", "ShmError", "continued"]

LAYOUT_VERSION: int
"""Version of the segment's layout that this module speaks; a server speaks exactly one."""

class ShmError(Exception):
    """A shared-memory connection failed; `code` is one of the project's GEM_* names."""

    code: str

@final
class Client:
    """The client's end of a shared-memory connection; one call at a time, from any thread."""

    def __new__(
        cls,
        path: str,
        token: bytes,
        *,
        request_bytes: int | None = None,
        response_bytes: int | None = None,
        max_message: int | None = None,
        timeout: float | None = None,
    ) -> Client:
        """Connects to the server that listens at `path` and announced `token`.

        Args:
            path: the server's socket; `@name` is in Linux's abstract namespace.
            token: 16 bytes.
            request_bytes: capacity of the ring for what is sent, a power of two from 4 KiB to
                1 GiB (256 KiB).
            response_bytes: capacity of the ring for what is received (1 MiB).
            max_message: longest message in bytes, 1 to 2**30 (64 MiB); the server may allow less.
            timeout: longest time for the whole greeting, in seconds (5).
        """

    def send(self, data: bytes, timeout: float | None = None) -> None:
        """Sends a message; waits at most `timeout` seconds for room (None: as long as it takes)."""

    def receive(self, timeout: float | None = None) -> bytes | None:
        """Takes the next message; None when none arrived within `timeout` seconds."""

    def wait(self, timeout: float | None = None) -> bool:
        """Waits for a message without taking it; False when none arrived within the seconds."""

    def exchange(
        self, data: bytes, timeout: float | None = None, send_timeout: float | None = None
    ) -> bytes | None:
        """Sends a message and takes the next one; None when it did not arrive within `timeout`.

        Args:
            data: the message.
            timeout: longest wait for the next one, in seconds (None: for ever).
            send_timeout: longest wait for room, in seconds; after it a message may have been sent
                in part, which ends the connection.
        """

    def arm(self) -> bool:
        """Announces a sleep until `fileno()` is readable; False when there is something already."""

    def disarm(self) -> None:
        """Takes the announcement back, after waking."""

    def fileno(self) -> int:
        """The descriptor that becomes readable when an armed client must look again."""

    def close(self) -> None:
        """Hangs up; twice is fine. What was sent is still served."""

def continued(
    earlier: list[Any], keeps: bytes, tails: list[Any], infos: list[Any] | None = None
) -> list[Any]:
    """The texts that `tails` stand for.

    Args:
        earlier: texts, one for each tail.
        keeps: little-endian 32-bit integers, one for each tail: how many UTF-16 units of the
            earlier text stand before the tail; negative: the tail is the whole, of any type. Behind
            them a position and such a number for each final observation that is a tail too.
        tails: what follows them.
        infos: by position, dicts whose `final_observation` is completed where `keeps` says so.

    Raises:
        ValueError: when the lengths differ, or an earlier text is shorter than what is kept of it.
        IndexError: when there is no such position.
    """
