"""Times resets of upstream's environments.

Reads one JSON request a line and answers with one JSON line: `{"ms": [...]}`, or `{"error": text}`
where upstream cannot play. `GEM_UPSTREAM_SRC` names a checkout to use in place of the installed
package.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time
from typing import Any
from unittest import mock

if os.environ.get("GEM_UPSTREAM_SRC"):
    sys.path.insert(0, os.environ["GEM_UPSTREAM_SRC"])

with contextlib.redirect_stdout(io.StringIO()):
    import gem

    # Constructors of word games download a corpus, even where it is there.
    nltk: Any = importlib.import_module("nltk")
    nltk.download = lambda *_args, **_kwargs: True


def resets(
    env_id: str, kwargs: dict[str, Any], draws: bool, seeds: list[int], budget_s: float
) -> list[float]:
    """Milliseconds of a reset with each seed, until the budget is spent; at least one."""
    specs = importlib.import_module("gem.envs.registration").ENV_REGISTRY
    module, name = specs[env_id].entry_point.split(":")
    env_class = getattr(importlib.import_module(module), name)
    # Constructors reset too.
    with mock.patch.object(env_class, "reset", return_value=("", {})):
        env = gem.make(env_id, **kwargs)
    if draws:
        env._is_random = True
    samples: list[float] = []
    end = time.perf_counter() + budget_s
    for seed in seeds:
        start = time.perf_counter()
        env.reset(seed=seed)
        samples.append((time.perf_counter() - start) * 1e3)
        if time.perf_counter() > end:
            break
    return samples


def main() -> None:
    """Answers requests until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                ms = resets(
                    request["id"],
                    request["kwargs"],
                    request["draws"],
                    request["seeds"],
                    request["budget_s"],
                )
            answer: dict[str, Any] = {"ms": ms}
        except Exception as error:  # upstream's failure is an answer, not the end of the benchmark
            answer = {"error": f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
