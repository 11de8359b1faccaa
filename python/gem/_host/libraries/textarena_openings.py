"""How games stand after their reset; those that took long are kept, for copies and groups."""

from __future__ import annotations

import copy
import json
import time
from collections import OrderedDict
from typing import Any

from gem._host.libraries.textarena_faults import GameError
from gem._host.libraries.textarena_library import new_game, shared_parts
from gem._host.libraries.textarena_streams import (
    Streams,
    seed_streams,
    set_streams,
    take_streams,
)

# Seconds from which on a reset is worth keeping, and how many of them are kept.
_LONG = 0.05
_KEPT = 64

_openings: OrderedDict[tuple[str, str, int, int], tuple[Any, Streams]] = OrderedDict()


def opened(env_id: str, options: dict[str, Any], players: int, seed: int) -> Any:
    """A game after its reset, which leaves the generators where the game goes on.

    Raises:
        GameError: when an option does not fit.
    """
    key = (env_id, json.dumps(options, sort_keys=True), players, seed)
    if key in _openings:
        _openings.move_to_end(key)
        kept, streams = _openings[key]
        set_streams(streams)
        return copy.deepcopy(kept, shared_parts(kept))
    started = time.monotonic()
    game = _reset(env_id, options, players, seed)
    if time.monotonic() - started > _LONG:
        _openings[key] = (copy.deepcopy(game, shared_parts(game)), take_streams())
        if len(_openings) > _KEPT:
            _openings.popitem(last=False)
    return game


def _reset(env_id: str, options: dict[str, Any], players: int, seed: int) -> Any:
    game = new_game(env_id, options)
    # Differs from upstream D63: TextArena seeds the process's generators, and only in some games.
    seed_streams(seed)
    try:
        game.reset(num_players=players, seed=seed)
    except (TypeError, ValueError, AssertionError, IndexError, KeyError) as error:
        if not options:
            raise
        message = f"TextArena's {env_id} refuses {options}: {error}"
        raise GameError("GEM_INVALID_OPTION", message) from error
    return game
