"""The model as a player: prompts in, sampled replies out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .model import LanguageModel
from .tokens import END, PAD, Tokenizer

Tensor = Any

REPLY_TOKENS = 8
"""How many tokens a reply may have, its end included; a longer one is cut, and counts as it is."""


@dataclass(frozen=True)
class Replies:
    """What a batch of prompts was answered with."""

    texts: list[str]
    tokens: Tensor
    """Shape [batch, REPLY_TOKENS], padded."""
    used: Tensor
    """1.0 where a token is part of the reply, else 0.0; same shape."""
    log_probabilities: Tensor
    """Of each token when it was drawn; same shape."""


def padded(sequences: Sequence[Sequence[int]], device: str, room: int = 0) -> Tensor:
    """Token lists of different lengths as one tensor with `room` for more, padded on the right."""
    width = max(map(len, sequences)) + room
    rows = [[*sequence, *[PAD] * (width - len(sequence))] for sequence in sequences]
    return torch.tensor(rows, device=device)


class Player:
    """Samples replies at temperature 1, with random numbers of its own."""

    def __init__(self, model: LanguageModel, tokenizer: Tokenizer, seed: int) -> None:
        """Draws come from the CPU, so that they are the same ones on every device."""
        self.model, self.tokenizer = model, tokenizer
        self._draws = torch.Generator().manual_seed(seed)

    def play(self, observations: Sequence[str]) -> list[str]:
        """The replies' texts to observations: the model as a policy of `play.evaluate`."""
        prompts = [self.tokenizer.encode(text) for text in observations]
        texts: list[str] = self.reply(prompts).texts
        return texts

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]
    def reply(self, prompts: Sequence[Sequence[int]]) -> Replies:
        """One reply to each prompt."""
        batch, device = len(prompts), self.model.device
        tokens = torch.full((batch, REPLY_TOKENS), PAD, device=device)
        used = torch.zeros(batch, REPLY_TOKENS, device=device)
        log_probabilities = torch.zeros(batch, REPLY_TOKENS, device=device)
        at = torch.tensor([len(prompt) for prompt in prompts], device=device)
        hidden, cache = self.model.read(padded(prompts, device, room=REPLY_TOKENS))
        last = hidden[torch.arange(batch, device=device), at - 1]
        open_rows = torch.ones(batch, dtype=torch.bool, device=device)
        for index in range(REPLY_TOKENS):
            scores = self.model.logits(last).log_softmax(-1)
            drawn = self._draw(scores)
            tokens[:, index] = torch.where(open_rows, drawn, PAD)
            used[:, index] = open_rows.float()
            log_probabilities[:, index] = scores.gather(1, drawn[:, None])[:, 0] * used[:, index]
            open_rows = open_rows & (drawn != END)
            if index + 1 == REPLY_TOKENS or not bool(open_rows.any()):
                break
            last = self.model.append(drawn, at + index, cache)
        texts = [self.tokenizer.decode(row) for row in tokens.tolist()]
        return Replies(texts, tokens, used, log_probabilities)

    def _draw(self, scores: Tensor) -> Tensor:
        """One token a row, by the largest of scores plus Gumbel noise."""
        uniform = torch.rand(scores.shape, generator=self._draws).clamp_(min=1e-12)
        return (scores - (-uniform.log()).log().to(scores.device)).argmax(-1)
