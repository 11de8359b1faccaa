"""The process that becomes the program.

It limits itself for good, then runs the code as `python -c` or `python FILE` would.
"""

from __future__ import annotations

import _random
import _signal  # type: ignore[import-not-found]
import atexit
import builtins
import functools
import gc
import importlib.machinery
import linecache
import os
import random
import resource
import struct
import sys
import types
from collections.abc import Callable
from typing import NoReturn

import confine
import frames
from places import FOLDER
from settings import Settings

LINE = 3
"""The descriptor of the room's line to the supervisor."""

MANY_DESCRIPTORS = 1024
"""More than the zygote has open."""

_HEAD = struct.Struct("<BII")
_OWN_MODULES = (
    "confine",
    "frames",
    "kernel",
    "memory",
    "places",
    "program",
    "room",
    "seccomp",
    "settings",
    "supervisor",
)
_REHEARSALS = 20
# bwrap's, and `command.ts`'s.
_OWN_VARIABLES = ("PWD", "LD_BIND_NOW")
# `exec` and the module that calls it; from 3.12 on, calls in C do not count.
_OWN_CALLS = 2 if sys.version_info < (3, 12) else 1


def message(flags: int, seconds: int, code: bytes) -> bytes:
    """What a program reads from standard input first; `seconds` of processor time are its limit."""
    return _HEAD.pack(flags, seconds, len(code)) + code


Turn = tuple[int, str, bytes]
"""What is to be run: flags, the folder to run it in, and the code."""


class Stage:
    """An interpreter that looks as if it had just been started; made before programs are forked.

    A process that was forked copies each page that it writes to, and a reference count is on
    nearly every one. So everything is done here that can be, and what programs' processes do is
    done here once: then the interpreter has made what it makes at first calls.
    """

    def __init__(self, settings: Settings) -> None:
        """Hides what is not the interpreter's own."""
        self._calls = confine.calls_of_program(settings)
        # As `random.seed`, without the part of it that is written in Python and has nothing to do.
        self._seed = functools.partial(_random.Random.seed, random.seed.__self__)  # type: ignore[attr-defined]
        self._has_limits = settings.level != "none"
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        self._most_seconds = sys.maxsize if hard == resource.RLIM_INFINITY else hard
        threading = sys.modules.get("threading")
        self._main_thread = None if threading is None else threading.main_thread()
        for name in _OWN_VARIABLES:
            os.environ.pop(name, None)
        for name in _OWN_MODULES:
            sys.modules.pop(name, None)
        module = types.ModuleType("__main__")
        self.scope = module.__dict__
        self.scope["__loader__"] = importlib.machinery.BuiltinImporter
        if sys.version_info < (3, 14):
            self.scope["__annotations__"] = {}
        self.scope["__builtins__"] = builtins
        sys.modules["__main__"] = module
        sys.argv = ["-c"]
        sys.path.insert(0, "")
        _hide_own_calls()
        self._rehearse()
        # Objects that no collection looks at stay on pages that programs share.
        gc.collect()
        gc.freeze()

    def _rehearse(self) -> None:
        orig_argv = sys.orig_argv
        source, target = os.pipe()
        for _ in range(_REHEARSALS):
            os.write(target, message(0, 1, b"print(end='')"))
            turn = self._wait_for_turn(source, FOLDER)
            exec(compile_program(self, turn), {})
            _clear({})
            _flush()
            gc.collect()
        sys.orig_argv = orig_argv
        os.close(source)
        os.close(target)

    def enter(self, standard: tuple[int, int, int], folder: str) -> Turn:
        """Gives everything up that a program may not have, and waits for the code."""
        # All of them are above 3, which is the line; 0 to 3 are in use in the room.
        stdin, out, err = standard
        os.dup2(stdin, 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.closerange(LINE, MANY_DESCRIPTORS)
        # The module's own functions make enumerations of numbers.
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        # The session is the room's, the group its own: what is sent to it does not reach the room.
        os.setpgid(0, 0)
        for call, arguments in self._calls:
            if call(*arguments):
                raise OSError("A program could not be confined.")
        turn = self._wait_for_turn(0, folder)
        if folder != FOLDER:
            os.mkdir(folder, 0o700)
            os.environ.setdefault("HOME", folder)
        os.chdir(folder)
        return turn

    def _wait_for_turn(self, source: int, folder: str) -> Turn:
        # What the room has drawn, and who its thread is, is not the program's.
        self._seed()
        if self._main_thread is not None:
            self._main_thread._set_native_id()
        flags, seconds, code_length = _HEAD.unpack(os.read(source, _HEAD.size))
        code = os.read(source, code_length)
        if len(code) < code_length:
            code += frames.read_exactly(source, code_length - len(code))
        if self._has_limits and source == 0:
            # The supervisor's clock ends a run; this is for a supervisor that does not come to it.
            seconds = min(seconds + 1, self._most_seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        return flags, folder, code


def compile_program(stage: Stage, turn: Turn) -> types.CodeType:
    """Compiles a program that is then run in the stage's scope.

    Raises:
        SyntaxError: It has one.
    """
    flags, folder, code = turn
    if flags & frames.FLAG_FILE:
        return _compile_file(stage.scope, folder, code)
    text = code.decode("utf-8", "surrogateescape")
    sys.orig_argv = [sys.executable, "-c", text]
    if sys.version_info >= (3, 13):
        lines = text.splitlines(keepends=True)
        linecache.cache["<string>"] = (len(text), None, lines, "<string>")
    return compile(text, "<string>", "exec", dont_inherit=True)


def _compile_file(scope: dict[str, object], folder: str, code: bytes) -> types.CodeType:
    # In the system's folder for temporary files where that is private.
    path = f"{folder}.py" if folder == FOLDER else f"{folder}/program.py"
    with open(path, "wb") as file:
        file.write(code)
    sys.argv = [path]
    sys.path[0] = os.path.dirname(path)
    sys.orig_argv = [sys.executable, path]
    scope["__file__"] = path
    scope["__cached__"] = None
    scope["__loader__"] = importlib.machinery.SourceFileLoader("__main__", path)
    return compile(code, path, "exec", dont_inherit=True)


def _hide_own_calls() -> None:
    """Makes the limit of recursion count from the program's first call, as if none lay below it."""
    get_limit, set_limit = sys.getrecursionlimit, sys.setrecursionlimit
    sys.getrecursionlimit = lambda: get_limit() - _OWN_CALLS
    sys.setrecursionlimit = lambda limit: set_limit(limit + _OWN_CALLS)
    set_limit(get_limit() + _OWN_CALLS)


def finish(error: BaseException | None, traceback: types.TracebackType | None) -> NoReturn:
    """Ends the process as the interpreter ends: shows the error, runs exit handlers, flushes."""
    code = 0 if error is None else _show(error, traceback)
    # What goes wrong at a program's end has no effect on how it ends.
    if "threading" in sys.modules:
        _quietly(sys.modules["threading"]._shutdown)
    _quietly(atexit._run_exitfuncs)
    _clear(sys.modules["__main__"].__dict__)
    gc.collect()
    if not _flush():
        code = 120
    if isinstance(error, KeyboardInterrupt):
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        os.kill(os.getpid(), _signal.SIGINT)
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
    try:  # noqa: SIM105 - what it proposes makes objects, for each program
        action()
    except BaseException:
        pass


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
