"""The workers that a process talks to, and calls on several of them at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, NamedTuple

import zmq

from gem._bridge import settings
from gem._bridge.connection import Peer
from gem._bridge.errors import ServerLostError
from gem._bridge.exchange import Exchange, finish
from gem._bridge.fleet import SOON_SECONDS, Fleet
from gem._bridge.journal import PURE_METHODS
from gem._bridge.objects import OBJECTS, CallScope
from gem._bridge.presence import Presence
from gem._bridge.process import ServerProcess
from gem._bridge.registry import Registry
from gem._bridge.values import Decoder
from gem._bridge.worker import Attempt, Worker, final_error

if TYPE_CHECKING:
    from gem._bridge.handle import Handle


class Client:
    """This process as the server sees it; it owns the environments it made."""

    def __init__(
        self,
        endpoints: Sequence[str],
        process: ServerProcess | None,
        log: str | None = None,
        registry: Registry | None = None,
    ) -> None:
        """Gets to know its workers; connects to none.

        Args:
            endpoints: one address for each worker.
            process: the private server behind them; None when they are remote.
            log: path of a shared server's log, where it is known.
            registry: the folder that lists the workers, instead of `endpoints`.
        """
        self.pid = os.getpid()
        self.is_ending = False
        self.id = os.urandom(16)
        self.process = process
        self.objects = OBJECTS
        self.decoder = Decoder(self.objects.resolve)
        self.transport = settings.transport()
        self.deadline_seconds = settings.deadline_seconds()
        self.start_timeout_seconds = settings.start_timeout_seconds()
        self.log = log if process is None else str(process.log)
        self.workers: list[Worker] = []
        for endpoint in endpoints:
            self.add_worker(endpoint)
        self.presence = Presence(self.id, self.context)
        self._placing = threading.Lock()
        self.fleet: Fleet | None = None
        if process is None and (registry is not None or len(endpoints) > 1):
            self.fleet = Fleet(self, registry, endpoints)
        self._context: zmq.Context[zmq.Socket[bytes]] | None = None
        self._turn = 0
        self._environments: dict[str, tuple[str, dict[str, Any]]] | None = None

    def context(self) -> zmq.Context[zmq.Socket[bytes]]:
        """ZeroMQ's context, with threads and descriptors of its own, from its first use on."""
        with self._placing:
            if self._context is None:
                self._context = zmq.Context()
            return self._context

    def has_others(self) -> bool:
        """Whether there is more than one worker to go on with."""
        if self.fleet is not None and self.fleet.registry is not None:
            return True
        return sum(not worker.is_lost for worker in self.workers) > 1

    def add_worker(self, endpoint: str) -> None:
        """Gets to know a further worker."""
        process = self.process
        hangup = None if process is None else process.stdout
        worker = Worker(self, Peer(endpoint, hangup, self.log, self.has_others, process))
        self.workers = [*self.workers, worker]

    def drop_worker(self, lost: Worker) -> None:
        """Forgets a worker that is not coming back."""
        self.workers = [worker for worker in self.workers if worker is not lost]

    def renew(self, lost: Worker) -> None:
        """Puts a new worker in the place of one that died and was started again."""
        with self._placing:
            if lost in self.workers:
                successor = Worker(self, lost.peer)
                self.workers = [successor if worker is lost else worker for worker in self.workers]

    def is_usable(self) -> bool:
        """Whether new environments can be made here."""
        if self.process is not None and self.process.has_ended():
            return False
        # Of several servers one may come back.
        return self.fleet is not None or not all(worker.is_lost for worker in self.workers)

    def rest_if_ending(self) -> None:
        """Keeps a daemon thread for good when the interpreter ends: it has nobody to tell."""
        if self.is_ending and threading.current_thread().daemon:
            threading.Event().wait()

    def place(self, count: int) -> Worker:
        """The worker with the fewest environments, in turn among equals; it gets `count` more."""
        if self.fleet is not None:
            self.fleet.look()
        with self._placing:
            candidates = self._candidates()
            turn = self._turn % len(candidates)
            order = candidates[turn:] + candidates[:turn]
            worker = min(order, key=self._weight)
            self._turn = candidates.index(worker) + 1
            worker.load += count
        return worker

    def spread(self, count: int, parts: int) -> list[tuple[Worker, range]]:
        """Spreads `count` environments in contiguous parts over workers, the least loaded first."""
        if self.fleet is not None:
            self.fleet.look()
        with self._placing:
            chosen = sorted(self._candidates(), key=self._weight)[: max(1, parts)]
            bounds = [count * index // len(chosen) for index in range(len(chosen) + 1)]
            spread = [
                (worker, range(start, stop))
                for worker, start, stop in zip(chosen, bounds, bounds[1:], strict=False)
            ]
            for worker, part in spread:
                worker.load += len(part)
        return spread

    def look_again(self, fresh_seconds: float = SOON_SECONDS) -> None:
        """Asks the servers how they are: something has gone wrong."""
        if self.fleet is not None:
            self.fleet.look(fresh_seconds)

    def _candidates(self) -> list[Worker]:
        """The workers for something new, never none."""
        if self.fleet is not None:
            usable = self.fleet.usable()
        else:
            usable = [worker for worker in self.workers if not worker.is_lost]
        return usable or self.workers

    def _weight(self, worker: Worker) -> tuple[int, int]:
        return (worker.load, 0) if self.fleet is None else self.fleet.weight(worker)

    def environments(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Id → class name and options of everything the server can make."""
        if self._environments is None:
            rows = self.place(0).call("list", [])
            self._environments = {env_id: (name, options) for env_id, name, options in rows}
        return self._environments


class Call(NamedTuple):
    """A call that is to be made.

    `executor` gives the threads for several Python objects at once; `members` are the positions
    that the caller knows the call's environments by, for messages; `handle` is what the first
    parameter stands for, where it may go on elsewhere when the worker is lost.
    """

    worker: Worker
    method: str
    params: Sequence[Any]
    scope: CallScope | None = None
    executor: Callable[[], Executor] | None = None
    members: Sequence[int] | None = None
    handle: Handle | None = None

    def make(self) -> Any:
        """Makes the call alone."""
        worker, method, params, scope, executor, members, handle = self
        if handle is None:
            return worker.call(method, params, scope, executor, members)
        return handle.call(method, *params[1:], scope=scope, executor=executor, members=members)

    def make_again(self, error: ServerLostError) -> Any:
        """Makes the call again after its worker was lost."""
        if self.handle is None:
            raise error
        params = self.params[1:]
        return self.handle.call_again(
            error, self.method, params, self.scope, self.executor, self.members
        )


def call_all(calls: Sequence[Call]) -> list[Any]:
    """Makes calls on different workers at the same time and waits for all of them.

    Every call gets its reply before the first error is raised: a failing one leaves others whole.

    Raises:
        GemError: what a call failed with.
        Exception: what a Python object raised while the server needed it.
    """
    if len(calls) == 1:
        return [calls[0].make()]
    exchanges: list[Exchange | None] = []
    scopes: list[CallScope] = []
    lost: dict[int, ServerLostError] = {}
    try:
        for index, call in enumerate(calls):
            scope = call.scope or call.worker.client.objects.scope()
            scopes.append(scope)
            try:
                exchanges.append(call.worker.begin(call.method, call.params, scope, call.executor))
            except ServerLostError as error:
                call.worker.client.rest_if_ending()
                exchanges.append(None)
                lost[index] = error
        begun = [exchange for exchange in exchanges if exchange is not None]
        finish(begun, calls[0].worker.client.deadline_seconds)
    finally:
        for index, (call, exchange) in enumerate(zip(calls, exchanges, strict=False)):
            if exchange is None:
                continue
            call.worker.end(exchange, _journal_of(call))
            if isinstance(exchange.error, ServerLostError):
                exchange.error.attempt = Attempt(scopes[index], exchange.answers)
                lost[index] = exchange.error
        for index, scope in enumerate(scopes):
            if index not in lost:
                scope.close()
    values = [
        lost[index] if exchange is None or index in lost else exchange.value
        for index, exchange in enumerate(exchanges)
    ]
    first: BaseException | None = None
    for index, loss in lost.items():
        calls[index].worker.client.rest_if_ending()
        try:
            values[index] = calls[index].make_again(loss)
        except Exception as again:
            first = first or again
        finally:
            scopes[index].close()
    for call, exchange in zip(calls, exchanges, strict=True):
        failure = None if exchange is None else exchange.error
        if exchange is None or failure is None or isinstance(failure, ServerLostError):
            continue
        failure.outcomes = [
            value if made is None or made.error is None else made.error
            for value, made in zip(values, exchanges, strict=True)
        ]
        raise final_error(failure, exchange.original, call.members)
    if first is not None:
        raise first
    return values


def _journal_of(call: Call) -> Handle | None:
    handle = call.handle
    if handle is None or handle.world is None or call.method in PURE_METHODS:
        return None
    return handle
