"""One `gem serve`, which ends with the process that started it and is used by others, too."""

from __future__ import annotations

from collections.abc import Sequence

from gem._bridge.process import ServerProcess, start_server


class ServeProcess:
    """A running server."""

    def __init__(self, options: Sequence[str], workers: int | None) -> None:
        """Starts it and waits until it accepts connections.

        Args:
            options: further options of `gem serve`.
            workers: its worker threads; None: the server decides.

        Raises:
            ServerStartError: when it does not come up.
        """
        threads = [] if workers is None else ["--workers", str(workers)]
        self._server: ServerProcess = start_server(["--shared", *options, *threads])

    @property
    def pid(self) -> int:
        """Its process."""
        return self._server.process.pid

    @property
    def endpoints(self) -> list[str]:
        """The addresses of its workers."""
        return list(self._server.endpoints)

    def wait(self) -> int:
        """Waits until it has ended; gives its exit code."""
        return self._server.process.wait()

    def stop(self) -> None:
        """Ends it."""
        self._server.stop()
