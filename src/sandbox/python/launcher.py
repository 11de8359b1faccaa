"""Starts bubblewrap for root: in a user namespace in which programs have a user of their own.

Root's own files stay out of reach of programs only if they run as another user, and limits on
processes do not apply to root. The namespace has two users: 0 is root, for setting up; the other,
programs', is one that nobody else has.
"""

from __future__ import annotations

import os
import sys

USER = 1000
_CLONE_NEWUSER = 0x10000000
# Users from here on are given to nobody; the process id makes each sandbox's different.
_FIRST_USER = 0x60000000
_NOBODY = 65534


def main() -> None:
    """Enters the namespace and becomes the command; `"@USER@"` in it stands for programs' user."""
    user = _enter()
    command = [word.replace('"@USER@"', str(user)) for word in sys.argv[1:]]
    os.execvp(command[0], command)


def _enter() -> int:
    """Enters a new user namespace; gives programs' user in it, or -1 when only one could be had."""
    go_read, go_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    target = os.getpid()
    # Only a process outside may give a namespace more than one user.
    pid = os.fork()
    if pid == 0:
        os.close(go_write)
        if os.read(go_read, 1) == b"g":
            os.write(mapped_write, b"2" if _map(target) else b"1")
        os._exit(0)
    for descriptor in (go_read, mapped_write):
        os.close(descriptor)
    _unshare()
    os.write(go_write, b"g")
    users = os.read(mapped_read, 1)
    os.waitpid(pid, 0)
    for descriptor in (go_write, mapped_read):
        os.close(descriptor)
    return USER if users == b"2" else -1


def _map(pid: int) -> bool:
    """Gives a process's namespace root and another user; only root, and false, if it must be."""
    for outside in (_FIRST_USER + pid, _NOBODY):
        lines = f"0 0 1\n{USER} {outside} 1"
        if _write(pid, "uid_map", lines):
            return _write(pid, "gid_map", lines)
    _write(pid, "uid_map", "0 0 1")
    _write(pid, "gid_map", "0 0 1")
    return False


def _write(pid: int, name: str, text: str) -> bool:
    try:
        # One write: the kernel takes a map whole or not at all.
        with open(f"/proc/{pid}/{name}", "wb", buffering=0) as file:
            file.write(text.encode())
    except OSError:
        return False
    return True


def _unshare() -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        sys.exit(f"no user namespaces: {os.strerror(number)}")


if __name__ == "__main__":
    main()
