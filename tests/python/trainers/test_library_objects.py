"""Hugging Face's objects, handed to environments and read back."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
from trainers.rollout import EASY

ROWS = [{"problem": f"What is {i}?", "answer": str(i)} for i in range(5)]


@pytest.fixture(scope="module")
def datasets() -> Any:
    return pytest.importorskip("datasets", reason="datasets is not installed")


def test_a_hugging_face_dataset_is_handed_in_and_read_back(datasets: Any) -> None:
    table = datasets.Dataset.from_list(ROWS)
    env = gem.make("math:GSM8K", dataset=table, use_mp=False, seed=0)
    assert len(env.dataset) == 5
    assert sorted(env.dataset[:200]["problem"]) == table["problem"][:]
    assert sorted(env.dataset["answer"]) == sorted(table["answer"])
    env.dataset = table.select([3])
    assert env.reset()[0] == "What is 3?"
    env.dataset = table.shuffle(seed=1).select(range(2))
    assert len(env.dataset) == 2
    again = gem.make("math:GSM8K", dataset=env.dataset, use_mp=False)
    assert len(again.dataset) == 2


def test_a_hugging_face_dataset_crosses_to_a_whole_vector(datasets: Any) -> None:
    table = datasets.Dataset.from_list(ROWS)
    vector = gem.make_vec(["math:GSM8K"] * 4, dataset=table, async_mode=True)
    observations, _ = vector.reset()
    assert set(observations) <= set(table["problem"])
    copy = deepcopy(vector.envs[0])
    assert copy.step("\\boxed{1}") == vector.envs[0].step("\\boxed{1}")


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """A fast tokenizer of Hugging Face, made here, with a chat template."""
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed")
    model = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({"<unk>": 0, "hello": 1}, unk_token="<unk>")
    )
    made = transformers.PreTrainedTokenizerFast(tokenizer_object=model, unk_token="<unk>")
    made.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return made


@pytest.mark.parametrize("async_mode", [False, True])
def test_a_hugging_face_tokenizer_writes_the_chat_of_a_vector(
    tokenizer: Any, async_mode: bool
) -> None:
    wrappers = get_wrapper_fns("concat_chat", tokenizer=tokenizer)
    vector = gem.make_vec([EASY] * 3, wrappers, async_mode=async_mode)
    first, _ = vector.reset(seed=1)
    assert all(text.startswith("<|im_start|>user\n") for text in first)
    assert all("<|im_start|>assistant\n" in text for text in first)
    vector.envs[0] = deepcopy(vector.envs[1])
    second = vector.step(["\\boxed{11}", "\\boxed{11}", "\\boxed{11}"])[0]
    assert second[0] == second[1]
    assert vector.envs[2].tokenizer is tokenizer
