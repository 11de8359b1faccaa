"""The filter of system calls: what is not listed is refused. libseccomp compiles it."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000
_ATTRIBUTE_BAD_ARCH = 2
_ATTRIBUTE_OPTIMIZE = 8
_MASKED_EQUAL = 7
_EQUAL = 4

_AF_UNIX = 1
# AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK: so that a program reads "Permission denied".
_FORBIDDEN_FAMILIES = (2, 10, 16, 17, 40)
_TIOCSTI = 0x5412
_TIOCLINUX = 0x541C
_LOW_32 = 0xFFFFFFFF
_PRIO_USER = 2
# CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
_NEW_NAMESPACES = 0x7E020080
_PERSONALITIES = (0x0, 0xFFFFFFFF)

# Everything that programs, their threads and their child processes need. Not here, and so answered
# by ENOSYS: other processes' memory (ptrace, process_vm_*, pidfd_getfd), namespaces and mounts,
# keys, bpf, perf_event_open, userfaultfd, io_uring, modules, kexec, memfd_create and System V
# memory (which no limit counts), clone3 (its flags are in memory, where a filter cannot read them;
# the C library falls back to clone).
_ALLOWED = """
accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown clock_getres
clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3
epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64
fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr
flock fork fsetxattr fstat fstatfs fsync ftruncate futex futex_waitv futex_wait futex_wake
futex_requeue futimesat get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid
geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom
getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid
getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioctl kill lchown lgetxattr
link linkat listen listxattr llistxattr lseek lstat madvise membarrier mincore mkdir mkdirat mknod
mknodat mmap mprotect mremap msync munlock munlockall munmap nanosleep newfstatat open openat
openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll
prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2 read readahead readlink
readlinkat readv recvfrom recvmmsg recvmsg rename renameat renameat2 restart_syscall
riscv_flush_icache riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask
rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max
sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
sched_rr_get_interval sched_setaffinity sched_yield select sendfile sendmmsg sendmsg sendto
set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid
setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid shutdown
sigaltstack signalfd signalfd4 stat statfs statx symlink symlinkat sync_file_range sysinfo tgkill
time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create
timerfd_gettime timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat
utimes vfork wait4 waitid write writev
"""


class _Comparison(ctypes.Structure):
    _fields_ = [
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    ]


class FilterUnavailableError(Exception):
    """There is no libseccomp, or it refuses a rule."""


def compile_filters(*, shared_processes: bool) -> list[bytes]:
    """Compiles the filters for this machine, as classic BPF; a call passes if all let it pass.

    Args:
        shared_processes: Programs see others' processes, and must not signal all of them at once.

    Raises:
        FilterUnavailableError: There is no usable libseccomp.
    """
    try:
        library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError as error:
        raise FilterUnavailableError(str(error)) from None
    library.seccomp_init.restype = ctypes.c_void_p
    return [
        _compile(library, _ERRNO | errno.ENOSYS, _allow),
        # A filter lists a call either with conditions or without, so exceptions need another one.
        _compile(library, _ALLOW, _forbid),
        *([_compile(library, _ALLOW, _forbid_signals_to_all)] if shared_processes else []),
    ]


def _compile(
    library: ctypes.CDLL, default: int, add_rules: Callable[[Callable[..., None]], None]
) -> bytes:
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(default)))
    if context.value is None:
        raise FilterUnavailableError("seccomp_init failed")

    def add(action: int, name: str, *comparisons: tuple[int, int, int, int]) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        # Older libraries do not know every name, and not every machine has every call.
        if number < 0:
            return
        array = (_Comparison * len(comparisons))(
            *(_Comparison(*comparison) for comparison in comparisons)
        )
        count = len(comparisons)
        _must(
            library.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, count, array)
        )

    try:
        # Calls of another architecture (i386's by int 0x80, x32's) have other numbers.
        kill = ctypes.c_uint32(_KILL_PROCESS)
        _must(library.seccomp_attr_set(context, _ATTRIBUTE_BAD_ARCH, kill))
        # A search tree instead of a list; libraries before 2.5 do not have it.
        library.seccomp_attr_set(context, _ATTRIBUTE_OPTIMIZE, ctypes.c_uint32(2))
        add_rules(add)
        return _export(library, context)
    finally:
        library.seccomp_release(context)


def _allow(add: Callable[..., None]) -> None:
    for name in _ALLOWED.split():
        add(_ALLOW, name)
    flags = 1 if os.uname().machine.startswith("s390") else 0
    add(_ALLOW, "clone", (flags, _MASKED_EQUAL, _NEW_NAMESPACES, 0))
    for name in ("socket", "socketpair"):
        add(_ALLOW, name, (0, _MASKED_EQUAL, _LOW_32, _AF_UNIX))
        for family in _FORBIDDEN_FAMILIES:
            add(_ERRNO | errno.EACCES, name, (0, _MASKED_EQUAL, _LOW_32, family))
    for value in _PERSONALITIES:
        add(_ALLOW, "personality", (0, _EQUAL, value, 0))


def _forbid(add: Callable[..., None]) -> None:
    for request in (_TIOCSTI, _TIOCLINUX):
        add(_ERRNO | errno.EPERM, "ioctl", (1, _MASKED_EQUAL, _LOW_32, request))
    # Process 1 is what the next program is forked from, and may be the same user's.
    for name in (
        "prlimit64",
        "sched_setaffinity",
        "sched_setparam",
        "sched_setscheduler",
    ):
        add(_ERRNO | errno.EPERM, name, (0, _MASKED_EQUAL, _LOW_32, 1))
    add(_ERRNO | errno.EPERM, "setpriority", (1, _MASKED_EQUAL, _LOW_32, 1))
    add(_ERRNO | errno.EPERM, "setpriority", (0, _MASKED_EQUAL, _LOW_32, _PRIO_USER))


def _forbid_signals_to_all(add: Callable[..., None]) -> None:
    add(_ERRNO | errno.EPERM, "kill", (0, _MASKED_EQUAL, _LOW_32, _LOW_32))


def _export(library: ctypes.CDLL, context: ctypes.c_void_p) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "rb") as file:
        _must(library.seccomp_export_bpf(context, file.fileno()))
        file.seek(0)
        return file.read()


def _must(result: int) -> None:
    if result < 0:
        raise FilterUnavailableError(os.strerror(-result))
