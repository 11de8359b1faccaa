"""What can go wrong, each as a class; an event's text is how it is written down and read again."""

from __future__ import annotations

import random
import signal
from dataclasses import dataclass
from functools import partial

from chaos.stage import RemoteStage, Stage, freeze, signal_if_alive
from chaos.trouble import Clockwork, CountTool


@dataclass(frozen=True)
class Event:
    """Something that goes wrong at a turn of the trainer."""

    turn: int

    def happen(self, stage: Stage) -> None:
        """Makes it happen, or has the stage make it happen during the turn."""
        raise NotImplementedError


@dataclass(frozen=True)
class KillServer(Event):
    """SIGKILL to the server, between steps or while a step waits for it."""

    is_during: bool
    index: int = 0

    def happen(self, stage: Stage) -> None:
        """Freezes it first when a step is to wait: else the step could be over before."""
        if isinstance(stage, RemoteStage):
            act = partial(self._kill_remote, stage)
        else:
            pids = stage.server_pids()
            act = partial(_signal_all, pids, signal.SIGKILL)
        if not self.is_during:
            act()
            return
        pids = stage.server_pids()[self.index : self.index + 1]
        for pid in pids:
            freeze(pid)
        stage.during_next_call(act)

    def _kill_remote(self, stage: RemoteStage) -> None:
        stage.kill(self.index)
        stage.restart(self.index)


@dataclass(frozen=True)
class LoseServer(Event):
    """SIGKILL to one of several servers, which comes back only later."""

    index: int

    def happen(self, stage: Stage) -> None:
        """Leaves its address without anybody."""
        assert isinstance(stage, RemoteStage)
        stage.kill(self.index)


@dataclass(frozen=True)
class ReturnServer(Event):
    """A lost server is there again."""

    index: int

    def happen(self, stage: Stage) -> None:
        """Starts it, behind the same address."""
        stage.restart(self.index)


@dataclass(frozen=True)
class StopServer(Event):
    """SIGSTOP to all servers, and SIGCONT after a while."""

    seconds: float

    def happen(self, stage: Stage) -> None:
        """Stops them before the step."""
        pids = stage.server_pids()
        for pid in pids:
            freeze(pid)
        stage.after(self.seconds, partial(_signal_all, pids, signal.SIGCONT))


@dataclass(frozen=True)
class KillHost(Event):
    """SIGKILL to a host, between steps or while a step waits for it."""

    pick: int
    is_during: bool

    def happen(self, stage: Stage) -> None:
        """Freezes it first when a step is to wait."""
        hosts = stage.hosts()
        if not hosts:
            return
        pid = hosts[self.pick % len(hosts)]
        act = partial(signal_if_alive, pid, signal.SIGKILL)
        if self.is_during:
            freeze(pid)
            stage.during_next_call(act)
        else:
            act()


@dataclass(frozen=True)
class StopHost(Event):
    """SIGSTOP to a host, and SIGCONT after a while."""

    pick: int
    seconds: float

    def happen(self, stage: Stage) -> None:
        """Stops it before the step."""
        hosts = stage.hosts()
        if hosts:
            pid = hosts[self.pick % len(hosts)]
            freeze(pid)
            stage.after(self.seconds, partial(signal_if_alive, pid, signal.SIGCONT))


@dataclass(frozen=True)
class EndWorker(Event):
    """A worker thread throws, or runs out of memory, at a moment of its own choice."""

    worker: int
    how: str

    def happen(self, stage: Stage) -> None:
        """Leaves the order where the worker looks every few milliseconds."""
        order = stage.folder / ".new"
        order.write_text(self.how)
        order.rename(stage.folder / str(self.worker))


@dataclass(frozen=True)
class CutSockets(Event):
    """All connections through a proxy are cut, between steps or during one."""

    index: int
    is_during: bool

    def happen(self, stage: Stage) -> None:
        """Cuts; the server lives and keeps the session."""
        cut = stage.proxies[self.index].cut
        if self.is_during:
            stage.during_next_call(lambda: (cut(), None)[1])
        else:
            cut()


@dataclass(frozen=True)
class SlowNetwork(Event):
    """From now on, a proxy keeps everything back for a while; 0 ends that."""

    index: int
    seconds: float

    def happen(self, stage: Stage) -> None:
        """Sets the delay."""
        stage.proxies[self.index].delay_seconds = self.seconds


@dataclass(frozen=True)
class Raise(Event):
    """Environments in the trainer raise: up to two times it is retried, more often masked."""

    times: int

    def happen(self, stage: Stage) -> None:
        """Tells the class."""
        Clockwork.failures = self.times


@dataclass(frozen=True)
class LoseTool(Event):
    """A tool in the trainer is away for some calls: up to two of them are asked again."""

    times: int

    def happen(self, stage: Stage) -> None:
        """Tells the class."""
        CountTool.absences = self.times


def _signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        signal_if_alive(pid, number)


KINDS = {
    kind.__name__: kind
    for kind in (
        KillServer,
        LoseServer,
        ReturnServer,
        StopServer,
        KillHost,
        StopHost,
        EndWorker,
        CutSockets,
        SlowNetwork,
        Raise,
        LoseTool,
    )
}


def plan_private(seed: int, turns: int, count: int) -> list[Event]:
    """What happens to a private server and its trainer: `count` events, at most two in a turn.

    Kinds are dealt like cards, so that eight events are one of each.
    """
    draw = random.Random(seed)
    events: list[Event] = []
    deck: list[int] = []
    for turn in _turns(draw, turns, count):
        during = draw.random() < 0.5
        pick = draw.randrange(8)
        seconds = round(draw.uniform(0.2, 1.0), 2)
        deck = deck or draw.sample(range(8), 8)
        kinds: list[Event] = [
            KillServer(turn, during),
            StopServer(turn, seconds),
            KillHost(turn, pick, during),
            StopHost(turn, pick, seconds),
            EndWorker(turn, draw.randrange(2), "throw"),
            EndWorker(turn, draw.randrange(2), "memory"),
            Raise(turn, draw.choice([1, 2, 3])),
            LoseTool(turn, draw.choice([1, 2, 4])),
        ]
        events.append(kinds[deck.pop()])
    return events


def plan_remote(seed: int, turns: int, count: int, servers: int) -> list[Event]:
    """What happens to servers behind proxies; those that are lost come back three turns later."""
    draw = random.Random(seed)
    events: list[Event] = []
    lost: dict[int, int] = {}
    for turn in _turns(draw, turns, count):
        for index in [index for index, back in lost.items() if back <= turn]:
            events.append(ReturnServer(lost.pop(index), index))
        index, during = draw.randrange(servers), draw.random() < 0.5
        kinds: list[Event] = [
            CutSockets(turn, index, during),
            CutSockets(turn, index, is_during=not during),
            SlowNetwork(turn, index, draw.choice([0.0, 0.02, 0.05])),
            StopServer(turn, round(draw.uniform(0.2, 1.0), 2)),
        ]
        if not lost:
            kinds += [KillServer(turn, during, index), LoseServer(turn, index)]
        event = draw.choice(kinds)
        if isinstance(event, LoseServer):
            lost[event.index] = turn + 3
        events.append(event)
    events += [ReturnServer(turn, index) for index, turn in lost.items() if turn < turns]
    return sorted(events, key=lambda event: event.turn)


def write(event: Event) -> list[object]:
    """An event as JSON: its kind and its fields."""
    return [type(event).__name__, dict(vars(event))]


def read(kind: str, fields: dict[str, object]) -> Event:
    """An event from JSON."""
    event: Event = KINDS[kind](**fields)  # type: ignore[arg-type]
    return event


def _turns(draw: random.Random, turns: int, count: int) -> list[int]:
    places = [turn for turn in range(turns) for _ in range(2)]
    return sorted(draw.sample(places, min(count, len(places))))
