"""A stand-in for what Oat's actors use of vLLM 0.8.4, which needs a GPU.

With GEM_TEST_REPLIES=table the replies come from a table by number, so that two runs see the same
ones; otherwise they are sampled from a real language model, on the CPU.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any

import torch

__version__ = "0.8.4"


@dataclasses.dataclass
class SamplingParams:
    """How to sample."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = -1
    max_tokens: int = 16
    n: int = 1
    logprobs: Any = None
    stop: Any = None
    include_stop_str_in_output: bool = False


@dataclasses.dataclass
class Logprob:
    """How probable a token was."""

    logprob: float


@dataclasses.dataclass
class CompletionOutput:
    """One reply."""

    text: str
    token_ids: list[int]
    logprobs: list[dict[int, Logprob]]
    finish_reason: str


@dataclasses.dataclass
class RequestOutput:
    """The replies to one prompt."""

    prompt_token_ids: list[int]
    outputs: list[CompletionOutput]


class Engine:
    """What is called of the engine."""

    def reset_prefix_cache(self) -> None:
        """Has no cache."""


class LLM:
    """A language model that replies."""

    def __init__(self, model: str, dtype: str = "float32", seed: int = 0, **_: Any) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(model)
        self.model = AutoModelForCausalLM.from_pretrained(model, torch_dtype=getattr(torch, dtype))
        self.model.eval()
        self.parameters = dict(self.model.named_parameters())
        self.llm_engine = Engine()
        self.generator = torch.Generator().manual_seed(seed % 2**63)
        self.replies = 0

    def get_tokenizer(self) -> Any:
        """Gives the model's tokenizer."""
        return self.tokenizer

    def sleep(self, level: int = 1) -> None:
        """Has no memory to give back."""

    def wake_up(self) -> None:
        """Never sleeps."""

    def collective_rpc(self, name: str, args: Any = ()) -> Any:
        """Has one worker, itself."""
        return getattr(self, f"rpc_{name}")(*args)

    def rpc_init_process_group(
        self, address: str, port: int, rank: int, size: int, group: str, _backend: str
    ) -> None:
        """Meets the learner, to get weights from it."""
        from oat.utils.distributed import init_process_group

        self.group = init_process_group(
            backend="gloo",
            init_method=f"tcp://{address}:{port}",
            world_size=size,
            rank=rank,
            group_name=group,
        )

    @torch.no_grad()
    def rpc_update_weight(self, name: str, dtype: str, shape: Any, *_: Any, **__: Any) -> None:
        """Takes one of the learner's weights over."""
        from oat.utils.distributed import torch_type_codec

        weight = torch.empty(shape, dtype=torch_type_codec(dtype))
        torch.distributed.broadcast(weight, 0, group=self.group)
        self.parameters[name].copy_(weight)

    def generate(
        self,
        prompts: Any = None,
        sampling_params: Any = None,
        prompt_token_ids: Any = None,
        **_: Any,
    ) -> list[RequestOutput]:
        """Replies to each prompt once."""
        assert sampling_params.n == 1
        ids = prompt_token_ids or [self.tokenizer(prompt).input_ids for prompt in prompts]
        if os.environ.get("GEM_TEST_REPLIES") == "table":
            return [self._from_table(prompt) for prompt in ids]
        return [self._sampled(prompt, sampling_params) for prompt in ids]

    def _from_table(self, prompt: list[int]) -> RequestOutput:
        self.replies += 1
        text, reason = reply_of(self.replies)
        tokens = self.tokenizer(text).input_ids
        if reason == "stop":
            tokens = [*tokens, self.tokenizer.eos_token_id]
        logprobs = [{token: Logprob(-1.0)} for token in tokens]
        return RequestOutput(prompt, [CompletionOutput(text, tokens, logprobs, reason)])

    @torch.no_grad()
    def _sampled(self, prompt: list[int], params: SamplingParams) -> RequestOutput:
        tokens: list[int] = []
        logprobs = []
        reason = "length"
        given, past = torch.tensor([prompt]), None
        for _ in range(params.max_tokens):
            output = self.model(given, past_key_values=past, use_cache=True)
            past = output.past_key_values
            scores = output.logits[0, -1].float() / max(params.temperature, 1e-5)
            odds = scores.log_softmax(-1)
            token = int(torch.multinomial(odds.exp(), 1, generator=self.generator))
            tokens.append(token)
            logprobs.append({token: Logprob(float(odds[token]))})
            given = torch.tensor([[token]])
            if token == self.tokenizer.eos_token_id:
                reason = "stop"
                break
        text = self.tokenizer.decode(tokens, skip_special_tokens=True)
        return RequestOutput(prompt, [CompletionOutput(text, tokens, logprobs, reason)])


def reply_of(number: int) -> tuple[str, str]:
    """The reply of a number, and why it ends: mostly a guess, now and then none, or one cut off."""
    mixed = number * 2654435761 % 2**32
    if mixed % 13 == 0:
        return "I do not know", "stop"
    if mixed % 29 == 0:
        return "let me think about", "length"
    return f"\\boxed{{{(mixed >> 8) % 10 + 1}}}", "stop"
