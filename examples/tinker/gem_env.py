"""GEM environments for Tinker's cookbook: its `Env`, `EnvGroupBuilder` and `RLDataset`.

    from gem_env import GemDatasetBuilder

    builder = GemDatasetBuilder(
        env_id="game:GuessTheNumber-v0-easy", model_name=…, renderer_name=…, group_size=8
    )
    config = train.Config(dataset_builder=builder, …)

Each group starts from one seed, so its episodes share what is hidden; groups are pickled by what
makes them, so they can be rolled out anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import chz
import tinker
from tinker_cookbook.renderers import Renderer, get_renderer, get_text_content
from tinker_cookbook.rl.types import Env, EnvGroupBuilder, RLDataset, RLDatasetBuilder, StepResult
from tinker_cookbook.tokenizer_utils import get_tokenizer

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns


class GemEnv(Env):  # type: ignore[misc, unused-ignore]
    """One episode of a GEM environment; the conversation is kept as messages."""

    def __init__(self, env: gem.Env, seed: int, renderer: Renderer, max_turns: int = 32) -> None:
        """Takes over `env`; it is closed when the episode ends."""
        self.env, self.seed, self.renderer, self.max_turns = env, seed, renderer, max_turns
        self.messages: list[Any] = []

    async def initial_observation(self) -> tuple[tinker.ModelInput, Any]:
        """The first prompt, and what ends a reply."""
        observation, _info = await asyncio.to_thread(self.env.reset, self.seed)
        self.messages = [{"role": "user", "content": observation}]
        return self._prompt(), self.renderer.get_stop_sequences()

    async def step(self, action: list[int], *, extra: Any = None) -> StepResult:
        """Plays a reply: its text reaches the environment, the model's thinking does not."""
        message, termination = self.renderer.parse_response(action)
        self.messages.append(message)
        observation, reward, terminated, truncated, info = await asyncio.to_thread(
            self.env.step, get_text_content(message)
        )
        self.messages.append({"role": "user", "content": observation})
        turns = len(self.messages) // 2
        done = bool(terminated or truncated or turns >= self.max_turns)
        if done:
            self.env.close()
        numbers = {name: value for name, value in info.items() if isinstance(value, (int, float))}
        return StepResult(
            reward=float(reward),
            episode_done=done,
            next_observation=tinker.ModelInput.empty() if done else self._prompt(),
            next_stop_condition=self.renderer.get_stop_sequences(),
            metrics={**numbers, "well_formed": float(termination.is_clean), "turns": turns},
        )

    def _prompt(self) -> tinker.ModelInput:
        return self.renderer.build_generation_prompt(self.messages)


class GemGroupBuilder(EnvGroupBuilder):  # type: ignore[misc, unused-ignore]
    """A group of episodes that start alike; plain data until its environments are made."""

    def __init__(
        self, env_id: str, seed: int, group_size: int, renderer: Renderer, wrappers: str = ""
    ) -> None:
        """Keeps what `make_envs` needs; wrappers are names, comma separated."""
        self.env_id, self.seed, self.group_size = env_id, seed, group_size
        self.renderer, self.wrappers = renderer, wrappers

    async def make_envs(self) -> Sequence[Env]:
        """The environments; each will be reset with the group's seed."""
        return [GemEnv(self._make(), self.seed, self.renderer) for _ in range(self.group_size)]

    def logging_tags(self) -> list[str]:
        """Names under which Tinker sums up metrics."""
        return ["gem", self.env_id]

    def _make(self) -> gem.Env:
        env: gem.Env = gem.make(self.env_id)
        for wrap in get_wrapper_fns(self.wrappers):
            env = wrap(env)
        return env


class GemDataset(RLDataset):  # type: ignore[misc, unused-ignore]
    """Batches of groups; the same index always gives the same starts."""

    def __init__(self, groups: list[GemGroupBuilder], batch_size: int) -> None:
        """Cuts `groups` into batches."""
        self.groups, self.batch_size = groups, batch_size

    def get_batch(self, index: int) -> Sequence[EnvGroupBuilder]:
        """The groups of one batch."""
        start = index * self.batch_size
        return self.groups[start : start + self.batch_size]

    def __len__(self) -> int:
        """How many batches there are."""
        return len(self.groups) // self.batch_size


@chz.chz
class GemDatasetBuilder(RLDatasetBuilder):  # type: ignore[misc, unused-ignore]
    """What Tinker's command lines and configurations name; see the module."""

    env_id: str
    model_name: str
    renderer_name: str
    batch_size: int = 32
    group_size: int = 8
    batches: int = 100
    seed: int = 0
    wrappers: str = ""

    async def __call__(self) -> tuple[RLDataset, RLDataset | None]:
        """The training set, and no test set."""
        renderer = get_renderer(self.renderer_name, get_tokenizer(self.model_name))
        groups = [
            GemGroupBuilder(self.env_id, self.seed + n, self.group_size, renderer, self.wrappers)
            for n in range(self.batches * self.batch_size)
        ]
        return GemDataset(groups, self.batch_size), None
