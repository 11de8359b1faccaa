"""What a reset of each game costs, beside upstream's; and what long resets cost the neighbours.

    npm run bench -- envs [GAME ...] [--seeds 200] [--budget 10] [--rounds 3] [--no-neighbours]

Resets: per id, this project in process and upstream take turns over the same seeds; a row's ratio
is upstream's time divided by ours, summed over these seeds; the median over the rounds. Upstream
stops after `--budget` seconds of an id and round, and ours then plays as many seeds. Word games
play NLTK's `words` corpus on both sides, so it has to be on NLTK's search path:
`python -m nltk.downloader words`. FifteenPuzzle's rules changed after 0.1.0: `GEM_UPSTREAM_SRC`
names a checkout to compare with.

Neighbours: one worker, one thread that resets Sokoban-hard without a pause, and one that steps
another environment: milliseconds of such a step, with and without the resets.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from typing import Any

import gem
from contestants.process import FOLDER, ORACLE_PYTHON, TSX, Contestant, has_oracle, machine

IDS = {
    "GuessTheNumber": ("hard", "easy", "random"),
    "Mastermind": ("hard", "random", "easy"),
    "Minesweeper": ("easy", "hard", "random"),
    "Wordle": ("hard", "easy", "random"),
    "FifteenPuzzle": ("random", "easy", "hard"),
    "Hangman": ("random", "easy", "hard"),
    "Sudoku": ("easy", "hard", "random"),
    "TowerofHanoi": ("easy", "hard", "random"),
    "Game2048": ("easy", "hard", "extreme-hard", "random"),
    "Sokoban": ("easy", "hard", "random"),
    "Crosswords": ("easy", "hard", "random"),
    "WordSearch": ("easy", "hard", "random"),
}
WORD_GAMES = ("Wordle", "Hangman", "WordSearch")

UNCONSTRUCTIBLE = {
    "game:FifteenPuzzle-v0-random": {"num_rows": 2, "max_turns": 10},
    "game:Crosswords-v0-random": {"hardcore": False, "num_words": 3, "max_turns": 20},
}
"""Ids whose constructor raises upstream: arguments with which it does not; the draws come after."""

WARMUP_MS = 500
"""Untimed resets of ours before each round; upstream's interpreter has nothing to warm up."""


def compare(ours: Contestant, theirs: Contestant, env_id: str, args: argparse.Namespace) -> str:
    """The table row of one id."""
    game = env_id.removeprefix("game:").split("-")[0]
    rounds: list[tuple[list[float], list[float]]] = []
    for round_index in range(args.rounds):
        seeds = list(range(round_index * args.seeds, (round_index + 1) * args.seeds))
        upstream: dict[str, Any] = theirs.ask(
            id=env_id,
            kwargs=UNCONSTRUCTIBLE.get(env_id, {}),
            draws=env_id in UNCONSTRUCTIBLE,
            seeds=seeds,
            budget_s=args.budget,
        )
        if "error" in upstream:
            return f"| {env_id} | | | | | {upstream['error']} |"
        played = seeds[: len(upstream["ms"])]
        options = {"dictionary": "nltk"} if game in WORD_GAMES else {}
        answer: dict[str, Any] = ours.ask(
            id=env_id, options=options, seeds=played, warmup_ms=WARMUP_MS
        )
        rounds.append((answer["ms"], upstream["ms"]))
    ratio = statistics.median(sum(slow) / sum(fast) for fast, slow in rounds)
    fast = [ms for ms_of_round, _ in rounds for ms in ms_of_round]
    slow = [ms for _, ms_of_round in rounds for ms in ms_of_round]
    return (
        f"| {env_id} | {len(fast)} | {statistics.mean(fast):.3f} | {max(fast):.3f} "
        f"| {statistics.mean(slow):.3f} | {ratio:.1f} |"
    )


def neighbours(steps: int) -> None:
    """Prints what a step costs beside resets of Sokoban-hard on the same worker."""
    env = gem.make("game:GuessTheNumber-v0-hard")
    env.reset(seed=0)
    print("\n| a step of GuessTheNumber | p50 ms | p99 ms | max ms |\n|---|--:|--:|--:|")
    print(f"| alone | {latencies(env, steps)} |")
    is_over = threading.Event()
    count = 0

    def reset_rooms() -> None:
        nonlocal count
        room = gem.make("game:Sokoban-v0-hard")
        while not is_over.is_set():
            room.reset(seed=count)
            count += 1

    thread = threading.Thread(target=reset_rooms)
    thread.start()
    while count == 0:
        time.sleep(0.01)
    print(f"| beside resets of Sokoban-hard | {latencies(env, steps)} |")
    is_over.set()
    thread.join()
    print(f"{count} rooms were made meanwhile.")


def latencies(env: gem.Env, steps: int) -> str:
    """p50, p99 and maximum of `steps` steps, as table cells."""
    samples = []
    for _ in range(steps):
        start = time.perf_counter()
        env.step("\\boxed{51}")
        samples.append((time.perf_counter() - start) * 1e3)
        time.sleep(0.001)
    samples.sort()
    cells = (samples[len(samples) // 2], samples[len(samples) * 99 // 100], samples[-1])
    return " | ".join(f"{cell:.2f}" for cell in cells)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Cost of resets, and of long ones to others.")
    parser.add_argument("games", nargs="*", help=f"of {', '.join(IDS)}; default all")
    parser.add_argument("--seeds", type=int, default=200, help="per id and round (default 200)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default 3)")
    parser.add_argument(
        "--budget", type=float, default=10, help="upstream's seconds per id and round (default 10)"
    )
    parser.add_argument("--no-neighbours", action="store_true", help="compare resets only")
    args = parser.parse_args()
    print(f"Machine: {machine()}")
    if has_oracle():
        ours = Contestant("ours", [TSX, str(FOLDER / "resets.ts")])
        theirs = Contestant("upstream", [ORACLE_PYTHON, str(FOLDER / "resets.py")])
        print("| id | resets | ours mean ms | max | upstream mean ms | upstream / ours |")
        print("|---|--:|--:|--:|--:|--:|")
        for game in args.games or IDS:
            for level in IDS[game]:
                print(compare(ours, theirs, f"game:{game}-v0-{level}", args), flush=True)
        ours.close()
        theirs.close()
    else:
        print("Upstream takes no part: there is no .venv-oracle (`npm test` makes it).")
    if not args.no_neighbours:
        neighbours(3_000)


if __name__ == "__main__":
    main()
