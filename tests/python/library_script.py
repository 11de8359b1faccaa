"""Answers questions about a library, a line of JSON each; see `library_process.py`."""

from __future__ import annotations

import json
import os
import sys
import types
from pathlib import Path
from typing import Any

package = types.ModuleType("gem")
package.__path__ = [str(Path(__file__).resolve().parents[2] / "python" / "gem")]
sys.modules["gem"] = package

from gem._host.library import load  # noqa: E402
from gem._host.streams import Streams  # noqa: E402

# What libraries print is not an answer.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

LIBRARY = load(sys.argv[1])
OBJECTS: list[tuple[Any, Streams]] = []


def answer(number: int | None, method: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Calls what is asked for; objects run with their own streams."""
    if number is not None:
        value, streams = OBJECTS[number]
        with streams:
            return getattr(value, method)(*args, **kwargs)
    if method != "make":
        return LIBRARY.function(method)(*args)
    env_id, seed = args
    streams = Streams(seed)
    with streams:
        OBJECTS.append((LIBRARY.new(env_id, kwargs), streams))
    return len(OBJECTS) - 1


for line in sys.stdin:
    try:
        outcome = [True, answer(*json.loads(line))]
    except Exception as error:
        code = getattr(error, "gem_code", None)
        outcome = [False, [type(error).__name__, code, str(error)]]
    ANSWERS.write(json.dumps(outcome) + "\n")
    ANSWERS.flush()
