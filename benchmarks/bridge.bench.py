"""What a step across the bridge costs.

Beside it: bare echoes, the same environments inline, and upstream in its own process.

    npm run bench -- bridge [--rounds 5] [--json out/bridge.json] [--plot docs/bridge.svg]

All in one go, in heats: single steps with everybody, then for each transport its vectors beside
upstream's alone, one after the other within each round (idle processes cost the others time).
Figures are medians over the rounds. Upstream takes part where `.venv-oracle` exists (`npm test`
makes it), shared memory where the bridge has been built (`npm run build:bridge`).
"""

from __future__ import annotations

import argparse
import functools
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants.plot import log_plot
from contestants.process import (
    FOLDER,
    ORACLE_PYTHON,
    OUR_PYTHON,
    ROOT,
    TSX,
    Contestant,
    Result,
    SecuredContestant,
    Server,
    has_bridge,
    has_oracle,
    machine,
    medians,
)

ENV_ID = "game:GuessTheNumber-v0-hard"
SINGLE = {"case": "single", "env_id": ENV_ID, "calls": 2_000}
ECHO = {"request_bytes": 64, "reply_bytes": 192, "calls": 2_000}
SIZES = (1, 16, 64, 256, 1_024)
PAYLOADS = (100, 1_000, 10_000, 100_000, 1_000_000)
CLIENTS = (1, 2, 4, 8)
TRANSPORTS = ("shm", "unix", "ipc", "tcp")
"""Ways to reach the server, the fastest first."""

SECURED = "gem tcp, CURVE"
"""The last of them with keys, at one worker; in the first heat only."""


def vector(envs: int, wrappers: str = "", is_async: bool = True) -> dict[str, Any]:
    """A request to step a vector, with fewer calls the larger it is."""
    calls = max(60, 100_000 // (envs + 40))
    return {
        "case": "vector",
        "env_id": ENV_ID,
        "envs": envs,
        "wrappers": wrappers,
        "is_async": is_async,
        "calls": calls,
    }


def transports() -> list[str]:
    """The ways that this installation has."""
    return [name for name in TRANSPORTS if name != "shm" or has_bridge()]


def contestants() -> dict[str, Callable[[], Contestant]]:
    """What starts each of those who take part, by name."""
    trainer = str(FOLDER / "trainer.py")
    echo = str(FOLDER / "echo.py")
    commands: dict[str, tuple[list[str], dict[str, str]]] = {
        "inline": ([TSX, str(FOLDER / "inline.ts")], {}),
        "echo ipc": ([OUR_PYTHON, echo, "ipc:///tmp/gem-bench-echo", "node"], {}),
        "echo tcp": ([OUR_PYTHON, echo, "tcp://127.0.0.1:*", "node"], {}),
        "echo pyzmq ipc": ([OUR_PYTHON, echo, "ipc:///tmp/gem-bench-echo-python", "python"], {}),
    }
    for transport in transports():
        commands[f"gem {transport}"] = ([OUR_PYTHON, trainer], {"GEM_TRANSPORT": transport})
    if has_oracle():
        commands["upstream"] = ([ORACLE_PYTHON, trainer], {})
    starters: dict[str, Callable[[], Contestant]] = {
        name: functools.partial(Contestant, name, command, env)
        for name, (command, env) in commands.items()
    }
    secured = functools.partial(SecuredContestant, SECURED, [OUR_PYTHON, trainer])
    return {**starters, SECURED: secured}


Plan = list[tuple[str, str, dict[str, Any]]]
"""(row, contestant, request) of one round, so that rivals follow each other closely."""


def single_plan(names: list[str]) -> Plan:
    """One step, by everybody."""
    return [("one step", name, ECHO if name.startswith("echo") else SINGLE) for name in names]


def vector_plan(names: list[str]) -> Plan:
    """Vectors of all sizes, and one with a history."""
    cases = [(f"{envs} envs", envs, "") for envs in SIZES]
    rows: Plan = []
    for row, envs, wrappers in [*cases, ("64 envs, concat", 64, "concat")]:
        for name in names:
            if name == "upstream":
                sync = vector(envs, wrappers, is_async=False)
                rows.append((row, "upstream sync", sync))
                rows.append((row, "upstream async", vector(envs, wrappers)))
            else:
                rows.append((row, name, vector(envs, wrappers)))
    return rows


def payload_plan() -> Plan:
    """One step with an action and an answer of so many bytes each."""
    rows = []
    for size in PAYLOADS:
        request = {"case": "payload", "env_id": ENV_ID, "size": size}
        calls = max(50, 100_000_000 // (size + 50_000))
        for transport in transports():
            rows.append(
                (f"{size:,} bytes", f"gem {transport}", {**request, "calls": min(calls, 2_000)})
            )
        rows.append((f"{size:,} bytes", SECURED, {**request, "calls": min(calls, 2_000)}))
    return rows


def memory_floor() -> str:
    """What a bare round trip through memory costs, Rust on both sides; empty without cargo."""
    if shutil.which("cargo") is None:
        return ""
    manifest = str(ROOT / "bridge" / "Cargo.toml")
    package = ["--package", "gem-shm", "--example", "echo"]
    command = ["cargo", "run", "--release", "--quiet", "--manifest-path", manifest, *package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def measure_clients(rounds: int) -> dict[tuple[str, str], Result]:
    """Several processes that step an environment each on one server of two workers."""
    figures: dict[tuple[str, str], list[Result]] = {}
    trainer = str(FOLDER / "trainer.py")
    for transport in transports():
        server = Server("unix" if transport == "shm" else transport, workers=2)
        environment = {"GEM_SERVER": server.endpoints, "GEM_TRANSPORT": transport}
        children = [
            Contestant(f"client {i}", [OUR_PYTHON, trainer], environment)
            for i in range(max(CLIENTS))
        ]
        try:
            for _ in range(rounds):
                for count in CLIENTS:
                    results = Contestant.ask_all(children[:count], **SINGLE)
                    total = {
                        "p50": max(result["p50"] for result in results),
                        "p99": max(result["p99"] for result in results),
                        "steps_per_s": sum(result["steps_per_s"] for result in results),
                    }
                    row = f"{count} client{'s' if count > 1 else ''}"
                    figures.setdefault((row, f"gem {transport}"), []).append(total)
        finally:
            for child in children:
                child.close()
            server.close()
    return {key: medians(results) for key, results in figures.items()}


def heats(names: list[str]) -> list[tuple[list[str], Plan]]:
    """Who runs together, and what."""
    all_of_them = [(names, [*single_plan(names), *payload_plan()])]
    rivals = [name for name in ("upstream", "inline") if name in names]
    for transport in transports():
        # In process there is no transport: it runs in the first of these heats only.
        together = [f"gem {transport}", *(rivals if len(all_of_them) == 1 else rivals[:-1])]
        all_of_them.append((together, vector_plan(together)))
    return all_of_them


def measure(rounds: int) -> dict[tuple[str, str], Result]:
    """The medians of every (row, contestant)."""
    starters = contestants()
    collected: dict[tuple[str, str], list[Result]] = {}
    for names, plan in heats(list(starters)):
        everybody = {name: starters[name]() for name in names}
        try:
            for _ in range(rounds):
                for row, name, request in plan:
                    child = everybody[name.removesuffix(" sync").removesuffix(" async")]
                    if child.name == "inline":
                        request = {
                            key: value for key, value in request.items() if key != "is_async"
                        }
                    collected.setdefault((row, name), []).append(child.ask(**request))
        finally:
            for child in everybody.values():
                child.close()
    return {key: medians(results) for key, results in collected.items()}


def table(figures: dict[tuple[str, str], Result]) -> str:
    """The figures as Markdown."""
    lines = [
        "| case | contestant | p50 µs per call | p99 µs per call | steps/s |",
        "|---|---|--:|--:|--:|",
    ]
    for (row, name), result in figures.items():
        p50, p99, rate = (result[key] for key in ("p50", "p99", "steps_per_s"))
        lines.append(f"| {row} | {name} | {p50:.1f} | {p99:.1f} | {rate:,.0f} |")
    return "\n".join(lines)


def ratios(figures: dict[tuple[str, str], Result]) -> list[str]:
    """The ratios that the project promises to hold, as sentences."""
    lines = []
    for transport in ("ipc", "tcp"):
        step = figures["one step", f"gem {transport}"]["p50"]
        echo = figures["one step", f"echo {transport}"]["p50"]
        lines.append(f"one step over {transport} / bare echo: {step / echo:.2f}")
    secured, plain = (figures["one step", name]["p50"] for name in (SECURED, "gem tcp"))
    lines.append(f"one step over tcp with CURVE / without: {secured / plain:.2f}")
    if ("one step", "gem shm") in figures:
        memory = figures["one step", "gem shm"]["p50"]
        for transport in ("unix", "ipc", "tcp"):
            other = figures["one step", f"gem {transport}"]["p50"]
            lines.append(f"one step over {transport} / over shm: {other / memory:.1f}")
    for row in ("64 envs", "64 envs, concat"):
        for mode in ("async", "sync"):
            rival = figures.get((row, f"upstream {mode}"))
            if rival is None:
                continue
            for transport in transports():
                ours = figures[row, f"gem {transport}"]["steps_per_s"]
                ratio = ours / rival["steps_per_s"]
                lines.append(f"{row} over {transport} / upstream {mode}: {ratio:.1f}")
    return lines


def draw(figures: dict[tuple[str, str], Result], name: str) -> str:
    """Steps a second by the number of environments, as an SVG document."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for (row, who), result in figures.items():
        if row.endswith(" envs"):
            count = int(row.removesuffix(" envs"))
            lines.setdefault(who, []).append((count, result["steps_per_s"]))
    return log_plot(lines, "environments in one call", "steps per second", name)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Cost of a step across the bridge.")
    parser.add_argument(
        "--rounds", type=int, default=5, help="rounds to take medians over (default 5)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument(
        "--plot", type=Path, help="also draw the vectors' figures into this SVG file"
    )
    args = parser.parse_args()
    name = machine()
    print(f"Machine: {name}")
    if not has_oracle():
        print("Without upstream: no .venv-oracle here (`npm test` makes it).")
    if not has_bridge():
        print("Without shared memory: `npm run build:bridge` makes it where cargo is installed.")
    figures = measure(args.rounds)
    figures.update(measure_clients(args.rounds))
    print(table(figures))
    print("\n".join(ratios(figures)))
    print(f"Floor, gem-shm between two Rust processes:\n{memory_floor() or 'no cargo here'}")
    if args.plot is not None:
        args.plot.write_text(draw(figures, name))
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"case": row, "contestant": who, **result} for (row, who), result in figures.items()
        ]
        args.json.write_text(json.dumps({"machine": name, "figures": rows}, indent=2))


if __name__ == "__main__":
    main()
