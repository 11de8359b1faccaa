"""Several servers on this machine."""

from __future__ import annotations

import shutil

from gem._bridge import settings
from gem._bridge.errors import InvalidArgumentError
from gem.launch.folder import Servers, new_folder
from gem.launch.serve_process import ServeProcess


def local(num_servers: int = 2, workers: int | None = None) -> Servers:
    """Starts servers on this machine and uses them.

        with gem.launch.local(num_servers=2, workers=4):
            vec = gem.make_vec(...)

    Each is a process of its own: what one needs of memory, or brings down, is no matter to the
    others. All end with this process.

    Args:
        num_servers: how many, at least 1.
        workers: worker threads of each; None: as many as a private server has.

    Returns:
        The servers, to be closed or used in a `with` statement.

    Raises:
        InvalidArgumentError: for numbers below 1.
        ServerStartError: when one does not come up.
    """
    check_count("num_servers", num_servers)
    if workers is not None:
        check_count("workers", workers)
    folder = new_folder()
    options = ["--join", folder.as_uri(), "--allow-programs"]
    if settings.transport() not in ("auto", "shm"):
        options += ["--transport", settings.transport()]
    processes: list[ServeProcess] = []

    def close() -> None:
        for process in processes:
            process.stop()

    try:
        for _ in range(num_servers):
            processes.append(ServeProcess(options, workers or settings.workers()))
    except BaseException:
        close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Servers(folder, close, {})


def check_count(name: str, value: object) -> None:
    """Checks a number of things.

    Raises:
        InvalidArgumentError: when it is no integer from 1 on.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidArgumentError(f"{name} must be an integer of at least 1, got {value!r}.")
