"""Judges by the reference implementation: replays actions in upstream's environments.

Runs in a Python that has gem-llm 0.1.0 and pandas; `NLTK_DATA` names the corpora it reads, and
`GEM_UPSTREAM_SRC`, where it is set, a checkout of upstream's repository to import in place of
gem-llm. Reads one JSON request a line on standard input and answers each with one JSON line on
standard output, until the input ends.

Request: `{"id", "kwargs", "seed", "fields", "actions", "state"?}`
  fields   the attributes to report, by name
  actions  a string or null is played as it is; 0 asks for the environment's own random action
  state    attributes to start from in place of a reset, for environments whose reset takes seconds:
           the shared stream is seeded, a reset's last draw (one random action) is made, and these
           are set
  repair   whether random actions are put right, for environments that cannot read their own: a
           word without a box gets one, and brackets inside of a box go
  draws    whether each reset draws the parameters, for ids whose constructor fails at it

Answer: `{"rows": [...]}`, one row for the reset and one a step, or `{"error": "Type: message"}`.
Row: `{"action", "reward", "terminated", "truncated", "info", "state", "board", "rng"}`; `info`
holds the keys, and `rng` is the next 32-bit output of the shared stream, which is looked at and not
consumed.
"""

import importlib
import json
import os
import random
import sys
from typing import Any, TextIO
from unittest import mock

Json = Any


def plain(value: Any) -> Json:
    """A value as JSON: sets sorted, tuples and arrays as lists, maps not by name as pairs."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: plain(item) for key, item in value.items()}
        return [[plain(key), plain(item)] for key, item in value.items()]
    return [plain(item) for item in value]


def peek() -> int:
    """The next 32-bit output of the shared stream."""
    saved = random.getstate()
    output = random.getrandbits(32)
    random.setstate(saved)
    return output


def board_of(env: Any) -> str | None:
    """The board as the environment draws it, or None where it has none."""
    for name in ("_render_board", "_get_board_str"):
        if hasattr(env, name):
            board: str = getattr(env, name)()
            return board
    return None


def repaired(action: str) -> str:
    """A random action in the form that its environment reads."""
    if "\\boxed" not in action:
        return f"\\boxed{{{action}}}"
    return action.replace("{[", "{").replace("]}", "}")


class Judge:
    """Upstream's environments, a fresh one for each request."""

    def __init__(self) -> None:
        """Imports upstream."""
        checkout = os.environ.get("GEM_UPSTREAM_SRC")
        if checkout:
            sys.path.insert(0, checkout)
        self._gem = importlib.import_module("gem")
        self._specs = importlib.import_module("gem.envs.registration").ENV_REGISTRY
        # Constructors of word games download a corpus, even where it is there.
        importlib.import_module("nltk").download = lambda *_args, **_kwargs: True

    def _make(self, env_id: str, kwargs: dict[str, Any]) -> Any:
        module, name = self._specs[env_id].entry_point.split(":")
        env_class = getattr(importlib.import_module(module), name)
        # Constructors reset, which takes seconds for some rooms; every run resets anyway.
        with mock.patch.object(env_class, "reset", return_value=("", {})):
            return self._gem.make(env_id, **kwargs)

    def answer(self, request: dict[str, Any]) -> Json:
        """The rows of one request."""
        kwargs = {k: tuple(v) if isinstance(v, list) else v for k, v in request["kwargs"].items()}
        env = self._make(request["id"], kwargs)
        if request.get("draws"):
            env._is_random = True
        if request.get("state") is None:
            _, info = env.reset(request["seed"])
        else:
            info = self._place(env, request["seed"], request["state"])
        rows = [self._row(env, request["fields"], None, None, None, None, info)]
        for item in request["actions"]:
            action = env.sample_random_action() if item == 0 else item
            if item == 0 and request.get("repair"):
                action = repaired(action)
            _, reward, terminated, truncated, info = env.step(action)
            rows.append(
                self._row(env, request["fields"], action, reward, terminated, truncated, info)
            )
        return rows

    def _place(self, env: Any, seed: int, state: dict[str, Any]) -> dict[str, Any]:
        numpy = importlib.import_module("numpy")
        random.seed(seed)
        env.sample_random_action()
        for name, value in state.items():
            if name in ("room_fixed", "room_state", "player_position"):
                setattr(env, name, numpy.array(value))
            elif name == "box_mapping":
                setattr(env, name, {tuple(target): tuple(box) for target, box in value})
            else:
                setattr(env, name, tuple(value) if isinstance(value, list) else value)
        return {"suffix": env.get_task_suffix()}

    def _row(
        self,
        env: Any,
        fields: list[str],
        action: str | None,
        reward: Any,
        terminated: Any,
        truncated: Any,
        info: dict[str, Any],
    ) -> Json:
        return {
            "action": action,
            "reward": plain(reward),
            "terminated": plain(terminated),
            "truncated": plain(truncated),
            "info": list(info),
            "state": {name: plain(getattr(env, name)) for name in fields},
            "board": board_of(env),
            "rng": peek(),
        }


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answers requests until there are no more."""
    judge = Judge()
    for line in requests:
        request = json.loads(line)
        try:
            answer: Json = {"rows": judge.answer(request)}
        except Exception as error:  # upstream's failure is an answer, not the end of the judge
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    channel = sys.stdout
    sys.stdout = sys.stderr  # upstream prints while it is imported and used
    serve(sys.stdin, channel)
