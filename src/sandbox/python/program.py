"""The process that becomes the program.

It limits itself for good, then runs the code as `python -c` or `python FILE` would.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import atexit
import builtins
import contextlib
import gc
import importlib.machinery
import linecache
import os
import random
import resource
import signal
import struct
import sys
import threading
import types
from collections.abc import Callable
from typing import NoReturn

import frames
import kernel
from rooms import FOLDER
from settings import Settings

_HEAD = struct.Struct("<BII")
_OWN_MODULES = (
    "frames",
    "keeper",
    "kernel",
    "memory",
    "program",
    "rooms",
    "seccomp",
    "settings",
    "spares",
    "supervisor",
)
MANY_DESCRIPTORS = 1024
"""More than the zygote has open."""

_OPEN_FILES = 256
# `exec` and the module that calls it; from 3.12 on, calls in C do not count.
_OWN_CALLS = 2 if sys.version_info < (3, 12) else 1


def feed(target: int, flags: int, seconds: int, code: bytes) -> None:
    """Hands the code to a process that is in `main`; `seconds` of processor time are its limit."""
    frames.write_all(target, _HEAD.pack(flags, seconds, len(code)) + code)


class Turn(BaseException):
    """Raised when the code is there: the stack unwinds, and the program begins at its bottom."""

    def __init__(self, flags: int, folder: str, code: bytes) -> None:
        """Carries what is to be run, and where."""
        super().__init__()
        self.flags = flags
        self.folder = folder
        self.code = code


def main(
    settings: Settings,
    filters: list[kernel.Filter],
    source: int,
    standard: tuple[int, int, int],
    folder: str,
) -> NoReturn:
    """Gives everything up that a program may not have, and waits for the code.

    Raises:
        Turn: It is there.
    """
    _take_descriptors(source, standard)
    # The module's own functions make enumerations of numbers, and touch many pages for it.
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    _signal.signal(_signal.SIGTERM, _signal.SIG_DFL)
    os.setsid()
    os.umask(0o022)
    _isolate(settings, filters)
    source = frames.CHANNEL
    head = frames.read_exactly(source, _HEAD.size)
    flags, seconds, code_length = _HEAD.unpack(head)
    code = frames.read_exactly(source, code_length)
    os.close(source)
    if settings.level != "none":
        # The supervisor's clock ends a run; this is for a supervisor that does not come to it.
        kernel.limit(resource.RLIMIT_CPU, seconds + 1)
    raise Turn(flags, folder, code)


def _take_descriptors(source: int, standard: tuple[int, int, int]) -> None:
    """Closes everything but the standard streams and, as 3, where the code comes from."""
    # All of them are above 3: the channel and the zygote's own standard streams take 0 to 3.
    for number, descriptor in enumerate((*standard, source)):
        os.dup2(descriptor, number, inheritable=number != frames.CHANNEL)
    os.closerange(frames.CHANNEL + 1, MANY_DESCRIPTORS)


def _isolate(settings: Settings, filters: list[kernel.Filter]) -> None:
    if settings.level == "none":
        return
    kernel.limit(resource.RLIMIT_CORE, 0)
    kernel.limit(resource.RLIMIT_AS, settings.memory_bytes)
    kernel.limit(resource.RLIMIT_FSIZE, settings.file_bytes)
    kernel.limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    kernel.limit(resource.RLIMIT_NPROC, settings.processes)
    kernel.limit(resource.RLIMIT_MEMLOCK, 0)
    kernel.limit(resource.RLIMIT_MSGQUEUE, 0)
    kernel.limit(resource.RLIMIT_SIGPENDING, 256)
    is_root = os.geteuid() == 0
    if is_root:
        kernel.forbid_capabilities()
    if settings.user >= 0:
        kernel.become(settings.user, settings.user)
    if is_root:
        kernel.drop_capabilities()
    kernel.forbid_new_privileges()
    kernel.set_dumpable(allowed=True)
    if settings.level == "rlimit":
        # Changing the user has taken this back.
        kernel.die_with_parent()
    for one in filters:
        one.apply()


class Program:
    """A program that is ready to run: `exec(program.code, program.scope)`."""

    def __init__(self, turn: Turn) -> None:
        """Makes the interpreter look as if it had just been started for the code.

        Raises:
            SyntaxError: The code has one.
        """
        if turn.folder != FOLDER:
            os.mkdir(turn.folder, 0o700)
        os.chdir(turn.folder)
        os.environ.setdefault("HOME", turn.folder)
        # bwrap's own.
        os.environ.pop("PWD", None)
        for name in _OWN_MODULES:
            sys.modules.pop(name, None)
        # What the zygote had drawn, and who its thread was, is not the program's.
        random.seed()
        threading.main_thread()._set_native_id()  # type: ignore[attr-defined]
        module = types.ModuleType("__main__")
        self.scope = module.__dict__
        self.scope["__loader__"] = importlib.machinery.BuiltinImporter
        if sys.version_info < (3, 14):
            self.scope["__annotations__"] = {}
        self.scope["__builtins__"] = builtins
        sys.modules["__main__"] = module
        _hide_own_calls()
        if turn.flags & frames.FLAG_FILE:
            self.code = self._from_file(turn)
        else:
            self.code = self._from_text(turn)

    def _from_text(self, turn: Turn) -> types.CodeType:
        sys.argv = ["-c"]
        sys.path.insert(0, "")
        text = turn.code.decode("utf-8", "surrogateescape")
        sys.orig_argv = [sys.executable, "-c", text]
        if sys.version_info >= (3, 13):
            lines = text.splitlines(keepends=True)
            linecache.cache["<string>"] = (len(text), None, lines, "<string>")
        return compile(text, "<string>", "exec", dont_inherit=True)

    def _from_file(self, turn: Turn) -> types.CodeType:
        # In the system's folder for temporary files where that is private.
        path = f"{turn.folder}.py" if turn.folder == FOLDER else f"{turn.folder}/program.py"
        with open(path, "wb") as file:
            file.write(turn.code)
        sys.argv = [path]
        sys.path.insert(0, os.path.dirname(path))
        sys.orig_argv = [sys.executable, path]
        self.scope["__file__"] = path
        self.scope["__cached__"] = None
        self.scope["__loader__"] = importlib.machinery.SourceFileLoader("__main__", path)
        return compile(turn.code, path, "exec", dont_inherit=True)


def _hide_own_calls() -> None:
    """Makes the limit of recursion count from the program's first call, as if none lay below it."""
    get_limit, set_limit = sys.getrecursionlimit, sys.setrecursionlimit
    sys.getrecursionlimit = lambda: get_limit() - _OWN_CALLS
    sys.setrecursionlimit = lambda limit: set_limit(limit + _OWN_CALLS)
    set_limit(get_limit() + _OWN_CALLS)


def finish(error: BaseException | None, traceback: types.TracebackType | None) -> NoReturn:
    """Ends the process as the interpreter ends: shows the error, runs exit handlers, flushes."""
    code = 0 if error is None else _show(error, traceback)
    _quietly(threading._shutdown)  # type: ignore[attr-defined]
    _quietly(atexit._run_exitfuncs)
    _clear(sys.modules["__main__"].__dict__)
    gc.collect()
    if not _flush():
        code = 120
    if isinstance(error, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(code & 0xFF)


def _show(error: BaseException, traceback: types.TracebackType | None) -> int:
    """Shows an error that ends a program; gives the exit code."""
    if isinstance(error, SystemExit):
        if error.code is None:
            return 0
        if isinstance(error.code, int):
            return error.code
        _quietly(lambda: sys.stderr.write(f"{error.code}\n"))
        return 1
    _quietly(lambda: sys.stdout.flush())
    try:
        sys.excepthook(type(error), error.with_traceback(traceback), traceback)
    except BaseException:
        _quietly(lambda: sys.__excepthook__(type(error), error, traceback))
    return 1


def _quietly(action: Callable[[], object]) -> None:
    # What goes wrong at a program's end has no effect on how it ends.
    with contextlib.suppress(BaseException):
        action()


def _clear(scope: dict[str, object]) -> None:
    """Lets go of a module's names in the interpreter's order, so that `__del__` runs in its."""
    for name in list(scope):
        if name.startswith("_") and not name.startswith("__"):
            scope[name] = None
    for name in list(scope):
        if name != "__builtins__":
            scope[name] = None


def _flush() -> bool:
    """Flushes the standard streams; false when that fails."""
    fine = True
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            fine = stream is sys.stderr and fine
    return fine
