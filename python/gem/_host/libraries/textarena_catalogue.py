"""What TextArena registers that one player can play here."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from gem._host.libraries.textarena_library import specs, textarena
from gem._host.libraries.textarena_moves import ONE_PLAYER, TWO_PLAYERS

# The same games with observations of another form; here all have one form.
_OTHER_FORMS = ("-raw", "-train")


def catalogue() -> dict[str, Any]:
    """Ids and their games; for each game its players and its constructor's arguments."""
    ids: dict[str, str] = {}
    games: dict[str, dict[str, Any]] = {}
    for env_id, spec in specs().items():
        game, class_name = str(spec.entry_point).removeprefix("textarena.envs.").split(".env:")
        if env_id.endswith(_OTHER_FORMS) or not (game in ONE_PLAYER or game in TWO_PLAYERS):
            continue
        ids[env_id] = game
        players = 1 if game in ONE_PLAYER else 2
        games[game] = {"players": players, "options": _arguments(game, class_name)}
    return {"ids": ids, "games": games}


def _arguments(game: str, class_name: str) -> list[str]:
    """The constructor's arguments; read, since some games cannot be imported without data."""
    source = Path(textarena().__path__[0], "envs", game, "env.py").read_text(encoding="utf-8")
    start = re.search(rf"class {class_name}\b.*?def __init__", source, re.DOTALL)
    if start is None:
        return []
    # Nothing but the line itself: an older Python cannot read some of the files.
    head = source[start.end() : source.index(":\n", start.end())].split("->")[0]
    function = ast.parse(f"def made{head}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    return [argument.arg for argument in function.args.args[1:]]
