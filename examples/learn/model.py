"""A decoder-only transformer, as small as it gets: it reads tokens and writes tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

Tensor = Any
Cache = list[tuple[Tensor, Tensor]]
"""Keys and values of each layer, shape [batch, heads, positions, width of a head]."""


@dataclass(frozen=True)
class Size:
    """How large a model is."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    positions: int = 128


class LanguageModel:
    """Pre-norm transformer with learned positions and tied embeddings, randomly initialised.

    Sequences are padded on the right, so the causal mask alone keeps padding out of what counts.
    """

    def __init__(self, vocabulary: int, size: Size, seed: int, device: str = "cpu") -> None:
        """Draws the parameters; the same seed gives the same ones on every device."""
        draw = torch.Generator().manual_seed(seed)
        self.size, self.device = size, device
        self.weights: dict[str, Tensor] = {}

        def add(name: str, *shape: int, scale: float) -> None:
            value = torch.randn(*shape, generator=draw) * scale
            self.weights[name] = value.to(device).requires_grad_()

        def add_norm(name: str) -> None:
            self.weights[name] = torch.ones(size.width, device=device).requires_grad_()

        width, depth = size.width, 1 / math.sqrt(2 * size.layers)
        add("tokens", vocabulary, width, scale=width**-0.5)
        add("positions", size.positions, width, scale=0.1)
        for layer in range(size.layers):
            add_norm(f"{layer}.norm1")
            add(f"{layer}.qkv", 3 * width, width, scale=width**-0.5)
            add(f"{layer}.out", width, width, scale=depth * width**-0.5)
            add_norm(f"{layer}.norm2")
            add(f"{layer}.up", 4 * width, width, scale=width**-0.5)
            add(f"{layer}.down", width, 4 * width, scale=depth * (4 * width) ** -0.5)
        add_norm("norm")

    def parameters(self) -> list[Tensor]:
        """What an optimizer moves."""
        return list(self.weights.values())

    def read(self, tokens: Tensor) -> tuple[Tensor, Cache]:
        """Hidden states [batch, length, width] of whole sequences [batch, length], and a cache."""
        length = tokens.shape[1]
        x = self.weights["tokens"][tokens] + self.weights["positions"][:length]
        cache: Cache = []
        for layer in range(self.size.layers):
            query, key, value = self._project(layer, x)
            cache.append((key, value))
            mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = self._finish(layer, x, mixed)
        return self._norm(x, "norm"), cache

    def append(self, tokens: Tensor, at: Tensor, cache: Cache) -> Tensor:
        """Hidden states [batch, width] of one further token for each sequence.

        Args:
            tokens: shape [batch].
            at: the position of each, shape [batch].
            cache: of `read`, with room up to `at`; it gets the new keys and values.
        """
        x = (self.weights["tokens"][tokens] + self.weights["positions"][at])[:, None]
        rows = torch.arange(len(tokens), device=x.device)
        seen = torch.arange(cache[0][0].shape[2], device=x.device) <= at[:, None]
        for layer, (keys, values) in enumerate(cache):
            query, key, value = self._project(layer, x)
            keys[rows, :, at], values[rows, :, at] = key[:, :, 0], value[:, :, 0]
            mixed = functional.scaled_dot_product_attention(
                query, keys, values, attn_mask=seen[:, None, None]
            )
            x = self._finish(layer, x, mixed)
        return self._norm(x, "norm")[:, 0]

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores of every token after a hidden state, in the last dimension."""
        return hidden @ self.weights["tokens"].T

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, (self.size.width,), self.weights[name])

    def _project(self, layer: int, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        batch, length, _ = x.shape
        qkv = self._norm(x, f"{layer}.norm1") @ self.weights[f"{layer}.qkv"].T
        heads = qkv.view(batch, length, 3, self.size.heads, -1).permute(2, 0, 3, 1, 4)
        return heads[0], heads[1], heads[2]

    def _finish(self, layer: int, x: Tensor, mixed: Tensor) -> Tensor:
        joined = mixed.transpose(1, 2).reshape(x.shape)
        x = x + joined @ self.weights[f"{layer}.out"].T
        inner = functional.gelu(self._norm(x, f"{layer}.norm2") @ self.weights[f"{layer}.up"].T)
        return x + inner @ self.weights[f"{layer}.down"].T
