"""Text to tokens and back: what comes often is one token, up to whole lines."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

PAD, END = 0, 1
"""The token that fills up a batch, and the one that ends a reply."""

_SPLIT = re.compile(r"(\d+|\\boxed\{|\})")


class Tokenizer:
    r"""A vocabulary of characters, pieces and lines, made from some texts.

    A line that many texts have, such as an instruction, is one token. Any other falls into numbers,
    `\boxed{`, `}` and what is between these; a piece that comes often is one token, the rest is
    spelled.
    """

    def __init__(
        self, texts: Sequence[str], line_share: float = 0.25, piece_count: int = 8
    ) -> None:
        """Reads the lines and pieces of `texts`.

        Args:
            texts: what the vocabulary is made from, in any order.
            line_share: which share of the texts must have a line that is a token.
            piece_count: how often a piece must come to be a token.
        """
        lines = Counter(line for text in texts for line in set(_lines(text)))
        pieces: Counter[str] = Counter()
        for line, count in lines.items():
            for piece in _pieces(line):
                pieces[piece] += count
        often = {line for line, count in lines.items() if count >= line_share * len(texts)}
        often |= {piece for piece, count in pieces.items() if count >= piece_count}
        characters = sorted(set(string.printable))
        longer = sorted(text for text in often if len(text) > 1)
        self._texts = ["", "", *characters, *longer]
        self._ids = {text: number for number, text in enumerate(self._texts) if number > END}
        self._line = lru_cache(maxsize=10_000)(self._encode)

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self._texts)

    def encode(self, text: str) -> list[int]:
        """The tokens of a text; a character that is not in the vocabulary becomes `?`."""
        return [token for line in _lines(text) for token in self._line(line)]

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of tokens; `PAD` and `END` have none."""
        return "".join(self._texts[token] for token in tokens)

    def _encode(self, line: str) -> list[int]:
        if line in self._ids:
            return [self._ids[line]]
        tokens = []
        for piece in _pieces(line):
            known = self._ids.get(piece)
            spelled = [self._ids.get(character, self._ids["?"]) for character in piece]
            tokens.extend(spelled if known is None else [known])
        return tokens


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _pieces(line: str) -> list[str]:
    return [piece for piece in _SPLIT.split(line) if piece]
