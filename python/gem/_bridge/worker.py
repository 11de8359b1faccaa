"""One worker of a server, and how a call gets to it and back."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from gem._bridge.connection import Connection, Peer
from gem._bridge.errors import (
    GemDeadlineError,
    GemError,
    ServerLostError,
    ServerStartError,
    UnknownHandleError,
    renumber,
)
from gem._bridge.exchange import Exchange, finish
from gem._bridge.objects import CallScope
from gem._bridge.process import PROTOCOL_VERSION
from gem._bridge.shm_connection import CannotShareError, share_memory
from gem._bridge.unix_connection import SCHEME, UnixConnection
from gem._bridge.values import RESULT, peek

if TYPE_CHECKING:
    from gem._bridge.client import Client

GOODBYE_SECONDS = 1.0
"""How long the end of this process may wait for a remote server."""


class Worker:
    """One thread of a server, at one address."""

    def __init__(self, client: Client, peer: Peer) -> None:
        """Starts with no connection."""
        self.client = client
        self.peer = peer
        self.load = 0
        self.is_lost = False
        self.unshared_because: str | None = None
        self.released: deque[tuple[int, int]] = deque()
        self.live: set[int] = set()
        self._idle: list[Connection] = []

    def call(
        self,
        method: str,
        params: Sequence[Any],
        scope: CallScope | None = None,
        executor: Callable[[], Executor] | None = None,
        members: Sequence[int] | None = None,
    ) -> Any:
        """Calls a method of the worker; see `Call` in `client.py` for the arguments.

        Raises:
            GemError: what the call failed with.
            Exception: what a Python object raised while the server needed it.
        """
        try:
            connection = self.take_connection()
            try:
                if self.released:
                    self.send_releases(connection)
                frame = connection.call(method, params)
                if frame is not None and peek(frame) == (RESULT, connection.n):
                    value = self.client.decoder.decode(frame)[2]
                    self._idle.append(connection)
                    return value
                scope = scope or self.client.objects.scope()
                exchange = Exchange(connection, self.client.decoder, scope, method, executor)
                exchange.advance(frame)
                finish([exchange], self.client.deadline_seconds)
            except BaseException:
                self.drop_connection(connection)
                raise
            self.end(exchange)
        except ServerLostError:
            self.client.rest_if_ending()
            raise
        finally:
            if scope is not None:
                scope.close()
        if exchange.error is not None:
            raise final_error(exchange.error, exchange.original, members)
        return exchange.value

    def begin(
        self,
        method: str,
        params: Sequence[Any],
        scope: CallScope,
        executor: Callable[[], Executor] | None,
    ) -> Exchange:
        """Sends a call without waiting for its reply; `end` must follow."""
        connection = self.take_connection()
        try:
            if self.released:
                self.send_releases(connection)
            exchange = Exchange(connection, self.client.decoder, scope, method, executor)
            exchange.send(params)
        except BaseException:
            self.drop_connection(connection)
            raise
        return exchange

    def end(self, exchange: Exchange) -> None:
        """Takes the connection of a call back, which has its reply or was given up."""
        connection = exchange.connection
        if exchange.is_done:
            self.give_connection(connection)
        else:
            connection.close()
        if connection.is_lost or isinstance(exchange.error, ServerLostError):
            self.lose()

    def take_connection(self) -> Connection:
        """Takes an idle connection or opens one.

        Raises:
            UnknownHandleError: in a forked child of the process that this worker belongs to.
            ServerLostError, ServerStartError: when the server is gone or cannot be reached.
        """
        client = self.client
        if client.pid != os.getpid():
            message = (
                f"This environment belongs to process {client.pid}; a forked child cannot use it. "
                "Make a new one here, or pickle it in the parent."
            )
            raise UnknownHandleError(message)
        if self.is_lost:
            raise self.peer.lost("was lost")
        try:
            idle = self._idle.pop()
        except IndexError:
            idle = None
        return idle or self._connect()

    def give_connection(self, connection: Connection) -> None:
        """Gives a connection back that has no call in flight."""
        self._idle.append(connection)

    def drop_connection(self, connection: Connection) -> None:
        """Closes a connection whose call was given up."""
        connection.close()
        if connection.is_lost:
            self.lose()

    def lose(self) -> None:
        """Notes that the server is gone: all workers of a private one, this one of a remote one."""
        workers = [self] if self.client.process is None else self.client.workers
        for worker in workers:
            worker.is_lost = True
            while worker._idle:
                with contextlib.suppress(IndexError):
                    worker._idle.pop().close()

    def send_releases(self, connection: Connection) -> None:
        """Tells the worker which handles nobody uses any more."""
        numbers: list[int] = []
        while self.released:
            with contextlib.suppress(IndexError):
                number, count = self.released.popleft()
                numbers.append(number)
                self.load -= count
        self.live.difference_update(numbers)
        self._release(connection, numbers, self.client.deadline_seconds)

    def say_goodbye(self) -> None:
        """Releases everything and closes idle connections: the server goes on without us."""
        with contextlib.suppress(GemError, IndexError):
            connection = self._idle.pop()
            self.give_connection(connection)
            self._release(connection, list(self.live), GOODBYE_SECONDS)
        self.lose()

    def _release(self, connection: Connection, numbers: list[int], deadline_seconds: float) -> None:
        client = self.client
        release = Exchange(connection, client.decoder, client.objects.scope(), "release")
        release.send([numbers])
        finish([release], deadline_seconds)

    def _open_connection(self) -> Connection:
        try:
            if self.peer.endpoint.startswith(SCHEME):
                return UnixConnection(None, self.peer)
            return Connection(self.client.context(), self.peer)
        except (ServerLostError, ServerStartError):
            self.lose()
            raise

    def _connect(self) -> Connection:
        client = self.client
        connection = self._open_connection()
        try:
            hello = Exchange(connection, client.decoder, client.objects.scope(), "hello")
            hello.send([PROTOCOL_VERSION, client.id, {"pid": client.pid}])
            finish([hello], client.start_timeout_seconds)
            hello.check()
            return self._share_memory(connection, hello.value)
        except GemDeadlineError as error:
            connection.close()
            seconds = client.start_timeout_seconds
            message = (
                f"Nobody answers at {self.peer.endpoint} within {seconds:g} s (GEM_START_TIMEOUT)."
            )
            self.lose()
            raise ServerStartError(message) from error
        except ServerLostError:
            connection.close()
            self.lose()
            raise
        except BaseException:
            connection.close()
            raise

    def _share_memory(self, connection: Connection, welcome: Any) -> Connection:
        """Goes on through shared memory where `GEM_TRANSPORT` allows and this host can."""
        wanted = self.client.transport
        if wanted not in ("auto", "shm"):
            return connection
        try:
            return share_memory(connection, welcome.get("shm"))
        except CannotShareError as error:
            if wanted == "shm":
                message = (
                    f"GEM_TRANSPORT=shm, but {error}. The server is at {self.peer.endpoint}; "
                    "with GEM_TRANSPORT=auto it is used over its socket."
                )
                raise ServerStartError(message) from error
            self.unshared_because = str(error)
            return connection


def final_error(
    error: GemError, original: BaseException | None, members: Sequence[int] | None
) -> BaseException:
    """A Python object's own exception where there is one; a note says where (Python 3.11)."""
    if members is not None:
        renumber(error, members)
    if original is None:
        return error
    add_note = getattr(original, "add_note", None)
    if add_note is not None:
        add_note(error.message)
    return original
