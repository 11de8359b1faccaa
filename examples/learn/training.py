"""A warm-up in the form of answers, then policy gradient on what the environments pay."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.nn.utils import clip_grad_norm_

from .model import LanguageModel, Size
from .play import HIGHEST, LOWEST, make_vec, random_texts
from .policy import Player, padded
from .tokens import END, PAD, Tokenizer

Tensor = Any

MALFORMED = ("{number}", "boxed {number}", "{number}}}", r"\boxed{{}}", r"\boxed{{")
"""Replies of the warm-up without a valid answer."""


@dataclass(frozen=True)
class Settings:
    """Everything a run depends on but its seed."""

    updates: int = 100
    envs: int = 64
    turns: int = 256
    """At least so many turns are played for an update."""
    rate: float = 1.5e-3
    """Learning rate of the first update; it falls linearly to 0."""
    epochs: int = 2
    batch: int = 64
    clip: float = 0.2
    gamma: float = 0.9
    entropy: float = 0.01
    warmup: int = 300
    warmup_valid: float = 0.3
    """Which share of the warm-up's replies are valid guesses, each number as often."""
    device: str = "cpu"
    size: Size = field(default_factory=Size)


@dataclass
class Turn:
    """One prompt, the reply to it, and what came of it."""

    prompt: list[int]
    tokens: Tensor
    used: Tensor
    log_probabilities: Tensor
    reward: float
    number: int
    """Which turn of its episode it is, from 0."""
    value: float = 0.0
    """Discounted rewards from here on."""


@dataclass(frozen=True)
class Update:
    """What was measured in the episodes of one update."""

    mean_return: float
    success: float
    length: float
    turns: int
    seconds: float


def train(
    seed: int, settings: Settings, on_update: Callable[[int, Update], None] | None = None
) -> tuple[Player, list[Update]]:
    """Trains one model; sync vectors and one thread make a run with a seed repeat bit for bit."""
    torch.set_num_threads(1)
    start = time.perf_counter()
    texts = random_texts(seed)
    tokenizer = Tokenizer(texts)
    model = LanguageModel(len(tokenizer), settings.size, seed, settings.device)
    warm_up(model, tokenizer, texts, settings, random.Random(seed))
    player = Player(model, tokenizer, seed)
    learner = Learner(model, settings, seed)
    rollout = Rollout(player, settings, seed)
    history: list[Update] = []
    for number in range(settings.updates):
        episodes = rollout.collect(settings.turns)
        learner.learn([turn for episode in episodes for turn in episode])
        history.append(_measure(episodes, time.perf_counter() - start))
        if on_update is not None:
            on_update(number, history[-1])
    return player, history


def warm_up(
    model: LanguageModel,
    tokenizer: Tokenizer,
    texts: list[str],
    settings: Settings,
    rng: random.Random,
) -> None:
    """Language modelling of random play: what observations and replies look like, not what pays.

    The replies are drawn without a look at the prompt: some valid guesses, all numbers equally
    often, and more that have no valid answer.
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.0)
    for _ in range(settings.warmup):
        sequences = []
        for text in rng.choices(texts, k=32):
            reply = _warm_up_reply(settings.warmup_valid, rng)
            sequences.append([*tokenizer.encode(text), *tokenizer.encode(reply), END])
        tokens = padded(sequences, model.device)
        hidden, _ = model.read(tokens[:, :-1])
        wanted = tokens[:, 1:]
        scores = model.logits(hidden).log_softmax(-1).gather(-1, wanted[..., None])[..., 0]
        loss = -scores[wanted != PAD].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def _warm_up_reply(valid: float, rng: random.Random) -> str:
    form = r"\boxed{{{number}}}" if rng.random() < valid else rng.choice(MALFORMED)
    return form.format(number=rng.randint(LOWEST, HIGHEST))


def reply_scores(model: LanguageModel, prompts: list[list[int]], replies: Tensor) -> Tensor:
    """Log-probabilities of every token at each place of replies [batch, n], given their prompts."""
    sequences = padded(prompts, model.device, room=replies.shape[1])
    first = torch.tensor([len(prompt) for prompt in prompts], device=model.device)
    places = first[:, None] + torch.arange(replies.shape[1], device=model.device)
    sequences = sequences.scatter(1, places, replies)
    hidden, _ = model.read(sequences[:, :-1])
    rows = torch.arange(len(prompts), device=model.device)[:, None]
    return model.logits(hidden[rows, places - 1]).log_softmax(-1)


class Rollout:
    """Plays a vector with the model, and hands out episodes as they end."""

    def __init__(self, player: Player, settings: Settings, seed: int) -> None:
        """Starts an episode in each environment; `seed` decides all hidden numbers to come."""
        self.player, self.gamma = player, settings.gamma
        self.vec = make_vec(settings.envs)
        self.observations, _ = self.vec.reset(seed=seed * 10_000)
        self.open: list[list[Turn]] = [[] for _ in range(settings.envs)]

    def collect(self, turns: int) -> list[list[Turn]]:
        """Whole episodes with at least so many turns together."""
        finished: list[list[Turn]] = []
        count = 0
        while count < turns:
            prompts = [self.player.tokenizer.encode(text) for text in self.observations]
            replies = self.player.reply(prompts)
            self.observations, rewards, terminated, truncated, _ = self.vec.step(replies.texts)
            rows = zip(
                prompts, replies.tokens, replies.used, replies.log_probabilities, strict=True
            )
            for episode, row, reward in zip(self.open, rows, rewards, strict=True):
                episode.append(Turn(*row, float(reward), len(episode)))
            for index in (terminated | truncated).nonzero()[0]:
                _discount(self.open[index], self.gamma)
                count += len(self.open[index])
                finished.append(self.open[index])
                self.open[index] = []
        return finished


class Learner:
    """PPO's clipped objective, with returns normalised over the batch in place of a critic."""

    def __init__(self, model: LanguageModel, settings: Settings, seed: int) -> None:
        """`seed` decides the order of the minibatches."""
        self.model, self.settings = model, settings
        self._draws = torch.Generator().manual_seed(seed)
        self._done = 0
        self._optimizer = torch.optim.AdamW(
            model.parameters(), lr=settings.rate, betas=(0.9, 0.95), weight_decay=0.0
        )

    def learn(self, turns: list[Turn]) -> None:
        """Moves the model toward the replies whose turns were worth more than the others."""
        advantages = _advantages(turns).to(self.model.device)
        for group in self._optimizer.param_groups:
            group["lr"] = self.settings.rate * (1 - self._done / self.settings.updates)
        self._done += 1
        for _ in range(self.settings.epochs):
            order = torch.randperm(len(turns), generator=self._draws)
            for chosen in order.split(self.settings.batch):
                batch = [turns[index] for index in chosen.tolist()]
                self._step(batch, advantages[chosen.to(advantages.device)][:, None])

    def _step(self, turns: list[Turn], advantages: Tensor) -> None:
        tokens, used = (
            torch.stack([getattr(t, name) for t in turns]) for name in ("tokens", "used")
        )
        before = torch.stack([turn.log_probabilities for turn in turns])
        longest = int(used.sum(1).max())
        tokens, used, before = tokens[:, :longest], used[:, :longest], before[:, :longest]
        scores = reply_scores(self.model, [turn.prompt for turn in turns], tokens)
        ratio = (scores.gather(-1, tokens[..., None])[..., 0] - before).exp()
        low, high = 1 - self.settings.clip, 1 + self.settings.clip
        objective = torch.minimum(ratio * advantages, ratio.clamp(low, high) * advantages)
        entropy = -(scores.exp() * scores).sum(-1)
        loss = -((objective + self.settings.entropy * entropy) * used).sum() / len(turns)
        self._optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()


def _advantages(turns: list[Turn]) -> Tensor:
    """How much better each turn went than the others with its number, over the spread of all."""
    values = torch.tensor([turn.value for turn in turns])
    numbers = torch.tensor([turn.number for turn in turns])
    for number in numbers.unique():
        group = numbers == number
        values[group] -= values[group].mean()
    return values / (values.std() + 1e-9)


def _discount(episode: list[Turn], gamma: float) -> None:
    """Sets what each turn of a finished episode was worth."""
    value = 0.0
    for turn in reversed(episode):
        value = turn.value = turn.reward + gamma * value


def _measure(episodes: list[list[Turn]], seconds: float) -> Update:
    count = len(episodes)
    turns = sum(map(len, episodes))
    return Update(
        mean_return=sum(turn.reward for episode in episodes for turn in episode) / count,
        success=sum(episode[-1].reward == 1.0 for episode in episodes) / count,
        length=turns / count,
        turns=turns,
        seconds=seconds,
    )
