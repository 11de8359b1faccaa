"""The workers that a process talks to, and calls on several of them at once."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import zmq

from gem._bridge import settings
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
from gem._bridge.objects import CallScope, ObjectTable
from gem._bridge.process import PROTOCOL_VERSION, ServerProcess
from gem._bridge.unix_connection import SCHEME, UnixConnection
from gem._bridge.values import Decoder

GOODBYE_SECONDS = 1.0
"""How long the end of this process may wait for a remote server."""


class Client:
    """This process as the server sees it; it owns the environments it made."""

    def __init__(self, endpoints: Sequence[str], process: ServerProcess | None) -> None:
        """Gets to know its workers; connects to none.

        Args:
            endpoints: one address for each worker.
            process: the private server behind them; None when they are remote.
        """
        self.pid = os.getpid()
        self.is_ending = False
        self.id = os.urandom(16)
        self.process = process
        self.objects = ObjectTable()
        self.decoder = Decoder(self.objects.resolve)
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.deadline_seconds = settings.deadline_seconds()
        self.start_timeout_seconds = settings.start_timeout_seconds()
        hangup = None if process is None else process.stdout
        self.log = None if process is None else str(process.log)
        self.workers = [Worker(self, Peer(endpoint, hangup, self.log)) for endpoint in endpoints]
        self._placing = threading.Lock()
        self._turn = 0
        self._environments: dict[str, tuple[str, dict[str, Any]]] | None = None

    def is_usable(self) -> bool:
        """Whether new environments can be made here."""
        if self.process is not None and self.process.has_ended():
            return False
        return not all(worker.is_lost for worker in self.workers)

    def place(self, count: int) -> Worker:
        """The worker with the fewest environments, in turn among equals; it gets `count` more."""
        with self._placing:
            order = self.workers[self._turn :] + self.workers[: self._turn]
            order = [worker for worker in order if not worker.is_lost] or order
            worker = min(order, key=lambda candidate: candidate.load)
            self._turn = (self.workers.index(worker) + 1) % len(self.workers)
            worker.load += count
        return worker

    def spread(self, count: int, parts: int) -> list[tuple[Worker, range]]:
        """Spreads `count` environments in contiguous parts over workers, the least loaded first."""
        with self._placing:
            usable = [worker for worker in self.workers if not worker.is_lost] or self.workers
            chosen = sorted(usable, key=lambda worker: worker.load)[: max(1, parts)]
            bounds = [count * index // len(chosen) for index in range(len(chosen) + 1)]
            spread = [
                (worker, range(start, stop))
                for worker, start, stop in zip(chosen, bounds, bounds[1:], strict=False)
            ]
            for worker, part in spread:
                worker.load += len(part)
        return spread

    def environments(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Id → class name and options of everything the server can make."""
        if self._environments is None:
            rows = self.place(0).call("list", [])
            self._environments = {env_id: (name, options) for env_id, name, options in rows}
        return self._environments


class Worker:
    """One thread of a server, at one address."""

    def __init__(self, client: Client, peer: Peer) -> None:
        """Starts with no connection."""
        self.client = client
        self.peer = peer
        self.load = 0
        self.is_lost = False
        self.released: deque[tuple[int, int]] = deque()
        self.live: set[int] = set()
        self._idle: list[Connection] = []

    def call(
        self,
        method: str,
        params: Sequence[Any],
        scope: CallScope | None = None,
        executor: Callable[[], Executor] | None = None,
    ) -> Any:
        """Calls a method of the worker; see `call_all`."""
        return call_all([Call(self, method, params, scope, executor)])[0]

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
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        return self._connect()

    def give_connection(self, connection: Connection) -> None:
        """Gives a connection back that has no call in flight."""
        self._idle.append(connection)

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
        release = Exchange(connection, client.decoder, client.objects.scope(), "release", [numbers])
        finish([release], deadline_seconds)

    def _open_connection(self) -> Connection:
        kind = UnixConnection if self.peer.endpoint.startswith(SCHEME) else Connection
        try:
            return kind(self.client.context, self.peer)
        except (ServerLostError, ServerStartError):
            self.lose()
            raise

    def _connect(self) -> Connection:
        client = self.client
        connection = self._open_connection()
        try:
            params = [PROTOCOL_VERSION, client.id, {"pid": client.pid}]
            hello = Exchange(connection, client.decoder, client.objects.scope(), "hello", params)
            finish([hello], client.start_timeout_seconds)
            hello.check()
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
        return connection


class Call(NamedTuple):
    """A call that is to be made.

    `executor` gives the threads for several Python objects at once; `members` are the positions
    that the caller knows the call's environments by, for messages.
    """

    worker: Worker
    method: str
    params: Sequence[Any]
    scope: CallScope | None = None
    executor: Callable[[], Executor] | None = None
    members: Sequence[int] | None = None


def call_all(calls: Sequence[Call]) -> list[Any]:
    """Makes calls on different workers at the same time and waits for all of them.

    Every call gets its reply before the first error is raised: a failing one leaves others whole.

    Raises:
        GemError: what a call failed with.
        Exception: what a Python object raised while the server needed it.
    """
    exchanges: list[Exchange] = []
    scopes: list[CallScope] = []
    try:
        for call in calls:
            scope = call.scope or call.worker.client.objects.scope()
            scopes.append(scope)
            exchanges.append(_begin(call, scope))
        finish(exchanges, calls[0].worker.client.deadline_seconds)
    except ServerLostError:
        if calls[0].worker.client.is_ending and threading.current_thread().daemon:
            # The interpreter ends under this thread: it has nobody to tell, and ends with it.
            threading.Event().wait()
        raise
    finally:
        for call, exchange in zip(calls, exchanges, strict=False):
            _end(call.worker, exchange)
        for scope in scopes:
            scope.close()
    for call, exchange in zip(calls, exchanges, strict=True):
        if exchange.error is not None:
            raise _final_error(exchange.error, exchange.original, call.members)
    return [exchange.value for exchange in exchanges]


def _final_error(
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


def _end(worker: Worker, exchange: Exchange) -> None:
    if exchange.is_done:
        worker.give_connection(exchange.connection)
    else:
        exchange.connection.close()
    if exchange.connection.is_lost or isinstance(exchange.error, ServerLostError):
        worker.lose()


def _begin(call: Call, scope: CallScope) -> Exchange:
    worker = call.worker
    connection = worker.take_connection()
    try:
        if worker.released:
            worker.send_releases(connection)
        return Exchange(
            connection, worker.client.decoder, scope, call.method, call.params, call.executor
        )
    except BaseException:
        connection.close()
        if connection.is_lost:
            worker.lose()
        raise
