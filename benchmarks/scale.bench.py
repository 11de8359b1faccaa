"""What a server is like with very many environments, sessions and steps.

    npm run bench -- scale [waiting] [sessions] [steps] [busy] [servers] [notice] [--small]

Each case has a server of its own, and its client is a process of its own. `--small` takes a
fiftieth of everything.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "python"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from contestants.process import machine
from scale_server import BareClient, Heap, ScaleServer, play_once

ENV_ID = "game:GuessTheNumber-v0-easy"
WIDTH = 64
STEP_SECONDS = 1.0
ROUNDS = 3
BATCH = 256
BATCH_SECONDS = 0.1
"""What the model waits for before it answers."""


def waiting(small: bool) -> str:
    """Environments that each take a second for a step: what a step takes beyond that."""
    import numpy as np

    import gem

    count = 16_384 // (50 if small else 1)
    with ScaleServer(workers=2) as server:
        os.environ["GEM_SERVER"] = ",".join(server.endpoints)
        vec = gem.make_vec(["scale:Timer"] * count, async_mode=True)
        vec.reset(seed=1)
        sent = np.full(count, time.perf_counter())
        left = np.full(count, ROUNDS)
        vec.send([str(STEP_SECONDS)] * count)
        added: list[float] = []
        while len(added) < ROUNDS * count:
            ids = vec.recv(min=BATCH, max_wait=BATCH_SECONDS)[0]
            now = time.perf_counter()
            if len(ids) == 0:
                if now > sent.max() + 60:
                    break
                continue
            added.extend(now - sent[ids] - STEP_SECONDS)
            left[ids] -= 1
            again = ids[left[ids] > 0]
            if len(again):
                sent[again] = time.perf_counter()
                vec.send([str(STEP_SECONDS)] * len(again), again.tolist())
        share = len(added) / (ROUNDS * count)
        p50, p99 = np.percentile(added, [50, 99])
        vec.close()
    return (
        f"{count:,} live environments of {STEP_SECONDS:g} s a step, {ROUNDS} steps each: "
        f"{share:.2%} answered, added latency p50 {p50:.2f} s, p99 {p99:.2f} s"
    )


def sessions(small: bool) -> str:
    """Clients that come, make an environment, step it and go."""
    count = 65_536 // (50 if small else 1)
    with ScaleServer() as server, Heap(server.endpoints[0]) as heap:
        (endpoint,) = server.endpoints
        for _ in range(count // 16):
            play_once(endpoint)
        used, resident = heap.used(), server.resident()
        start = time.perf_counter()
        for _ in range(count):
            play_once(endpoint)
        seconds = time.perf_counter() - start
        heap_change = heap.used() / used - 1
        resident_change = server.resident() / resident - 1
    return (
        f"{count:,} sessions made, stepped and closed in {seconds:.0f} s: heap {heap_change:+.2%}, "
        f"resident memory {resident_change:+.2%}"
    )


def steps(small: bool) -> str:
    """Steps of a vector, and what they leave behind on either side, after as many before them.

    A client's journal grows and shrinks with the time between two snapshots, so its memory is level
    only when the longest of them has come.
    """
    import gem

    count = 10_000_000 // WIDTH // (50 if small else 1)
    with ScaleServer() as server, Heap(server.endpoints[0]) as heap:
        os.environ["GEM_SERVER"] = server.endpoints[0]
        vec = gem.make_vec([ENV_ID] * WIDTH, seed=1)
        vec.reset()
        actions = ["\\boxed{5}"] * WIDTH
        for _ in range(count):
            vec.step(actions)
        before = heap.used(), server.resident(), _resident()
        start = time.perf_counter()
        for _ in range(count):
            vec.step(actions)
        seconds = time.perf_counter() - start
        after = heap.used(), server.resident(), _resident()
        vec.close()
    changes = [f"{new / old - 1:+.2%}" for old, new in zip(before, after, strict=True)]
    return (
        f"{count * WIDTH:,} steps at {count * WIDTH / seconds:,.0f} a second: server's heap "
        f"{changes[0]}, server's resident memory {changes[1]}, client's {changes[2]}"
    )


def busy(small: bool) -> str:
    """A worker that computes without a break for two minutes."""
    seconds = 120 // (50 if small else 1)
    with ScaleServer(workers=2) as server, BareClient(server.endpoints[0]) as client:
        handle = client.make("scale:Busy")
        client.call("reset", handle, 0, 1, {})
        result = client.call("step", handle, 0, str(seconds))[0]
        again = client.call("step", handle, 0, "0")[0]
    kept = "it is the same worker" if (result, again) == ("1", "2") else "IT WAS REPLACED"
    return f"a step of {seconds} s at 100 % of a core: answered, {kept}"


def servers(small: bool) -> str:
    """Work on one server and on two: steps that are all alike, and resets that are not."""
    seconds = 20.0 / (10 if small else 1)
    lines = []
    for what, work in (("steps of 1 ms", _STEPS), ("resets of Sokoban", _RESETS)):
        with ScaleServer() as first, ScaleServer() as second:
            places = [*first.endpoints], [*first.endpoints, *second.endpoints]
            rates: list[list[float]] = [[], []]
            for _ in range(3):
                for rate, endpoints in zip(rates, places, strict=True):
                    rate.append(_rate(work, endpoints, seconds))
        one, two = (sorted(rate)[1] for rate in rates)
        lines.append(f"{what} a second: one server {one:,.0f}, two {two:,.0f}: {two / one:.2f} x")
    return "; ".join(lines)


_STEPS = f"""
vec = gem.make_vec(["scale:Work"] * {WIDTH}, async_mode=True)
work = lambda count: vec.step(["1000"] * {WIDTH})
"""
_RESETS = f"""
vec = gem.make_vec(["game:Sokoban-v0-hard"] * {WIDTH}, seed=1, async_mode=True)
work = lambda count: vec.reset(seed=count)
"""


def _rate(work: str, endpoints: list[str], seconds: float) -> float:
    """Calls a second and environment, by a process of its own, which finds these servers."""
    script = f"""
import time, gem
{work}
vec.reset(seed=1)
work(1)
start, count = time.perf_counter(), 0
while time.perf_counter() - start < {seconds}:
    work(count)
    count += {WIDTH}
print(count / (time.perf_counter() - start))
"""
    path = str(Path(__file__).resolve().parents[1] / "python")
    environment = {
        **os.environ,
        "GEM_SERVER": ",".join(endpoints),
        "GEM_MIN_BLOCK": "1",
        "PYTHONPATH": path,
    }
    return float(subprocess.check_output([sys.executable, "-c", script], env=environment))


def notice(small: bool) -> str:
    """What passes between a death and its client's knowledge, and until the client is told more.

    The client knows by the cut connection. It then looks for the worker or server that takes the
    place, and has its answer when that one is there, or when nobody comes.
    """
    rounds = 5 if small else 30
    lines = []
    for name in ("worker", "server"):
        noticed, answered = zip(*(_death_of_a(name) for _ in range(rounds)), strict=True)
        lines.append(
            f"death of a {name} known to the client after {statistics.median(noticed):.1f} ms "
            f"(at most {max(noticed):.1f} of {rounds}), "
            f"the call's end after {statistics.median(answered):.0f} ms"
        )
    return "; ".join(lines)


def _death_of_a(name: str) -> tuple[float, float]:
    """Milliseconds until the client knows, and until its call has ended with an error."""
    env_id, action = ("scale:Exit", "0.3") if name == "worker" else ("scale:Timer", "60")
    script = f"""
import time, gem, gem.errors
from gem._bridge.connection import Connection
known, resume = [], Connection._resume
def resume_noted(self):
    known.append(time.time())
    resume(self)
Connection._resume = resume_noted
env = gem.make("{env_id}")
env.reset()
print(time.time(), flush=True)
try:
    env.step("{action}")
except gem.errors.ServerLostError:
    print(known[0], time.time(), flush=True)
"""
    path = str(Path(__file__).resolve().parents[1] / "python")
    with ScaleServer(workers=2) as server:
        environment = {
            **os.environ,
            "GEM_SERVER": ",".join(server.endpoints),
            "GEM_RECOVER": "0",
            "PYTHONPATH": path,
        }
        client = subprocess.Popen(
            [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert client.stdout is not None
        died = float(client.stdout.readline()) + 0.3
        if name == "server":
            time.sleep(0.3)
            died = time.time()
            server.process.kill()
        known, ended = map(float, client.stdout.readline().split())
        client.wait()
    return (known - died) * 1e3, (ended - died) * 1e3


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


CASES: dict[str, Callable[[bool], str]] = {
    "waiting": waiting,
    "sessions": sessions,
    "steps": steps,
    "busy": busy,
    "servers": servers,
    "notice": notice,
}


def main() -> None:
    """Runs the cases that are named, each in a process of its own; without a name all of them."""
    names = [name for name in sys.argv[1:] if name in CASES]
    small = "--small" in sys.argv
    if "--here" in sys.argv:
        sys.stdout.write(f"{CASES[names[0]](small)}\n")
        return
    sys.stdout.write(f"{machine()}\n")
    for name in names or CASES:
        load = os.getloadavg()[0]
        arguments = [name, "--here", *(["--small"] if small else [])]
        output = subprocess.check_output([sys.executable, __file__, *arguments], text=True)
        sys.stdout.write(f"{name} (load {load:.1f}): {output}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
