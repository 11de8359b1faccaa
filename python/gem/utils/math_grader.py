r"""Grading mathematical answers: the server grades, see `src/grading/math/`.

Each function takes a model's whole reply and the right answer: a text, a number, or a list of them
of which one has to be met. What keeps an answer from being graded is raised (`GemError`), it is
never a reward.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any, TypeAlias

from gem._bridge import server
from gem._bridge.errors import InvalidArgumentError
from gem.utils.parsing import extract_last_boxed_answer

Gold: TypeAlias = str | int | float | Sequence[str | int | float]
Reward: TypeAlias = tuple[dict[str, bool], float]

_BOXED = "\\boxed"
_END_OF_THOUGHT = "</think>"
_OPENING, _CLOSING = "<answer>", "</answer>"


def extract_answer(passage: str) -> str | None:
    r"""Gives the inside of a reply's last `\boxed{…}`, or None."""
    return extract_last_boxed_answer(passage) if _BOXED in passage else None


def grade(
    model_answer: str | None, gt_answer: Gold, fast: bool = True, profile: str = "compat"
) -> bool:
    """Says whether an answer, taken out of its reply, is right.

    Args:
        model_answer: the answer; None is wrong.
        gt_answer: the right answer, or several of which one has to be met.
        fast: whether to do without Math-Verify.
        profile: "compat" for upstream's verdicts, the wrong ones included; "strict" for sound ones.

    Raises:
        GemError: when the check cannot be finished; InvalidArgumentError for other right answers.
    """
    golds = _golds(gt_answer)
    if model_answer is None:
        return False
    settings = {"profile": profile, "fast": fast}
    correct, _, _ = server.client().place(0).call("grade", [model_answer, golds, settings])
    return bool(correct)


def boxed_reward_fn(
    model_response: str,
    gt_answer: Gold,
    fast: bool = False,
    correct_reward: float = 1.0,
    incorrect_reward: float = 0.0,
) -> Reward:
    r"""Grades the last `\boxed{…}` of a reply.

    Returns:
        `{"formatted": whether there is one}` and the reward.
    """
    return _reward(
        extract_answer(model_response), gt_answer, fast, correct_reward, incorrect_reward
    )


def r1_distill_qwen_math_reward_fn(
    model_response: str,
    gt_answer: Gold,
    fast: bool = False,
    correct_reward: float = 1.0,
    incorrect_reward: float = 0.0,
) -> Reward:
    r"""Grades the last `\boxed{…}` after the only `</think>`.

    Returns:
        `{"formatted": whether there are both}` and the reward; 0 when there is not one `</think>`.
    """
    parts = model_response.split(_END_OF_THOUGHT)
    if len(parts) != 2:
        return {"formatted": False}, 0.0
    return boxed_reward_fn(parts[1], gt_answer, fast, correct_reward, incorrect_reward)


def answer_tag_reward_fn(
    model_response: str,
    gt_answer: Gold,
    fast: bool = False,
    correct_reward: float = 1.0,
    incorrect_reward: float = 0.0,
) -> Reward:
    r"""Grades what follows the last `<answer>`, where a thought ends with `</think> <answer>`.

    Returns:
        `{"formatted": whether the tags are there}` and the reward; 0 when they are not.
    """
    if f"{_END_OF_THOUGHT} {_OPENING}" not in model_response:
        return {"formatted": False}, 0.0
    return answer_tag_reward_fn_for_orz(
        model_response, gt_answer, fast, correct_reward, incorrect_reward
    )


def answer_tag_reward_fn_for_orz(
    model_response: str,
    gt_answer: Gold,
    fast: bool = False,
    correct_reward: float = 1.0,
    incorrect_reward: float = 0.0,
) -> Reward:
    r"""Grades what follows the last `<answer>`, or the `\boxed{…}` in it.

    Returns:
        `{"formatted": whether both answer tags are there}` and the reward; 0 when they are not.
    """
    if _OPENING not in model_response or _CLOSING not in model_response:
        return {"formatted": False}, 0.0
    answer: str | None = model_response.split(_OPENING)[-1].replace(_CLOSING, "")
    if answer is not None and _BOXED in answer:
        answer = extract_answer(answer)
    _, reward = _reward(answer, gt_answer, fast, correct_reward, incorrect_reward)
    return {"formatted": True}, reward


def run_with_timeout_signal(
    func: Callable[..., Any],
    args: tuple[Any, ...] = (),
    kwargs: Mapping[str, Any] | None = None,
    timeout_seconds: int = 5,
) -> Any:
    """Calls a function in the main thread for so many seconds.

    Returns:
        What it returns; None when it takes longer, or raises.
    """
    if threading.current_thread() is not threading.main_thread():
        message = "run_with_timeout_signal works by a signal, so only in the main thread."
        raise InvalidArgumentError(message)
    before = signal.signal(signal.SIGALRM, _ring)
    signal.alarm(timeout_seconds)
    try:
        return func(*args, **dict(kwargs or {}))
    except Exception:
        return None
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def _reward(
    answer: str | None, gold: Gold, fast: bool, correct_reward: float, incorrect_reward: float
) -> Reward:
    if answer is None:
        return {"formatted": False}, incorrect_reward
    is_right = grade(answer, gold, fast)
    return {"formatted": True}, correct_reward if is_right else incorrect_reward


def _golds(gold: object) -> list[str]:
    items = gold if isinstance(gold, (list, tuple)) else [gold]
    if all(isinstance(item, (str, int, float)) for item in items):
        return [str(item) for item in items]
    message = f"The right answer must be a text, a number or a list of them, got {gold!r}."
    raise InvalidArgumentError(message)
