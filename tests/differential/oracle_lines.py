"""How scripts that run the reference implementation are asked: a line of JSON each way."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def serve(play: Callable[[dict[str, Any]], list[Any]]) -> None:
    """Answers requests until there are no more; what upstream prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            answer: dict[str, Any] = {"rows": play(json.loads(line))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        out.write(f"{json.dumps(answer)}\n")
        out.flush()


def step(env: Any, reply: str) -> list[Any]:
    """What a step gave, or `["raised", "Type: message"]`."""
    try:
        observation, reward, terminated, truncated, info = env.step(reply)
    except Exception as error:
        return ["raised", f"{type(error).__name__}: {error}"]
    return [observation, float(reward), terminated, truncated, info]
