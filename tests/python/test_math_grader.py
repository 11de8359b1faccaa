"""Grading mathematical answers by upstream's functions."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from gem.errors import InvalidArgumentError
from gem.utils.math_grader import (
    answer_tag_reward_fn,
    answer_tag_reward_fn_for_orz,
    boxed_reward_fn,
    extract_answer,
    grade,
    r1_distill_qwen_math_reward_fn,
    run_with_timeout_signal,
)

BOX = "\\boxed{5}"
TAGS = "x</think> <answer>5</answer>"
BOX_IN_TAGS = "x</think> <answer>\\boxed{5}</answer>"

# What upstream's functions give for these replies and the right answer "5", recorded.
BOXED = [
    (BOX, True, 1.0),
    (f"<think>a</think>b</think>{BOX}", True, 1.0),
    (TAGS, False, 0.0),
    (BOX_IN_TAGS, True, 1.0),
    ("\\boxed{6}", True, 0.0),
    ("\\boxed{}", True, 0.0),
    ("\\boxed 5", False, 0.0),
    ("\\fbox{5}", False, 0.0),
    ("", False, 0.0),
]
AFTER_THOUGHT = [
    (BOX, False, 0.0),
    (f"</think>{BOX}", True, 1.0),
    (f"<think>a</think>b</think>{BOX}", False, 0.0),
    (TAGS, False, 0.0),
    (BOX_IN_TAGS, True, 1.0),
]
TAGGED = [
    (BOX, False, 0.0),
    (TAGS, True, 1.0),
    (BOX_IN_TAGS, True, 1.0),
    ("x</think><answer>5</answer>", False, 0.0),
    ("</think> <answer>4</answer> <answer>5</answer>", True, 1.0),
    ("</think> <answer>5", False, 0.0),
    ("</think> <answer>\\boxed 5</answer>", True, 0.0),
]
TAGGED_FOR_ORZ = [
    ("x</think><answer>5</answer>", True, 1.0),
    ("<answer> 5 </answer>", True, 1.0),
    ("<answer>1</answer>5</answer>", True, 0.0),
    ("</think> <answer>5", False, 0.0),
]
FUNCTIONS = (
    (boxed_reward_fn, BOXED),
    (r1_distill_qwen_math_reward_fn, AFTER_THOUGHT),
    (answer_tag_reward_fn, TAGGED),
    (answer_tag_reward_fn_for_orz, TAGGED_FOR_ORZ),
)


@pytest.mark.parametrize(
    ("function", "reply", "formatted", "reward"),
    [(function, *row) for function, rows in FUNCTIONS for row in rows],
)
def test_a_reply_gets_upstreams_reward(
    function: Any, reply: str, formatted: bool, reward: float
) -> None:
    assert function(reply, "5") == ({"formatted": formatted}, reward)


@pytest.mark.parametrize("gold", [5, 5.0, ["4", "5"], [4, 5], ("4", 5), "\\boxed{5}"])
def test_the_right_answer_may_be_a_number_or_several(gold: Any) -> None:
    assert boxed_reward_fn(BOX, gold) == ({"formatted": True}, 1.0)
    assert boxed_reward_fn(BOX, gold, True, 2.0, -1.0) == ({"formatted": True}, 2.0)


@pytest.mark.parametrize("gold", [[], "\\boxed 5", True, "6"])
def test_a_right_answer_that_is_not_met_gives_the_other_reward(gold: Any) -> None:
    assert boxed_reward_fn(BOX, gold, False, 2.0, -1.0) == ({"formatted": True}, -1.0)


@pytest.mark.parametrize("gold", [None, [["5"]], {"5"}])
def test_a_right_answer_of_another_kind_is_refused(gold: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="must be a text, a number or a list"):
        boxed_reward_fn(BOX, gold)


def test_math_verify_is_asked_unless_it_is_to_be_fast() -> None:
    assert grade("2/4", "1/2") is False
    assert grade("2/4", "1/2", fast=False) is True
    assert grade("\\{1,2\\}", "\\{2,1\\}", fast=False) is True
    assert grade(None, "5") is False


def test_the_strict_profile_keeps_what_a_fraction_groups() -> None:
    answer, gold = "\\frac{1+x}{2}", "1+\\frac{x}{2}"
    assert grade(answer, gold, fast=False) is True
    assert grade(answer, gold, fast=False, profile="strict") is False


def test_threads_grade_at_once() -> None:
    verdicts: list[bool] = []

    def check(k: int) -> None:
        verdicts.append(grade(f"x^2+{2 * k}x+{k * k}", f"(x+{k})^2", fast=False))

    threads = [threading.Thread(target=check, args=(k,)) for k in range(2, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == [True] * 16


def test_only_what_is_boxed_is_taken_out() -> None:
    assert extract_answer("a") is None
    assert extract_answer("\\boxed{a} and \\boxed{b{c}}") == "b{c}"
    assert extract_answer("\\fbox{a}") is None


def test_a_function_has_its_time() -> None:
    assert run_with_timeout_signal(divmod, (7, 2)) == (3, 1)
    assert run_with_timeout_signal(divmod, (7, 0)) is None
    assert run_with_timeout_signal(threading.Event().wait, timeout_seconds=1) is None
