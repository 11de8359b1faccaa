"""Finding a word letter by letter; see `src/envs/games/hangman.ts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv


class HangmanEnv(GameEnv):
    """Find a secret word by its letters."""

    _gem_class: ClassVar[str] = "HangmanEnv"

    def __init__(
        self,
        word_length: int | None = 5,
        hardcore: bool | None = False,
        max_turns: int | None = 20,
        dictionary: str | Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Makes a game; None draws a length and turns at each reset.

        Args:
            word_length: how many letters the word has.
            hardcore: whether it is one of a quarter of a million words, not of 850.
            max_turns: how many guesses there are.
            dictionary: where words come from: None for the lists that come with the package, "nltk"
                for NLTK's corpus `words`, the path of a file with one word a line, or a list.
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            word_length=word_length,
            hardcore=hardcore,
            max_turns=max_turns,
            dictionary=dictionary,
            **kwargs,
        )
