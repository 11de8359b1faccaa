"""The workers that a process talks to, and calls on several of them at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import zmq

from gem._bridge import settings
from gem._bridge.connection import Peer
from gem._bridge.errors import ServerLostError
from gem._bridge.exchange import Exchange, finish
from gem._bridge.objects import CallScope, ObjectTable
from gem._bridge.process import ServerProcess
from gem._bridge.values import Decoder
from gem._bridge.worker import Worker, final_error


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
        self.transport = settings.transport()
        self.deadline_seconds = settings.deadline_seconds()
        self.start_timeout_seconds = settings.start_timeout_seconds()
        hangup = None if process is None else process.stdout
        self.log = None if process is None else str(process.log)
        self.workers = [Worker(self, Peer(endpoint, hangup, self.log)) for endpoint in endpoints]
        self._placing = threading.Lock()
        self._context: zmq.Context[zmq.Socket[bytes]] | None = None
        self._turn = 0
        self._environments: dict[str, tuple[str, dict[str, Any]]] | None = None

    def context(self) -> zmq.Context[zmq.Socket[bytes]]:
        """ZeroMQ's context, with threads and descriptors of its own, from its first use on."""
        with self._placing:
            if self._context is None:
                self._context = zmq.Context()
            return self._context

    def is_usable(self) -> bool:
        """Whether new environments can be made here."""
        if self.process is not None and self.process.has_ended():
            return False
        return not all(worker.is_lost for worker in self.workers)

    def rest_if_ending(self) -> None:
        """Keeps a daemon thread for good when the interpreter ends: it has nobody to tell."""
        if self.is_ending and threading.current_thread().daemon:
            threading.Event().wait()

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
    if len(calls) == 1:
        worker, method, params, scope, executor, members = calls[0]
        return [worker.call(method, params, scope, executor, members)]
    exchanges: list[Exchange] = []
    scopes: list[CallScope] = []
    try:
        for call in calls:
            scope = call.scope or call.worker.client.objects.scope()
            scopes.append(scope)
            exchanges.append(call.worker.begin(call.method, call.params, scope, call.executor))
        finish(exchanges, calls[0].worker.client.deadline_seconds)
    except ServerLostError:
        calls[0].worker.client.rest_if_ending()
        raise
    finally:
        for call, exchange in zip(calls, exchanges, strict=False):
            call.worker.end(exchange)
        for scope in scopes:
            scope.close()
    for call, exchange in zip(calls, exchanges, strict=True):
        if exchange.error is not None:
            raise final_error(exchange.error, exchange.original, call.members)
    return [exchange.value for exchange in exchanges]
