"""Finding words in a grid of letters; see `src/envs/games/word-search`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class WordSearchEnv(GameEnv):
    """Find words that are hidden among letters."""

    _gem_class: ClassVar[str] = "WordSearchEnv"

    def __init__(
        self,
        hardcore: bool | None = False,
        max_turns: int | None = 20,
        num_words: int | None = 5,
        dictionary: str | Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None for one of the first three draws the level at each reset.

        Args:
            hardcore: whether words are taken from a quarter of a million, not from 850.
            max_turns: how many answers there are.
            num_words: how many words are hidden.
            dictionary: where words come from: None for the lists that come with the package, "nltk"
                for NLTK's corpus `words`, the path of a file with one word a line, or a list.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            hardcore=hardcore,
            max_turns=max_turns,
            num_words=num_words,
            dictionary=dictionary,
            **kwargs,
        )
