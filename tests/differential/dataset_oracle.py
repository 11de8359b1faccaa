"""Judges dataset environments by the reference implementation: plays moves in upstream's classes.

Runs in a Python that has gem-llm 0.1.0 and datasets. Reads one JSON request a line and answers each
with one JSON line, until the input ends.

Request: `{"class", "file", "options", "moves"}`: MathEnv, QaEnv or CodeEnv, over a file of JSON
lines; a move is `["reset", seed or null, idx or null]` or `["step", reply]`.

Answer: `{"rows": [...]}`, for each move what upstream returned (after a reset also idx, null where
there is none, epoch, and what answers are judged by), or `["raised", "Type: message"]`; or
`{"error": "Type: message"}`.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from typing import Any

from oracle_lines import serve, step

with contextlib.redirect_stdout(sys.stderr):
    import datasets

    datasets.disable_progress_bars()
    MODULES = {"MathEnv": "math_env", "QaEnv": "qa_env", "CodeEnv": "code_env"}


def play(request: dict[str, Any]) -> list[Any]:
    """Plays the moves of a request."""
    name = request["class"]
    env_class = getattr(importlib.import_module(f"gem.envs.{MODULES[name]}"), name)
    with open(request["file"], encoding="utf-8") as file:
        rows = datasets.Dataset.from_list([json.loads(line) for line in file])
    env = env_class(dataset=rows, **request["options"])
    return [move(env, *each) for each in request["moves"]]


def move(env: Any, kind: str, *arguments: Any) -> list[Any]:
    """Plays one move."""
    if kind == "reset":
        seed, idx = arguments
        observation, info = env.reset(seed) if idx is None else env.reset(seed, idx=idx)
        judged_by = env.tests if hasattr(env, "tests") else env.answer
        return [observation, info, getattr(env, "idx", None), env.epoch, judged_by]
    return step(env, *arguments)


if __name__ == "__main__":
    serve(play)
