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
        self.set_aside: list[Client] = []
        self.is_ending = False
        self.has_hooks = False

    def clients(self) -> list[Client]:
        """All clients that this process has."""
        return [*self.set_aside, *([] if self.client is None else [self.client])]


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
            current.look_again(0.0)
        except ServerLostError:
            if _state.is_ending or not settings.recovers():
                raise
    return make()


def running_client() -> Client | None:
    """The client of this process if it has one already."""
    return _state.client


def switch(client: Client | None) -> Client | None:
    """Uses another client from now on, or one that is yet to start; gives the one until now.

    What the earlier one made goes on to work.
    """
    with _state.lock:
        earlier, _state.client = _state.client, client
        if earlier is not None:
            _state.set_aside.append(earlier)
        if client in _state.set_aside:
            _state.set_aside.remove(client)
        return earlier


def dismiss(client: Client) -> None:
    """Takes leave of servers that a client set aside has used."""
    with _state.lock:
        _state.set_aside.remove(client)
    _end(client)


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
    for inherited in _state.clients():
        _inherited.append(inherited)
        if inherited.process is not None:
            inherited.process.forget()
    _state = _State()
    _state.has_hooks = True


def _at_exit() -> None:
    """Ends the private server, or takes leave of a remote one."""
    _state.is_ending = True
    for current in _state.clients():
        current.is_ending = True
        _end(current)


def _end(client: Client) -> None:
    """Ends a client's private server, or gives back what it has at servers of others."""
    if client.process is not None:
        client.process.stop()
        return
    for worker in client.workers:
        worker.say_goodbye()
    client.presence.end()
    if client.fleet is not None:
        client.fleet.close()
