"""As much of Verl's agent-loop interface as an agent loop uses, in the place of Verl itself.

Names, arguments and results are those of verl 0.9.1. Texts are tokenized a character at a time, and
a turn is `<role>text</s>`, so that tokens can be read back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

END = "\x03"
REGISTRY: dict[str, type] = {}


@dataclass
class AgentLoopMetrics:
    """Seconds of a trajectory."""

    generate_sequences: float = 0.0
    tool_calls: float = 0.0
    compute_score: float = 0.0
    num_preempted: int = -1


@dataclass
class AgentLoopOutput:
    """A trajectory."""

    prompt_ids: list[int]
    response_ids: list[int]
    response_mask: list[int]
    metrics: AgentLoopMetrics
    response_logprobs: list[float] | None = None
    reward_score: float | None = None
    num_turns: int = 0
    extra_fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class TokenOutput:
    """A reply of the server."""

    token_ids: list[int]
    log_probs: list[float] | None = None
    extra_fields: dict[str, Any] = field(default_factory=dict)


class Merge(NamedTuple):
    """What merging tokens gives."""

    token_ids: list[int]


def encode(text: str) -> list[int]:
    """A token for each character."""
    return [ord(character) for character in text]


class CharacterTokenizer:
    """Reads tokens back."""

    eos_token_id = ord(END)

    def decode(self, tokens: list[int], skip_special_tokens: bool = False) -> str:
        """The text of tokens."""
        text = "".join(map(chr, tokens))
        return text.replace(END, "") if skip_special_tokens else text


def turn(message: dict[str, Any]) -> str:
    """A message as the chat template shows it."""
    return f"<{message['role']}>{message['content']}{END}"


class AgentLoopBase:
    """What agent loops extend."""

    def __init__(
        self,
        trainer_config: Any,
        server_manager: Any,
        tokenizer: Any,
        processor: Any,
        dataset_cls: Any,
        data_config: Any,
        hf_model_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Keeps what a loop uses."""
        self.config = trainer_config.config
        self.rollout_config = self.config.actor_rollout_ref.rollout
        self.server_manager = server_manager
        self.tokenizer = tokenizer

    async def ct_build_initial_tokens(self, messages: list[dict[str, Any]]) -> list[int]:
        """The prompt, with the mark of the reply that follows."""
        return encode("".join(map(turn, messages)) + "<assistant>")

    async def ct_merge_assistant_token(
        self,
        runtime_token_ids: list[int],
        assistant_token_ids: list[int],
        response_mask: list[int],
        response_logprobs: list[float] | None = None,
        assistant_logprobs: list[float] | None = None,
    ) -> tuple[Merge, list[int], list[float] | None]:
        """Appends a reply."""
        mask = response_mask + [1] * len(assistant_token_ids)
        chances = response_logprobs
        if chances is not None:
            chances = chances + (assistant_logprobs or [0.0] * len(assistant_token_ids))
        return Merge(runtime_token_ids + assistant_token_ids), mask, chances

    async def ct_merge_context_msg(
        self,
        previous_messages: list[dict[str, Any]],
        updated_messages: list[dict[str, Any]],
        runtime_token_ids: list[int],
        response_mask: list[int],
        response_logprobs: list[float] | None = None,
        tools: Any = None,
    ) -> tuple[Merge, list[int], list[float] | None]:
        """Appends what was said to the model."""
        assert updated_messages[: len(previous_messages)] == previous_messages
        assert previous_messages[-1]["role"] == "assistant"
        added = updated_messages[len(previous_messages) :]
        tokens = encode("".join(map(turn, added)) + "<assistant>")
        chances = None if response_logprobs is None else response_logprobs + [0.0] * len(tokens)
        return Merge(runtime_token_ids + tokens), response_mask + [0] * len(tokens), chances


def register(agent_name: str) -> Any:
    """Notes a loop under a name."""

    def decorator(subclass: type) -> type:
        REGISTRY[agent_name] = subclass
        return subclass

    return decorator


@contextmanager
def simple_timer(name: str, timing_raw: dict[str, float]) -> Iterator[None]:
    """Adds seconds, here always one."""
    yield
    timing_raw[name] = timing_raw.get(name, 0.0) + 1.0


def modules() -> dict[str, ModuleType]:
    """Verl's modules that an agent loop imports, by name."""
    names = ["verl", "verl.experimental", "verl.experimental.agent_loop", "verl.utils"]
    made = {name: ModuleType(name) for name in names}
    for module in made.values():
        module.__path__ = []
    profiler = ModuleType("verl.utils.profiler")
    profiler.__dict__["simple_timer"] = simple_timer
    own = sys.modules[__name__]
    name = "verl.experimental.agent_loop.agent_loop"
    return {**made, name: own, "verl.utils.profiler": profiler}


def arguments(server: Any, response_length: int) -> dict[str, Any]:
    """What Verl's worker makes an agent loop with."""
    rollout = SimpleNamespace(response_length=response_length)
    config = SimpleNamespace(actor_rollout_ref=SimpleNamespace(rollout=rollout))
    return {
        "trainer_config": SimpleNamespace(config=config),
        "server_manager": server,
        "tokenizer": CharacterTokenizer(),
        "processor": None,
        "hf_model_type": None,
        "dataset_cls": None,
        "data_config": SimpleNamespace(config={}),
        "tools": SimpleNamespace(tools=[]),
    }
