"""Makes a folder with a tokenizer whose lengths do not depend on wording, and a model's config.

`python word_model.py FOLDER`
"""

from __future__ import annotations

import sys

from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config

END, PAD = "<|im_end|>", "<|endoftext|>"
CHAT = (
    "{% for turn in messages %}"
    "<|im_start|>{{ turn.role }}\n{{ turn.content }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make(folder: str) -> None:
    """A prompt is one unknown word between the marks of a chat; answers are words of their own."""
    words = ["<|unknown|>", PAD, END, "<|im_start|>", "mumble"]
    words += [f"I say \\boxed{{{number}}}" for number in range(1, 11)]
    model = models.WordLevel({word: place for place, word in enumerate(words)}, words[0])
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(
        Regex(r"I say \\boxed\{\d+\}|mumble"), "isolated"
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token=words[0],
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=["<|im_start|>"],
        padding_side="left",
    )
    fast.chat_template = CHAT
    fast.save_pretrained(folder)
    Qwen2Config(
        vocab_size=len(words),
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        num_key_value_heads=1,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
    ).save_pretrained(folder)


if __name__ == "__main__":
    make(sys.argv[1])
