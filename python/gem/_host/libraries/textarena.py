"""TextArena's games as environments for one player, and the list of those that there are."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from gem._host.libraries.textarena_catalogue import catalogue
from gem._host.libraries.textarena_game import TextArenaGame


def make(env_id: str, **options: Any) -> TextArenaGame:
    """Makes a game, whose constructor reads data but draws nothing that lasts.

    Args:
        env_id: TextArena's id, or ours with `ta:` before it.
        options: `player_id`, `opponent`, and `game`, the arguments of TextArena's own constructor.

    Raises:
        GameError: when data is missing, or an option does not fit.
    """
    return TextArenaGame(env_id.removeprefix("ta:"), **options)


def versions() -> dict[str, str]:
    """What is installed."""
    return {name: version(name) for name in ("textarena", "nltk")}


FUNCTIONS: dict[str, Callable[..., Any]] = {"catalogue": catalogue}
