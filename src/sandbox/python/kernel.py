"""What the standard library does not offer of the kernel: clone, mount, capabilities, prctl."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import ctypes
import os
import platform
import resource

CLONE_NEWPID = 0x20000000

MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
_MS_BIND = 4096
_MNT_DETACH = 2

_SYS_CLONE = {"x86_64": 56, "aarch64": 220, "riscv64": 220}
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
# NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE, each locked.
_SECUREBITS = 0x03 | 0x0C | 0xC0

# PyDLL keeps the interpreter's lock, so that a clone happens with it held, as in os.fork.
_libc = ctypes.PyDLL(None, use_errno=True)


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


_prctl = _libc.prctl
_fork = _libc.fork


def _prctl_arguments(option: int, value: int = 0, argument: object = 0) -> tuple[object, ...]:
    return option, ctypes.c_ulong(value), argument, ctypes.c_ulong(0), ctypes.c_ulong(0)


# Functions that give 0 and their arguments, for processes of programs: making such objects touches
# many pages, and each that a forked process touches is copied.
DIE_WITH_PARENT = (_prctl, _prctl_arguments(_PR_SET_PDEATHSIG, _signal.SIGKILL))
ALLOW_DUMPS = (_prctl, _prctl_arguments(_PR_SET_DUMPABLE, 1))
"""Allows processes of the same user to look into this one."""
DROP_CAPABILITIES = (
    _libc.capset,
    (ctypes.byref(_CapHeader(_CAPABILITY_VERSION_3, 0)), ctypes.byref((_CapData * 2)())),
)
"""Gives up all capabilities."""


def clone(flags: int) -> int:
    """Forks, into new namespaces where flags ask for them: 0 in the child, its id in the caller."""
    number = _SYS_CLONE.get(platform.machine())
    if number is None:
        raise OSError(f"clone is not known on {platform.machine()}")
    numbers = (number, flags | _signal.SIGCHLD, 0, 0, 0, 0)
    return _check(_libc.syscall(*map(ctypes.c_long, numbers)), "clone")


def fork() -> int:
    """Forks: 0 in the child, its id in the caller.

    Python's hooks for forks do not run, which write to many pages; where there is one thread, as
    here, a child needs only what `program.py` does for it.
    """
    pid: int = _fork()
    return pid if pid >= 0 else _check(pid, "fork")


def mount(kind: str, target: str, flags: int, options: str) -> None:
    """Mounts a file system that needs no device."""
    name = kind.encode()
    result = _libc.mount(
        name, target.encode(), name, ctypes.c_ulong(flags), options.encode() or None
    )
    _check(result, f"mount {kind} on {target}")


def bind(source: str, target: str) -> None:
    """Shows a folder at another place, too."""
    result = _libc.mount(source.encode(), target.encode(), None, ctypes.c_ulong(_MS_BIND), None)
    _check(result, f"bind {target}")


def unmount(target: str) -> None:
    """Takes a mount away, with all that is mounted below it."""
    _check(_libc.umount2(target.encode(), _MNT_DETACH), f"unmount {target}")


def die_with_parent() -> None:
    """Makes the kernel kill this process when its parent ends."""
    call, arguments = DIE_WITH_PARENT
    _check(call(*arguments), "prctl")


def adopt_orphans() -> None:
    """Makes this process the parent of descendants whose parent ended."""
    _check(_prctl(*_prctl_arguments(_PR_SET_CHILD_SUBREAPER, 1)), "prctl")


def forbid_dumps() -> None:
    """Forbids processes of the same user to look into this one."""
    _check(_prctl(*_prctl_arguments(_PR_SET_DUMPABLE, 0)), "prctl")


def forbid_new_privileges() -> None:
    """Makes set-user-id bits and file capabilities mean nothing, for good."""
    _check(_prctl(*_prctl_arguments(_PR_SET_NO_NEW_PRIVS, 1)), "prctl")


def forbid_capabilities() -> None:
    """Makes it impossible to get capabilities back once they were dropped."""
    for capability in range(_LAST_CAPABILITY + 1):
        if _prctl(*_prctl_arguments(_PR_CAPBSET_DROP, capability)) != 0:
            break
    _check(_prctl(*_prctl_arguments(_PR_SET_SECUREBITS, _SECUREBITS)), "prctl")


def leave_groups(group: int) -> None:
    """Changes to another group, without further groups."""
    os.setgroups([])
    os.setresgid(group, group, group)


def become(user: int) -> None:
    """Changes to another user."""
    os.setresuid(user, user, user)


class Filter:
    """A filter of system calls that is ready to be installed."""

    def __init__(self, program: bytes) -> None:
        """Takes it as instructions of classic BPF."""
        self._code = ctypes.create_string_buffer(program, len(program))
        pointer = ctypes.cast(self._code, ctypes.c_void_p)
        self._argument = ctypes.byref(_FilterProgram(len(program) // 8, pointer))

    def apply(self) -> None:
        """Installs it, for good."""
        arguments = _prctl_arguments(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, self._argument)
        _check(_prctl(*arguments), "seccomp")


def limit(kind: int, value: int) -> None:
    """Lowers a resource limit, soft and hard; a hard limit that is lower already stays."""
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))
