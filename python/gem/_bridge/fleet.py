"""The workers of several servers: which there are, which answer, and how much each has to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gem._bridge.errors import DrainingError, GemError, ServerStartError
from gem._bridge.registry import Registry
from gem._bridge.scout import Scout, wait

if TYPE_CHECKING:
    from gem._bridge.client import Client
    from gem._bridge.worker import Worker

FRESH_SECONDS = 1.0
"""How long an answer is good for; whoever makes something later asks again."""

SOON_SECONDS = 0.2
"""The same, after something went wrong."""

FIRST_SECONDS = 1.0
"""How long servers may take that answer for the first time, after one has."""

ANSWER_SECONDS = 0.25
"""How long a server may take that has answered before; one that does not is busy, or gone."""


class Fleet:
    """What a client knows of the workers that `GEM_SERVER` names."""

    def __init__(self, client: Client, registry: Registry | None, endpoints: Sequence[str]) -> None:
        """Asks nobody yet.

        Args:
            client: whose workers they are.
            registry: the folder that lists them; None: they are `endpoints`, for good.
            endpoints: the addresses.
        """
        self.registry = registry
        self._client = client
        self._ranks = _ranks([endpoints])
        self._listed = set(endpoints)
        self._scouts = {endpoint: Scout(endpoint, client.context) for endpoint in endpoints}
        self._looking = threading.Lock()
        self._looked = float("-inf")

    def look(self, fresh_seconds: float = FRESH_SECONDS) -> None:
        """Asks all workers, where the last answers are older than so many seconds.

        Raises:
            ServerStartError: when no worker answers within `GEM_START_TIMEOUT`.
            ServerRefusedError: when none lets this client in.
            DrainingError: when all that answer are about to end.
        """
        if time.monotonic() - self._looked < fresh_seconds and self._has_usable():
            return
        if not self._looking.acquire(blocking=not self._has_usable()):
            return
        try:
            if time.monotonic() - self._looked < fresh_seconds and self._has_usable():
                return
            self._read_registry()
            self._ask()
            self._looked = time.monotonic()
        finally:
            self._looking.release()

    def usable(self) -> list[Worker]:
        """The workers for something new: those that answer, else those that did."""
        known = [
            (worker, self._scouts[worker.peer.endpoint])
            for worker in self._client.workers
            if not worker.is_lost and worker.peer.endpoint in self._listed
        ]
        open_ones = [pair for pair in known if pair[1].has_answered and not pair[1].is_draining]
        return [worker for worker, scout in open_ones if not scout.is_silent] or [
            worker for worker, _ in open_ones
        ]

    def weight(self, worker: Worker) -> tuple[int, int]:
        """What workers are chosen by, the lightest first."""
        endpoint = worker.peer.endpoint
        scout = self._scouts.get(endpoint)
        others = 0 if scout is None else scout.others
        return worker.load + others, self._ranks.get(endpoint, 0)

    def close(self) -> None:
        """Hangs up."""
        with self._looking:
            for scout in self._scouts.values():
                scout.close()

    def _has_usable(self) -> bool:
        return bool(self.usable())

    def _ask(self) -> None:
        client = self._client
        scouts = list(self._scouts.values())
        expected = [scout for scout in scouts if not scout.is_silent]
        begin = time.monotonic()
        end = begin + (FIRST_SECONDS if self._is_first() else ANSWER_SECONDS)
        last = begin + client.start_timeout_seconds
        self._send(scouts)
        while True:
            now = time.monotonic()
            self._renew()
            if self._has_usable():
                if now >= end or not any(scout.is_waiting for scout in expected):
                    break
                wait(scouts, end - now)
                continue
            if now >= last or (scouts and all(scout.refused for scout in scouts)):
                raise self._nobody()
            wait(scouts, last - now)
            if time.monotonic() - begin > FIRST_SECONDS:
                begin = time.monotonic()
                self._read_registry()
                scouts = list(self._scouts.values())
                self._send(scouts)
            end = time.monotonic() + (FIRST_SECONDS if self._is_first() else ANSWER_SECONDS)
        for scout in scouts:
            scout.is_silent = scout.is_waiting

    def _is_first(self) -> bool:
        return self._looked == float("-inf")

    def _send(self, scouts: Sequence[Scout]) -> None:
        loads = {worker.peer.endpoint: worker.load for worker in self._client.workers}
        for scout in scouts:
            scout.ask(loads.get(scout.endpoint, 0))

    def _renew(self) -> None:
        """Begins anew with workers that were lost and answer."""
        for worker in list(self._client.workers):
            scout = self._scouts[worker.peer.endpoint]
            if worker.is_lost and scout.has_answered and not scout.is_waiting:
                self._client.renew(worker)
                scout.own = scout.others = 0
                renewed = self._worker_at(worker.peer.endpoint)
                if renewed is not None and worker.born == scout.born:
                    # It is still the same thread: what we had there is nobody's any more.
                    renewed.released.extend((number, 0) for number in list(worker.live))

    def _worker_at(self, endpoint: str) -> Worker | None:
        workers = (worker for worker in self._client.workers if worker.peer.endpoint == endpoint)
        return next(workers, None)

    def _read_registry(self) -> None:
        if self.registry is None:
            return
        servers = [listed.endpoints for listed in self.registry.read()]
        self._ranks.update(_ranks(servers))
        self._listed = {endpoint for server in servers for endpoint in server}
        known = set(self._scouts)
        for endpoint in sorted(self._listed - known, key=lambda item: self._ranks[item]):
            self._scouts[endpoint] = Scout(endpoint, self._client.context)
            self._client.add_worker(endpoint)
        for worker in list(self._client.workers):
            if worker.is_lost and worker.peer.endpoint not in self._listed:
                self._client.drop_worker(worker)
                self._scouts.pop(worker.peer.endpoint).close()

    def _nobody(self) -> GemError:
        scouts = list(self._scouts.values())
        if scouts and all(scout.refused for scout in scouts) and scouts[0].refused is not None:
            return scouts[0].refused
        seconds = self._client.start_timeout_seconds
        if any(scout.is_draining and not scout.is_silent for scout in scouts):
            return DrainingError(
                "All servers that answer are about to end (gem drain) and take nothing new. Start "
                f"another one; this client waited {seconds:g} s for one (GEM_START_TIMEOUT)."
            )
        where = ", ".join(self._scouts) or "any address"
        if self.registry is not None:
            where += f" (the folder {self.registry.folder} lists {len(self._listed)})"
        why = next((f" {scout.refused.message}" for scout in scouts if scout.refused), "")
        message = f"Nobody answers at {where} within {seconds:g} s (GEM_START_TIMEOUT).{why}"
        return ServerStartError(message)


def _ranks(servers: Sequence[Sequence[str]]) -> dict[str, int]:
    """Each address's position in its server; in a plain list a server is told by its host."""
    ranks: dict[str, int] = {}
    for server in servers:
        seen: dict[str, int] = {}
        for endpoint in server:
            place = endpoint.rpartition(":" if endpoint.startswith("tcp://") else "/")[0]
            ranks[endpoint] = seen[place] = seen.get(place, -1) + 1
    return ranks
