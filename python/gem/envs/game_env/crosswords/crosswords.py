"""Solving a crossword; see `src/envs/games/crosswords`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class CrosswordsEnv(GameEnv):
    """Fill in the letters of crossing words from their clues."""

    _gem_class: ClassVar[str] = "CrosswordsEnv"

    def __init__(
        self,
        hardcore: bool | None = False,
        max_turns: int | None = 100,
        num_words: int | None = 5,
        clues: str | Sequence[Mapping[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None for one of the first three draws the level at each reset.

        Args:
            hardcore: whether words are rare ones.
            max_turns: how many letters may be tried.
            num_words: how many words there are.
            clues: where words and clues come from: None for those that come with the package, the
                path of a file with one JSON record a line, or a list of records. A record is
                `{"word": "river", "hardcore": False, "clues": {"1": "It flows"}}`.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            hardcore=hardcore, max_turns=max_turns, num_words=num_words, clues=clues, **kwargs
        )
