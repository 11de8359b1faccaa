"""What ends a private server that cannot notice by itself that its trainer has ended."""

from __future__ import annotations

import contextlib
import subprocess

KEEPER = """
born() { read -r line < "/proc/$1/stat" && set -- ${line##*) } && echo "${20}"; }
was=$(born "$1") || exit
read -r _
for _ in 1 2 3 4 5; do
  [ "$(born "$1")" = "$was" ] || exit
  sleep 1
done
[ "$(born "$1")" = "$was" ] && kill -KILL "$1"
"""
"""It waits for its standard input to end, gives the server five seconds to end in order, and kills
it then. `born` is when a process began: its number may be somebody else's by then.
"""


class Keeper:
    """A process beside a server. A server that is stopped (SIGSTOP) does not see its input end."""

    def __init__(self, server: int, pipe: int) -> None:
        """Starts it; where that fails, a server still ends with this process unless it is stopped.

        Args:
            server: the server's process.
            pipe: a descriptor that ends when this process does. It remains the caller's.
        """
        self._process: subprocess.Popen[bytes] | None = None
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "gem-keeper", str(server)],
                stdin=pipe,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ends it: the server has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Gives it up without touching it: in a forked child it is not ours."""
        if self._process is not None:
            self._process.returncode = 0
