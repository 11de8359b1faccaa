"""One worker of a server, and how a call gets to it and back."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, NamedTuple

from gem._bridge.answers import Answers, Silence
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
from gem._bridge.values import RESULT, Decoder, peek

if TYPE_CHECKING:
    from gem._bridge.client import Client
    from gem._bridge.handle import Handle

REPLAY = Decoder(lambda number: None)
"""Reads replies of calls that were made before: the objects in them may be gone."""

GOODBYE_SECONDS = 1.0
"""How long the end of this process may wait for a remote server."""


class Attempt(NamedTuple):
    """What is left of a call whose worker died: objects to be found again, and their answers."""

    scope: CallScope
    answers: Answers | None


class Worker:
    """One thread of a server, at one address."""

    def __init__(self, client: Client, peer: Peer) -> None:
        """Starts with no connection."""
        self.client = client
        self.peer = peer
        self.load = 0
        self.is_lost = False
        self.born: object = None
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
        journal: Handle | None = None,
        answers: Answers | None = None,
    ) -> Any:
        """Calls a method of the worker; see `Call` in `client.py` for the first arguments.

        Args:
            method: the method.
            params: its parameters, prepared for the wire.
            scope: the objects that it makes reachable.
            executor: gives the threads for several Python objects at once.
            members: the positions that the caller knows its environments by.
            journal: whose world takes down that it was made; None: nobody's.
            answers: what objects have answered when it was made before.

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
                    exchange = None
                else:
                    scope = scope or self.client.objects.scope()
                    exchange = Exchange(
                        connection, self.client.decoder, scope, method, executor, Answers(answers)
                    )
                    exchange.advance(frame)
                    finish([exchange], self.client.deadline_seconds)
            except BaseException as error:
                self.drop_connection(connection)
                if journal is not None:
                    journal.interrupted(method, error)
                raise
            if exchange is None:
                sent = connection.last_frame
                self._idle.append(connection)
                if journal is not None and frame is not None:
                    world = journal.world
                    if world is not None:
                        world.note(self, journal.key, sent, value, frame)
                        if scope is not None and scope.refers():
                            world.keep(scope)
                            scope = None
                return value
            self.end(exchange, journal)
            if isinstance(exchange.error, ServerLostError) and scope is not None:
                exchange.error.attempt = Attempt(scope, exchange.answers)
                scope = None
        except ServerLostError as error:
            self.client.rest_if_ending()
            if error.attempt is None and scope is not None:
                error.attempt = Attempt(scope, answers)
                scope = None
            raise
        finally:
            if scope is not None:
                scope.close()
        if exchange.error is not None:
            if isinstance(exchange.error, ServerLostError):
                self.client.rest_if_ending()
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

    def end(self, exchange: Exchange, journal: Handle | None = None) -> None:
        """Takes the connection of a call back, which has its reply or was given up."""
        connection, error = exchange.connection, exchange.error
        if journal is not None:
            journal.took_down(self, exchange)
        if exchange.is_done:
            self.give_connection(connection)
        else:
            connection.close()
        if isinstance(error, ServerLostError) and not connection.is_lost:
            # It was the worker that answered so: it is another one than before.
            self.lose(is_back=True)
        elif connection.is_lost:
            self.lose(is_back=connection.is_replaced)

    def ask(self, method: str, params: Sequence[Any]) -> bytes:
        """Calls a method; gives the frame of its result.

        Raises:
            GemError: what the call failed with.
        """
        exchange = self._run(method, params, None)
        exchange.check()
        return exchange.frame

    def replay(self, method: str, params: Sequence[Any], answers: Answers) -> bytes:
        """Makes a call that was made before; objects that answered then are not asked again.

        Returns:
            The frame of its result or error.

        Raises:
            ServerLostError: when this worker is lost, too.
        """
        exchange = self._run(method, params, answers)
        if isinstance(exchange.error, ServerLostError):
            raise exchange.error
        return exchange.frame

    def send_close(self, number: int) -> None:
        """Closes what was closed before; objects are not told again."""
        self._run("close", [[number]], Silence())

    def _run(self, method: str, params: Sequence[Any], answers: Answers | None) -> Exchange:
        scope = self.client.objects.scope()
        try:
            connection = self.take_connection()
            try:
                exchange = Exchange(connection, REPLAY, scope, method, None, answers)
                exchange.send(params)
                finish([exchange], self.client.deadline_seconds)
            except BaseException:
                self.drop_connection(connection)
                raise
            self.end(exchange)
        finally:
            scope.close()
        return exchange

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
            self.lose(is_back=connection.is_replaced)

    def lose(self, *, is_back: bool = False) -> None:
        """Notes that what this worker had is gone: all workers of a private server that ended.

        Args:
            is_back: whether another worker is known to answer at the same address.
        """
        client = self.client
        has_ended = self.peer.has_ended()
        for worker in list(client.workers) if has_ended else [self]:
            worker.is_lost = True
            while worker._idle:
                with contextlib.suppress(IndexError):
                    worker._idle.pop().close()
        if not has_ended and (is_back or client.process is not None):
            client.renew(self)

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
        if isinstance(release.error, ServerLostError):
            self.lose(is_back=not connection.is_lost)
            raise release.error

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
            self._recognise(hello.value.get("born"))
            if client.process is None:
                client.presence.keep(self.peer.endpoint)
            return self._share_memory(connection, hello.value)
        except GemDeadlineError as error:
            connection.close()
            seconds = client.start_timeout_seconds
            message = (
                f"Nobody answers at {self.peer.endpoint} within {seconds:g} s (GEM_START_TIMEOUT)."
                f"{connection.hint}"
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

    def _recognise(self, born: object) -> None:
        """Notes which of the threads that may follow each other at an address answers there.

        Raises:
            ServerLostError: when it is another one than the one that has our environments.
        """
        self.born = self.born or born
        if born != self.born:
            self.lose(is_back=True)
            raise self.peer.lost("was restarted")

    def _is_still(self) -> bool:
        """Whether the thread that answers at the address is the one that has our environments.

        Raises:
            ServerLostError: when none answers.
        """
        client, peer = self.client, self.peer
        seconds = peer.patience_seconds(refused=True)
        if peer.endpoint.startswith(SCHEME):
            connection: Connection = UnixConnection(seconds, peer)
        else:
            connection = Connection(client.context(), peer)
        try:
            hello = Exchange(connection, client.decoder, client.objects.scope(), "hello")
            hello.send([PROTOCOL_VERSION, client.id, {"pid": client.pid}])
            finish([hello], seconds)
            hello.check()
            return bool(hello.value.get("born") == self.born)
        except GemDeadlineError as error:
            raise peer.lost(f"gave no answer for {seconds:g} s") from error
        finally:
            connection.close()

    def _share_memory(self, connection: Connection, welcome: Any) -> Connection:
        """Goes on through shared memory where `GEM_TRANSPORT` allows and this host can."""
        wanted = self.client.transport
        if wanted not in ("auto", "shm"):
            return connection
        try:
            return share_memory(connection, welcome.get("shm"), self._is_still)
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
    with contextlib.suppress(AttributeError, TypeError):
        original.gem_error = error  # type: ignore[attr-defined]
    add_note = getattr(original, "add_note", None)
    if add_note is not None:
        add_note(error.message)
    return original
