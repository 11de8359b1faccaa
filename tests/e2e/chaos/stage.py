"""Where chaos happens: the servers behind a trainer, their hosts, the proxies in front of them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from chaos.proxy import Proxy
from gem._bridge import server
from gem._bridge.process import find_entry, find_node

FROZEN_SECONDS = 5.0
"""How long a process may take to stand still; one that waits for a disk takes a while."""


class Stage:
    """A private server, which the trainer starts by itself."""

    def __init__(self, folder: Path) -> None:
        """Prepares the stage.

        Args:
            folder: where orders for workers are put, and sockets of proxies.
        """
        self.folder = folder
        self.proxies: list[Proxy] = []
        self.seen: set[int] = set()
        """Every process that ever belonged to it."""

        self._turn_is_over = threading.Event()
        self._pending: list[threading.Thread] = []

    def server_pids(self) -> list[int]:
        """The servers that run now."""
        client = server.running_client()
        process = None if client is None else client.process
        if process is None or process.process.poll() is not None:
            return []
        return [process.process.pid]

    def hosts(self) -> list[int]:
        """The host processes of all servers."""
        return [host for pid in self.server_pids() for host in children(pid) if is_host(host)]

    def note_processes(self) -> None:
        """Remembers what runs now, to look for it at the end."""
        for pid in self.server_pids():
            self.seen.update((pid, *children(pid)))

    def during_next_call(self, act: Callable[[], None]) -> None:
        """Does something as soon as the trainer waits for a server, or at the end of the turn."""
        trainer = threading.get_ident()

        def watch() -> None:
            while not waits(sys._current_frames().get(trainer)):
                if self._turn_is_over.wait(0.005):
                    break
            act()

        self._pending.append(threading.Thread(target=watch))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Does something after so long, even if the turn takes longer."""
        self._pending.append(threading.Timer(seconds, act))

    def begin_turn(self) -> None:
        """Starts what was asked for."""
        self._turn_is_over.clear()
        for thread in self._pending:
            thread.start()

    def end_turn(self) -> None:
        """Waits until all that was asked for has happened."""
        self._turn_is_over.set()
        for thread in self._pending:
            thread.join()
        self._pending.clear()

    def restart(self, index: int) -> None:
        """Starts a server that was killed again; a private one is not ours to start."""

    def close(self) -> None:
        """Ends everything that it started."""


class RemoteStage(Stage):
    """Servers started with `gem serve`, a proxy in front of each worker."""

    def __init__(self, folder: Path, transport: str, count: int) -> None:
        """Starts the servers and points `GEM_SERVER` at the proxies."""
        super().__init__(folder)
        self._transport = transport
        self._servers = [self._serve() for _ in range(count)]
        self.proxies = [
            Proxy(endpoint, str(folder), f"proxy-{index}")
            for index, (_, endpoint) in enumerate(self._servers)
        ]
        os.environ["GEM_SERVER"] = ",".join(proxy.endpoint for proxy in self.proxies)

    def server_pids(self) -> list[int]:
        """The servers that run now."""
        return [process.pid for process, _ in self._servers if process.poll() is None]

    def kill(self, index: int) -> None:
        """Kills a server; its proxy then refuses nobody but has nothing to pass on to."""
        process, _ = self._servers[index]
        process.kill()
        process.wait()

    def restart(self, index: int) -> None:
        """Puts a new server behind a proxy whose server was killed."""
        if self._servers[index][0].poll() is not None:
            _close_pipes(self._servers[index][0])
            self._servers[index] = self._serve()
            self.proxies[index].target = self._servers[index][1]

    def close(self) -> None:
        """Ends servers and proxies."""
        for proxy in self.proxies:
            proxy.close()
        for process, _ in self._servers:
            process.terminate()
            process.wait()
            _close_pipes(process)
        del os.environ["GEM_SERVER"]

    def _serve(self) -> tuple[subprocess.Popen[bytes], str]:
        command = [find_node(), str(find_entry()), "serve", "--transport", self._transport]
        process = subprocess.Popen(
            [*command, "--workers", "1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        self.seen.add(process.pid)
        return process, json.loads(process.stdout.readline())["endpoints"][0]


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def freeze(pid: int) -> None:
    """Stops a process and waits until every thread of it stands still."""
    signal_if_alive(pid, signal.SIGSTOP)
    end = time.monotonic() + FROZEN_SECONDS
    while not set(_states(pid)) <= {"T", "Z", "X"} and time.monotonic() < end:
        time.sleep(0.002)


def signal_if_alive(pid: int, number: signal.Signals) -> None:
    """Sends a signal to a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that have not ended."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def is_host(pid: int) -> bool:
    """Whether a process hosts a library."""
    with contextlib.suppress(OSError):
        return b"_host/main.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def waits(frame: FrameType | None) -> bool:
    """Whether a thread waits for a server."""
    while frame is not None:
        if frame.f_code.co_name in ("wait", "_wait") and "_bridge" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def _states(pid: int) -> list[str]:
    states: list[str] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            states.append((task / "stat").read_text().rsplit(")", 1)[1].split()[0])
    return states
