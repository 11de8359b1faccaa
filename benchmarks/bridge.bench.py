"""What a step across the bridge costs.

Beside it: a bare echo, the same environments inline, and upstream in its own process.

    npm run bench -- bridge [--rounds 5] [--json out/bridge.json]

All contestants run in one go, one after the other within each round; figures are medians over
the rounds. Upstream takes part where `.venv-oracle` exists (`npm test` makes it).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from contestants.process import (
    FOLDER,
    ORACLE_PYTHON,
    OUR_PYTHON,
    TSX,
    Contestant,
    Result,
    has_oracle,
    machine,
    medians,
)

ENV_ID = "game:GuessTheNumber-v0-hard"
SINGLE = {"case": "single", "env_id": ENV_ID, "calls": 2_000}
ECHO = {"request_bytes": 64, "reply_bytes": 192, "calls": 2_000}
SIZES = (1, 16, 64, 256, 1_024)


def vector(envs: int, wrappers: str = "", is_async: bool = True) -> dict[str, Any]:
    """A request to step a vector, with fewer calls the larger it is."""
    calls = max(30, 20_000 // (envs + 40))
    return {
        "case": "vector",
        "env_id": ENV_ID,
        "envs": envs,
        "wrappers": wrappers,
        "is_async": is_async,
        "calls": calls,
    }


def contestants() -> dict[str, Contestant]:
    """Everybody who takes part, by name."""
    trainer = str(FOLDER / "trainer.py")
    ours = {
        f"gem {transport}": Contestant(
            f"gem {transport}", [OUR_PYTHON, trainer], {"GEM_TRANSPORT": transport}
        )
        for transport in ("unix", "ipc", "tcp")
    }
    echo = {
        f"echo {name}": Contestant(f"echo {name}", [OUR_PYTHON, str(FOLDER / "echo.py"), address])
        for name, address in (("ipc", "ipc:///tmp/gem-bench-echo"), ("tcp", "tcp://127.0.0.1:*"))
    }
    everybody = {"inline": Contestant("inline", [TSX, str(FOLDER / "inline.ts")]), **echo, **ours}
    if has_oracle():
        everybody["upstream"] = Contestant("upstream", [ORACLE_PYTHON, trainer])
    return everybody


def plan(names: list[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(row, contestant, request) of one round, so that rivals follow each other closely."""
    rows = []
    for name in names:
        rows.append(("one step", name, ECHO if name.startswith("echo") else SINGLE))
    for envs in SIZES:
        for name in names:
            if name.startswith("echo"):
                continue
            if name == "upstream":
                rows.append((f"{envs} envs", "upstream sync", vector(envs, is_async=False)))
                rows.append((f"{envs} envs", "upstream async", vector(envs)))
            else:
                rows.append((f"{envs} envs", name, vector(envs)))
    for name in names:
        if name == "upstream":
            rows.append(("64 envs, concat", "upstream sync", vector(64, "concat", is_async=False)))
            rows.append(("64 envs, concat", "upstream async", vector(64, "concat")))
        elif not name.startswith("echo"):
            rows.append(("64 envs, concat", name, vector(64, "concat")))
    return rows


def measure(rounds: int) -> dict[tuple[str, str], Result]:
    """The medians of every (row, contestant)."""
    everybody = contestants()
    collected: dict[tuple[str, str], list[Result]] = {}
    try:
        for _ in range(rounds):
            for row, name, request in plan(list(everybody)):
                child = everybody[name.removesuffix(" sync").removesuffix(" async")]
                if child.name == "inline":
                    request = {key: value for key, value in request.items() if key != "is_async"}
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
    for row in ("64 envs", "64 envs, concat"):
        for mode in ("async", "sync"):
            rival = figures.get((row, f"upstream {mode}"))
            if rival is None:
                continue
            for transport in ("unix", "ipc"):
                ours = figures[row, f"gem {transport}"]["steps_per_s"]
                ratio = ours / rival["steps_per_s"]
                lines.append(f"{row} over {transport} / upstream {mode}: {ratio:.1f}")
    return lines


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Cost of a step across the bridge.")
    parser.add_argument(
        "--rounds", type=int, default=5, help="rounds to take medians over (default 5)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    name = machine()
    print(f"Machine: {name}")
    if not has_oracle():
        print("Without upstream: no .venv-oracle here (`npm test` makes it).")
    figures = measure(args.rounds)
    print(table(figures))
    print("\n".join(ratios(figures)))
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"case": row, "contestant": who, **result} for (row, who), result in figures.items()
        ]
        args.json.write_text(json.dumps({"machine": name, "figures": rows}, indent=2))


if __name__ == "__main__":
    main()
