"""Writes `src/envs/textarena/games.data.ts`: TextArena's games, their ids and options.

    python scripts/make-ta-ids.py [--check]

Runs in a Python that has textarena; `--check` says whether the file is what it would write.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import types
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "envs" / "textarena" / "games.data.ts"
LINE_LENGTH = 100
HEADER = """\
/** TextArena 0.7.4's games that one player can play here; made by `scripts/make-ta-ids.py`. */

/** One of TextArena's games. */
export interface Game {
  /** How many play it; of two, one is an opponent. */
  readonly players: 1 | 2;
  /** Arguments of its constructor. */
  readonly options: readonly string[];
  /** Its ids in TextArena. */
  readonly ids: readonly string[];
}

/** Every game by its name. */
export const GAMES: Readonly<Record<string, Game>> = {
"""


def text() -> str:
    """The file's content."""
    found = catalogue()
    return f"{HEADER}{''.join(entry(found, name) for name in found['games'])}}};\n"


def catalogue() -> dict[str, Any]:
    """What the library registers, asked through the host's module without the rest of `gem`."""
    package = types.ModuleType("gem")
    package.__path__ = [str(ROOT / "python" / "gem")]
    sys.modules["gem"] = package
    library = importlib.import_module("gem._host.libraries.textarena")
    found: dict[str, Any] = library.FUNCTIONS["catalogue"]()
    return found


def entry(found: dict[str, Any], name: str) -> str:
    """One game, laid out as Prettier does."""
    game = found["games"][name]
    ids = [env_id for env_id, owner in found["ids"].items() if owner == name]
    lines = [
        f"    players: {game['players']},\n",
        listed("options", game["options"]),
        listed("ids", ids),
    ]
    return f"  {name}: {{\n{''.join(lines)}  }},\n"


def listed(name: str, values: list[str]) -> str:
    """A property that is a list of strings."""
    quoted = [json.dumps(value) for value in values]
    line = f"    {name}: [{', '.join(quoted)}],\n"
    if len(line) <= LINE_LENGTH + 1:
        return line
    return f"    {name}: [\n{''.join(f'      {value},{chr(10)}' for value in quoted)}    ],\n"


def main() -> int:
    """Writes or compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        return int(TARGET.read_text(encoding="utf-8") != text())
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
