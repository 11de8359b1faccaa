"""Finding a word from marks on letters; see `src/envs/games/wordle.ts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class WordleEnv(GameEnv):
    """Find a secret word."""

    _gem_class: ClassVar[str] = "WordleEnv"

    def __init__(
        self,
        word_length: int | None = 5,
        only_real_words: bool | None = True,
        max_turns: int | None = 20,
        dictionary: str | Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a length and turns at each reset.

        Args:
            word_length: how many letters the word has.
            only_real_words: changes nothing; a guess need not be a word.
            max_turns: how many guesses there are.
            dictionary: where words come from: None for the list that comes with the package, "nltk"
                for NLTK's corpus `words`, the path of a file with one word a line, or a list.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            word_length=word_length,
            only_real_words=only_real_words,
            max_turns=max_turns,
            dictionary=dictionary,
            **kwargs,
        )
