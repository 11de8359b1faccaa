r"""Reading answers out of a model's reply: `\boxed{…}`, `<answer>…</answer>`, fenced code."""

from __future__ import annotations

import re

_CODE_FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_ANSWER_TAG = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
_BOXED = "\\boxed"
_FBOX = "\\fbox"
_BOXED_OPEN = "\\boxed{"


def last_boxed_only_string(string: str) -> str | None:
    r"""Gives the last `\boxed…` (without one the last `\fbox…`) up to the brace that closes it.

    None when there is none or its braces never balance; an unfinished last one hides earlier ones.
    """
    start = string.rfind(_BOXED)
    if start < 0:
        start = string.rfind(_FBOX)
    if start < 0:
        return None
    depth = 0
    for position in range(start, len(string)):
        if string[position] == "{":
            depth += 1
        elif string[position] == "}":
            depth -= 1
            if depth == 0:
                return string[start : position + 1]
    return None


def remove_boxed(s: str | None) -> str | None:
    r"""Gives the inside of `\boxed{…}`, or None for anything else."""
    if s is None or not s.startswith(_BOXED_OPEN) or not s.endswith("}"):
        return None
    return s[len(_BOXED_OPEN) : -1]


def extract_last_boxed_answer(solution: str) -> str | None:
    r"""Gives the inside of the last `\boxed{…}`, or None."""
    return remove_boxed(last_boxed_only_string(solution))


def extract_last_tagged_answer(model_response: str) -> str | None:
    """Gives the trimmed inside of the last `<answer>…</answer>`, or None."""
    answers = _ANSWER_TAG.findall(model_response)
    return str(answers[-1]).strip() if answers else None


def extract_code_from_model(model_response: str) -> str | None:
    """Gives the trimmed content of the last fenced code block, or None."""
    blocks = _CODE_FENCE.findall(model_response)
    return str(blocks[-1]).strip() if blocks else None
