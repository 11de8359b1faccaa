"""The `gem` command: the command line of the Node package, for who installed this one."""

from __future__ import annotations

import os
import sys

from gem._bridge.errors import ServerStartError
from gem._bridge.process import find_entry, find_node

_NOT_STARTED = 2


def main() -> int:
    """Becomes Node's process; returns an exit code only when there is no Node or no server."""
    try:
        command = [find_node(), str(find_entry()), *sys.argv[1:]]
    except ServerStartError as error:
        sys.stderr.write(f"gem: {error}\n")
        return _NOT_STARTED
    sys.stdout.flush()
    os.execv(command[0], command)
