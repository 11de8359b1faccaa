"""Reading answers out of a model's reply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gem.utils.parsing import (
    extract_code_from_model,
    extract_last_boxed_answer,
    extract_last_tagged_answer,
    last_boxed_only_string,
    remove_boxed,
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (r"so \boxed{5}", "5"),
        (r"\boxed{1} then \boxed{2}.", "2"),
        (r"\boxed{\frac{1}{2}} done", r"\frac{1}{2}"),
        (r"\boxed{}", ""),
        (r"\boxed{a}}", "a"),
        (r"\boxed{1} and \boxed{2", None),
        (r"\boxed {a}", None),
        (r"\fbox{a}", None),
        (r"\boxed", None),
        ("", None),
        ("\\boxed{line\nbreak}", "line\nbreak"),
    ],
)
def test_the_last_boxed_answer(text: str, answer: str | None) -> None:
    assert extract_last_boxed_answer(text) == answer


def test_the_parts_of_reading_a_box() -> None:
    assert last_boxed_only_string(r"x \fbox{a} y") == r"\fbox{a}"
    assert last_boxed_only_string(r"\boxed{a{b}c} y") == r"\boxed{a{b}c}"
    assert remove_boxed(None) is None
    assert remove_boxed(r"\boxed{a}") == "a"
    assert remove_boxed(r"\fbox{a}") is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<answer> a </answer>", "a"),
        ("<answer>a</answer><answer>b\nc</answer>", "b\nc"),
        ("<answer>a", None),
        ("<Answer>a</Answer>", None),
    ],
)
def test_the_last_tagged_answer(text: str, answer: str | None) -> None:
    assert extract_last_tagged_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```python\nprint(1)\n```", "print(1)"),
        ("```\na\n``` text ```js\nb\n```", "b"),
        ("```python print(1)```", None),
        ("```python\r\nx\n```", None),
        ("no code", None),
    ],
)
def test_the_last_code_block(text: str, code: str | None) -> None:
    assert extract_code_from_model(text) == code


@given(st.text(alphabet="\\boxed{}<answr/>`\n f", max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (extract_last_boxed_answer, extract_last_tagged_answer, extract_code_from_model):
        assert read(text) is None or read(text) in text  # type: ignore[operator]
