"""Starts what runs Python programs: the supervisor, and the process that programs are forked from.

The supervisor (`supervisor.py`) is this process; it talks to the sandbox. The other (`room.py`) is
forked from it before anything has been read, and talks to the supervisor only.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _socket
import contextlib
import importlib
import json
import os
import sys

import frames
import kernel
import program
from places import Places
from room import Room
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


def prepare_filters(settings: Settings, folder: str) -> tuple[list[kernel.Filter], str]:
    """The filters of system calls, and why there are none."""
    if settings.level == "none":
        return [], "not asked for"
    answer, question = os.pipe()
    # In a process of its own, so that the library's memory is not every program's.
    pid = os.fork()
    if pid == 0:
        with open(question, "w") as file:
            json.dump(compile_filters(settings, folder), file)
        os._exit(0)
    os.close(question)
    with open(answer) as file:
        programs, reason = json.load(file)
    os.waitpid(pid, 0)
    return [kernel.Filter(bytes.fromhex(program)) for program in programs], reason


def compile_filters(settings: Settings, folder: str) -> tuple[list[str], str]:
    """The filters in hexadecimal digits, and why there are none."""
    sys.path.insert(0, folder)
    import seccomp

    try:
        programs = seccomp.compile_filters(shared_processes=settings.level == "rlimit")
    except seccomp.FilterUnavailableError as error:
        return [], str(error)
    return [program.hex() for program in programs], ""


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
            kernel.leave_groups(user)
            kernel.become(user)
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


def main() -> Room | None:
    """Forks the process that programs are forked from, then serves; gives the room there."""
    settings = adapt(read_settings(sys.argv[1]))
    kernel.die_with_parent()
    os.set_inheritable(frames.CHANNEL, False)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    # Programs see neither these modules nor their folder.
    folder = sys.path.pop(0)
    filters, no_filters = prepare_filters(settings, folder)
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
    # A room mounts a /proc of its own over this one, which shows all processes.
    os.chdir("/proc")
    places = Places(settings) if settings.level == "bwrap" else None
    ours, theirs = _socket.socketpair()
    room_pid = kernel.clone(kernel.CLONE_NEWPID if settings.level == "bwrap" else 0)
    if room_pid == 0:
        ours.close()
        return Room(settings, filters, theirs)
    theirs.close()
    frames.send_text(frames.READY, json.dumps(about))
    sys.path.insert(0, folder)
    import supervisor

    supervisor.Supervisor(settings, places, room_pid, ours).serve()
    return None


def start() -> Room | None:
    """Runs the supervisor to its end; gives the room in its process."""
    try:
        return main()
    except Exception as error:
        frames.send_text(frames.FAULT, f"{type(error).__name__}: {error}")
        raise


if __name__ == "__main__":
    _room = start()
    if _room is not None:
        while (_turn := _room.fork()) is None:
            pass
        # Not in a function, so that as few calls as possible lie below the program.
        try:
            _code = program.compile_program(_room.stage, _turn)
        except BaseException as error:
            program.finish(error, None)
        try:
            exec(_code, _room.stage.scope)
        except BaseException as error:
            program.finish(error, error.__traceback__ and error.__traceback__.tb_next)
        program.finish(None, None)
