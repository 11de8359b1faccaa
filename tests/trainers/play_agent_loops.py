"""Plays examples/verl with Verl's own classes, made as its worker makes them; prints a line each.

`python play_agent_loops.py MODEL LOOPS`: a folder with a tokenizer, and agent_loops.yaml.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import hydra
from omegaconf import OmegaConf
from transformers import AutoTokenizer
from verl.experimental.agent_loop.agent_loop import (
    AgentLoopOutput,
    DictConfigWrap,
    ToolListWrap,
    _agent_loop_registry,
)
from verl.workers.rollout.replica import TokenOutput

import gem

SAMPLES = 4
SEEDS = range(6)
REPLIES = [f"I say \\boxed{{{number}}}" for number in (5, 8, 3, 7)]


class ScriptedServer:
    """Gives each trajectory the same replies."""

    def __init__(self, tokenizer: Any) -> None:
        """Counts turns by request."""
        self.tokenizer = tokenizer
        self.turns: dict[str, int] = {}

    async def generate(self, request_id: str, **options: Any) -> TokenOutput:
        """As `LLMServerClient.generate`."""
        turn = self.turns.get(request_id, 0)
        self.turns[request_id] = turn + 1
        await asyncio.sleep(0)
        tokens = self.tokenizer(REPLIES[turn] + "<|im_end|>").input_ids
        return TokenOutput(token_ids=tokens, log_probs=[-1.0] * len(tokens))


def alone(seed: int) -> list[float]:
    """The rewards of the same replies without Verl."""
    env = gem.make("game:GuessTheNumber-v0-easy")
    env.reset(seed)
    rewards = []
    for reply in REPLIES:
        _, reward, terminated, truncated, _ = env.step(reply)
        rewards.append(float(reward))
        if terminated or truncated:
            break
    return rewards


async def main(model: str, loops: str) -> None:
    """Plays groups of one seed, all at the same time."""
    tokenizer = AutoTokenizer.from_pretrained(model)
    for loop in OmegaConf.load(loops):
        _agent_loop_registry[loop.name] = loop
    rollout = {"prompt_length": 256, "response_length": 256}
    config = OmegaConf.create({"actor_rollout_ref": {"rollout": rollout}, "data": {}})
    server = ScriptedServer(tokenizer)

    async def play(seed: int) -> AgentLoopOutput:
        loop = hydra.utils.instantiate(
            config=_agent_loop_registry["gem_agent"],
            trainer_config=DictConfigWrap(config),
            server_manager=server,
            tokenizer=tokenizer,
            processor=None,
            hf_model_type="qwen2",
            dataset_cls=None,
            data_config=DictConfigWrap(config.data),
            tools=ToolListWrap([]),
        )
        prompt = [{"role": "system", "content": "Play."}]
        return await loop.run({"logprobs": True}, raw_prompt=prompt, extra_info={"seed": seed})

    seeds = [seed for seed in SEEDS for _ in range(SAMPLES)]
    for seed, output in zip(seeds, await asyncio.gather(*map(play, seeds)), strict=True):
        tensors = {
            key: [str(value.dtype), len(value)]
            for key, value in output.as_dict().items()
            if hasattr(value, "dtype")
        }
        said = zip(output.response_ids, output.response_mask, strict=True)
        facts = {
            "scores": output.extra_fields["turn_scores"],
            "alone": alone(seed),
            "said": tokenizer.decode([token for token, own in said if own]),
            "return": output.reward_score,
            "tensors": tensors,
        }
        sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
