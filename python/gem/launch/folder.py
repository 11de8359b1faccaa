"""What launchers have in common: a folder of servers, and a process that uses them for a while."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from gem._bridge import server
from gem._bridge.registry import Registry


class Servers:
    """Servers that were launched, and used by this process until they are closed.

    A context manager; without `with`, call `close`.
    """

    def __init__(
        self, folder: Path, close: Callable[[], None], variables: Mapping[str, str]
    ) -> None:
        """Uses them from now on.

        Args:
            folder: the folder that lists them; it is removed in the end.
            close: ends them.
            variables: what the environment needs to say beside `GEM_SERVER`.
        """
        self.address = folder.as_uri()
        """What `GEM_SERVER` says; other processes on this machine can use it."""

        self._folder = folder
        self._close = close
        wanted = {"GEM_SERVER": self.address, **variables}
        self._environment = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        self._earlier = server.switch(None)
        self._is_closed = False
        self._pid = os.getpid()
        atexit.register(self.close)

    @property
    def endpoints(self) -> list[str]:
        """The addresses of all workers that there are now."""
        listed = Registry(self._folder).read()
        return [endpoint for one in listed for endpoint in one.endpoints]

    def close(self) -> None:
        """Ends them; what this process made there is gone. It uses the server that it had before.

        Doing it again does nothing; nor does a forked child, whose servers these are not.
        """
        if self._is_closed or os.getpid() != self._pid:
            return
        self._is_closed = True
        atexit.unregister(self.close)
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        launched = server.switch(self._earlier)
        if launched is not None:
            server.dismiss(launched)
        try:
            self._close()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Servers:
        """They are in use already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends them."""
        self.close()


def new_folder() -> Path:
    """A folder for servers that only this user can read."""
    return Path(tempfile.mkdtemp(prefix="gem-servers-"))
