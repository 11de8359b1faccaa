"""Who plays the other seat."""

from __future__ import annotations

import random
from collections.abc import Callable

from gem._host.libraries.textarena_faults import GameError
from gem._host.libraries.textarena_library import game_name
from gem._host.libraries.textarena_moves import TWO_PLAYERS


def has_opponent(env_id: str) -> bool:
    """Whether a game is one of two players."""
    return game_name(env_id) in TWO_PLAYERS


class Opponent:
    """Plays moves that the rules allow at random, or replies from a list."""

    def __init__(self, kind: str | list[str]) -> None:
        """Takes `random`, or replies to give in turn, over and over again."""
        self._replies = [] if kind == "random" else kind
        is_list = isinstance(self._replies, list)
        if not (is_list and all(isinstance(reply, str) for reply in self._replies)):
            message = f'opponent must be "random" or a list of replies, got {kind!r}'
            raise GameError("GEM_INVALID_OPTION", message)
        self._given = 0
        self._dice = random.Random(0)

    def begin(self, seed: int) -> None:
        """Starts an episode."""
        self._given = 0
        # Words, so that the opponent's draws are not those of the game with the same seed.
        self._dice.seed(f"opponent {seed}")

    def reply(self, random_move: Callable[[random.Random], str]) -> str:
        """What it says next."""
        if not self._replies:
            return random_move(self._dice)
        reply = self._replies[self._given % len(self._replies)]
        self._given += 1
        return reply
