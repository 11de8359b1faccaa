"""Judges `rg:*` by the reference implementation: plays moves in upstream's environment.

Runs in a Python that has gem-llm 0.1.0 and reasoning_gym, started with PYTHONHASHSEED=0, since some
generators iterate over sets. Reads one JSON request a line and answers each with one JSON line,
until the input ends.

Request: `{"name", "size", "seed", "options", "moves"}`; a move is `["reset", seed or null]` or
`["step", reply]`. Options, which upstream does not pass on, are passed on here.

Answer: `{"rows": [...]}`, for each move what upstream returned or `["raised", "Type: message"]`, or
`{"error": "Type: message"}`; after a reset the item's own answer is added to the row.
"""

from __future__ import annotations

import contextlib
import importlib
import random
import sys
from typing import Any
from unittest import mock

from oracle_lines import serve, step

with contextlib.redirect_stdout(sys.stderr):
    import numpy
    import reasoning_gym
    from reasoning_gym.composite import DatasetSpec

    ENV: Any = importlib.import_module("gem.envs.reasoning_gym").ReasoningGymEnv
    CODEIO: Any = importlib.import_module("reasoning_gym.factory").DATASETS["codeio"][0]

create_dataset = reasoning_gym.create_dataset
codeio_item = CODEIO.__getitem__


def own_stream(dataset: Any, index: int) -> Any:
    """An item of codeio, whose generator draws from the process's streams."""
    random.seed(f"{dataset.seed} {index}")
    numpy.random.seed(random.getrandbits(32))
    return codeio_item(dataset, index)


CODEIO.__getitem__ = own_stream


def play(request: dict[str, Any]) -> list[Any]:
    """Plays the moves of a request."""
    options = dict(request["options"])
    if "datasets" in options:
        options["datasets"] = [DatasetSpec(**member) for member in options["datasets"]]

    def create(name: str, **kwargs: Any) -> Any:
        return create_dataset(name, **kwargs, **options)

    with mock.patch.object(reasoning_gym, "create_dataset", create):
        env = ENV(request["name"], size=request["size"], seed=request["seed"])
        return [move(env, *each) for each in request["moves"]]


def move(env: Any, kind: str, argument: Any) -> list[Any]:
    """Plays one move."""
    if kind == "reset":
        observation, info = env.reset(seed=argument)
        return [observation, info, env.idx, env.data["answer"]]
    return step(env, argument)


if __name__ == "__main__":
    serve(play)
