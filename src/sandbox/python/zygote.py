"""Starts what runs Python programs: the supervisor, and the process that programs are forked from.

The supervisor (`supervisor.py`) is this process; it talks to the sandbox. The other (`spares.py`)
is forked from it before anything has been read, and talks to the supervisor only.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys

import frames
import kernel
import program
import seccomp
import spares
import supervisor
from settings import Settings, read_settings

USUAL = """
bisect collections copy datetime functools heapq io itertools json linecache math operator os random
re string sys time traceback types typing
"""


def preload(names: tuple[str, ...]) -> list[str]:
    """Imports what is installed; gives the names that are."""
    loaded = []
    for name in names:
        # Programs that import a broken package see the error themselves.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
            loaded.append(name)
    return loaded


def prepare_filters(settings: Settings) -> tuple[list[kernel.Filter], str]:
    """The filters of system calls, and why there are none."""
    if settings.level == "none":
        return [], "not asked for"
    try:
        programs = seccomp.compile_filters(shared_processes=settings.level == "rlimit")
        return [kernel.Filter(program) for program in programs], ""
    except seccomp.FilterUnavailableError as error:
        return [], str(error)


def adapt(settings: Settings) -> Settings:
    """Fits the settings to a level at which programs share the machine with others."""
    if settings.level != "rlimit":
        return settings
    user = settings.user if settings.user >= 0 and can_read_library(settings.user) else -1
    # The limit counts all processes of a user.
    others = processes_of(os.getuid() if user < 0 else user)
    return settings._replace(user=user, processes=settings.processes + others)


def can_read_library(user: int) -> bool:
    """Whether a user can read Python's standard library, which may lie in somebody's home."""
    pid = os.fork()
    if pid == 0:
        try:
            kernel.become(user, user)
            os.listdir(os.path.dirname(os.__file__))
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def processes_of(user: int) -> int:
    """How many processes and threads a user has."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count


def forbid_user_namespaces() -> bool:
    """Forbids user namespaces below this one; a second lock beside the filter."""
    try:
        with open("/proc/sys/user/max_user_namespaces", "w") as file:
            file.write("0")
    except OSError:
        return False
    return True


def main() -> None:
    """Starts the zygote."""
    settings = adapt(read_settings(sys.argv[1]))
    kernel.die_with_parent()
    os.set_inheritable(frames.CHANNEL, False)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Programs see neither these modules nor their folder.
    sys.path.pop(0)
    filters, no_filters = prepare_filters(settings)
    sealed = settings.level == "bwrap" and forbid_user_namespaces()
    loaded = preload((*USUAL.split(), *settings.preload))
    about = {
        "python": sys.executable,
        "version": sys.version.split()[0],
        "no_filter": no_filters,
        "no_user_namespaces": sealed,
        "own_user": settings.user >= 0,
        "preloaded": [name for name in loaded if name in settings.preload],
    }
    frames.send_text(frames.READY, json.dumps(about))
    gc.collect()
    gc.freeze()
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        # Out of reach, but its number stays taken: programs count on getting higher ones.
        os.dup2(os.open(os.devnull, os.O_RDWR), frames.CHANNEL, inheritable=False)
        spares.serve(settings, filters, theirs)
        os._exit(0)
    theirs.close()
    supervisor.serve(settings, ours)


def start() -> program.Turn | None:
    """Runs the zygote to its end, or, in a process that becomes a program, to its turn."""
    try:
        main()
    except program.Turn as turn:
        return turn
    except Exception as error:
        frames.send_text(frames.FAULT, f"{type(error).__name__}: {error}")
        raise
    return None


if __name__ == "__main__":
    _turn = start()
    if _turn is not None:
        # Not in a function, so that as few calls as possible lie below the program.
        try:
            _program = program.Program(_turn)
        except BaseException as error:
            program.finish(error, None)
        try:
            exec(_program.code, _program.scope)
        except BaseException as error:
            program.finish(error, error.__traceback__ and error.__traceback__.tb_next)
        program.finish(None, None)
