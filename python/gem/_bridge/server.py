"""Which server this process uses: its own, started when needed, or what `GEM_SERVER` names."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from gem._bridge import host_server, settings
from gem._bridge import process as processes
from gem._bridge.client import Client
from gem._bridge.errors import DrainingError, ServerLostError, ServerStartError
from gem._bridge.programs import check_not_importing
from gem._bridge.registry import Registry

if TYPE_CHECKING:
    pass

T = TypeVar("T")
MOST_ATTEMPTS = 3


class _State:
    """What this process has started; a forked child begins with a new one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.client: Client | None = None
        self.is_ending = False
        self.has_hooks = False


_state = _State()
_inherited: list[Client] = []
"""Clients of parent processes: kept so that nothing of theirs is finalised here."""


def client() -> Client:
    """The client of this process; starts the private server or connects when there is none yet.

    Raises:
        ServerStartError: when the server cannot be started.
        ServerLostError: while the interpreter ends.
    """
    current = _state.client
    if current is not None and current.is_usable():
        return current
    with _state.lock:
        current = _state.client
        if current is None or not current.is_usable():
            current = _state.client = _start(current)
        return current


def persistently(make: Callable[[], T]) -> T:
    """Makes something new, again where a worker is lost meanwhile.

    Raises:
        ServerLostError: when several in a row are lost.
    """
    for _ in range(MOST_ATTEMPTS - 1):
        try:
            return make()
        except ServerStartError:
            raise
        except DrainingError:
            current = _state.client
            if current is None or current.fleet is None:
                raise
            current.look_again()
        except ServerLostError:
            if _state.is_ending or not settings.recovers():
                raise
    return make()


def running_client() -> Client | None:
    """The client of this process if it has one already."""
    return _state.client


def _start(previous: Client | None) -> Client:
    if _state.is_ending:
        message = "The interpreter is ending; no server is started any more."
        raise ServerLostError(message)
    check_not_importing()
    if previous is not None and previous.process is not None:
        previous.process.stop()
    registry = settings.server_registry()
    endpoints = None if registry is not None else settings.server_endpoints()
    if not _state.has_hooks:
        _state.has_hooks = True
        os.register_at_fork(after_in_child=_after_fork)
        atexit.register(_at_exit)
    if registry is not None:
        return Client([], None, registry=Registry(registry))
    if endpoints is not None:
        return Client(endpoints, None)
    if settings.uses_host_server():
        return host_server.connect(lambda found, log: Client(found, None, log))
    server = processes.start_server()
    return Client(server.endpoints, server)


def _after_fork() -> None:
    """Makes a forked child start afresh: the parent's server, sockets and locks are not its own."""
    global _state
    processes.close_inherited()
    inherited = _state.client
    if inherited is not None:
        _inherited.append(inherited)
        if inherited.process is not None:
            inherited.process.forget()
    _state = _State()
    _state.has_hooks = True


def _at_exit() -> None:
    """Ends the private server, or takes leave of a remote one."""
    _state.is_ending = True
    current = _state.client
    if current is None:
        return
    current.is_ending = True
    if current.process is not None:
        current.process.stop()
        return
    _take_leave(current)


def _take_leave(client: Client) -> None:
    """Gives back what a client has at servers that go on without it."""
    for worker in client.workers:
        worker.say_goodbye()
    client.presence.end()
    if client.fleet is not None:
        client.fleet.close()
