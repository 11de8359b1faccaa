"""A worker group for Verl 0.5.0 that says what a script says, and records what it is given."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tensordict import TensorDict
from verl import DataProto

FIRST_SEED = 20_260
"""Below 2**32: upstream's `reset(seed)` hands it to NumPy."""


class ScriptedWorkers:
    """Answers `generate_sequences`, `compute_log_prob` and `update_actor` as Verl's actor does.

    What it says depends on how often it was asked and on the row, not on the prompt: two packages
    whose prompts have other words are sent the same actions.
    """

    world_size = 1

    def __init__(self, trainer: Any) -> None:
        """Seeds the trainer's environments, and listens to what their steps give."""
        self._tokenizer = trainer.tokenizer
        self._width: int = trainer.config.actor_rollout_ref.rollout.response_length
        self._calls = 0
        self._record = Path(os.environ["GEM_TEST_RECORD"])
        self._listen(trainer.env)

    def generate_sequences(self, prompts: DataProto) -> DataProto:
        """Gives scripted responses: numbers, now and then no number, or one that does not end."""
        self._note_batch("generate_sequences", prompts)
        ids = prompts.batch["input_ids"]
        mask = prompts.batch["attention_mask"]
        positions = prompts.batch["position_ids"]
        rows = len(ids)
        responses = torch.full((rows, self._width), self._tokenizer.pad_token_id)
        lengths = torch.zeros(rows, 1, dtype=torch.long)
        for row in range(rows):
            said = self._tokenizer(self._say(row), add_special_tokens=False)["input_ids"]
            said = said[: self._width]
            responses[row, : len(said)] = torch.tensor(said)
            lengths[row] = len(said)
        self._calls += 1
        response_mask = (torch.arange(self._width)[None] < lengths).to(mask.dtype)
        later = positions[:, -1:] + torch.arange(1, self._width + 1)
        batch = {
            "prompts": ids,
            "responses": responses,
            "input_ids": torch.cat([ids, responses], 1),
            "attention_mask": torch.cat([mask, response_mask], 1),
            "position_ids": torch.cat([positions, later], 1),
        }
        return DataProto(batch=TensorDict(batch, batch_size=rows))

    def compute_log_prob(self, data: DataProto) -> DataProto:
        """Every token had the same probability."""
        self._note_batch("compute_log_prob", data)
        shape = data.batch["responses"].shape
        batch = {"old_log_probs": torch.zeros(shape), "entropys": torch.zeros(shape)}
        return DataProto(batch=TensorDict(batch, batch_size=shape[0]))

    def update_actor(self, data: DataProto) -> DataProto:
        """Learns nothing, notes everything."""
        self._note_batch("update_actor", data)
        return DataProto(meta_info={"metrics": {"actor/pg_loss": [0.0]}})

    def _say(self, row: int) -> str:
        turn = self._calls * 7 + row * 3
        if turn % 11 == 10:
            return "mumble<|im_end|>"
        if turn % 13 == 12:
            return "mumble" * self._width
        return f"I say \\boxed{{{turn * 5 % 10 + 1}}}<|im_end|>"

    def _listen(self, env: Any) -> None:
        env.reset(seed=FIRST_SEED)
        # The trainer picks transitions with NumPy's generator, which upstream's reset has seeded.
        np.random.seed(FIRST_SEED)
        step = env.step

        def step_and_note(actions: Any, *rest: Any, **options: Any) -> Any:
            result = step(actions, *rest, **options)
            observations, rewards, terminated, truncated, infos = result
            self._note(
                "step",
                actions=list(actions),
                types=[type(part).__name__ for part in result],
                observation_types=[type(text).__name__ for text in observations],
                dtypes=[str(part.dtype) for part in (rewards, terminated, truncated)],
                rewards=[float(reward).hex() for reward in rewards],
                terminated=terminated.tolist(),
                truncated=truncated.tolist(),
                info_keys=[sorted(info) for info in infos],
            )
            return result

        env.step = step_and_note

    def _note_batch(self, call: str, data: DataProto) -> None:
        tensors = {} if data.batch is None else dict(data.batch.items())
        self._note(
            call,
            tensors={key: [str(t.dtype), list(t.shape)] for key, t in sorted(tensors.items())},
            arrays={
                key: [str(value.dtype), list(value.shape), type(value.flat[0]).__name__]
                for key, value in sorted(data.non_tensor_batch.items())
                if isinstance(value, np.ndarray)
            },
            meta_info=sorted(data.meta_info),
            values={
                key: tensors[key].double().sum(-1).tolist()
                for key in ("token_level_rewards", "advantages", "response_mask")
                if key in tensors
            },
        )

    def _note(self, call: str, **facts: Any) -> None:
        with self._record.open("a", encoding="utf-8") as record:
            record.write(json.dumps({"call": call, **facts}) + "\n")
