"""The same training on any machine, with a tiny model made offline that knows how to call `act`.

    python examples/trl/try_on_cpu.py

Shows that every part fits together: TRL's trainer, its tool calls, the environment, the reward. The
model is too small to learn the game; `train_grpo.py` is for one that can.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

# The neighbouring script, which is found when this one is run.
from train_grpo import (  # type: ignore[import-not-found]
    GemEnvironment,
    make_trainer,
    parse_args,
    prompts,
)


def make_tokenizer(texts: list[str]) -> Any:
    """A BPE tokenizer of these texts, with the chat template of Qwen3 that TRL brings."""
    import trl
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=1_000, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    bpe.train_from_iterator(texts, trainer)
    template = Path(trl.__file__).parent / "chat_templates" / "qwen3.jinja"
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        padding_side="left",
        chat_template=template.read_text(),
    )


def tool_call(number: int) -> str:
    """What a model writes to guess a number."""
    call = {"name": "act", "arguments": {"reply": rf"\boxed{{{number}}}"}}
    return f"<tool_call>\n{json.dumps(call)}\n</tool_call>"


def make_model(tokenizer: Any, prompt: str, steps: int, seed: int) -> Any:
    """A random Qwen3 of two layers, shown for some steps what a guess looks like."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=16,
        max_position_embeddings=2_048,
        tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    model = Qwen3ForCausalLM(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    start = tokenizer(prompt).input_ids
    for _ in range(steps):
        reply = tokenizer(f"{tool_call(rng.randint(1, 10))}<|im_end|>").input_ids
        tokens = torch.tensor([start + reply])
        labels = torch.tensor([[-100] * len(start) + reply])
        loss = model(tokens, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"Shown how to guess: loss {loss.item():.2f}.", flush=True)
    return model


def main() -> None:
    """Makes the model, trains it with TRL for two steps, prints what TRL logged."""
    from transformers.utils import get_json_schema

    line = "--cpu --steps 2 --group 4 --turns 4 --completion-length 512 --rate 1e-4"
    args = parse_args(line.split())
    environment = GemEnvironment(args.env)
    messages = [dict(message) for message in prompts(1, 0)[0]["prompt"]]
    messages[-1]["content"] += environment.reset(seed=0)
    texts = [json.dumps(messages), *(tool_call(number) for number in range(1, 11))]
    tokenizer = make_tokenizer(texts)
    prompt = tokenizer.apply_chat_template(
        messages,
        tools=[get_json_schema(environment.act)],
        tokenize=False,
        add_generation_prompt=True,
    )
    model = make_model(tokenizer, prompt, steps=60, seed=args.seed)
    trainer = make_trainer(model, args, processing_class=tokenizer)
    trainer.train()
    for entry in trainer.state.log_history:
        names = ("reward", "reward_std", "tools/call_frequency", "tools/failure_frequency")
        shown = {name: round(entry[name], 3) for name in names if name in entry}
        if shown:
            print(f"step {entry['step']}: {shown}")


if __name__ == "__main__":
    main()
