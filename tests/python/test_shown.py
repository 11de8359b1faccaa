"""Observations that are sent in part are those that are sent whole."""

from __future__ import annotations

import copy
import threading
from functools import partial
from typing import Any

import numpy as np
import pytest

import gem
from gem._bridge import shown
from gem.vector.vector_env import VectorEnv
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY

COUNT = 8
native = pytest.mark.skipif(shown._continued is None, reason="there is no native module here")


def make(wrapper: str = "concat_with_action", **options: Any) -> VectorEnv:
    wrappers = [partial(WRAPPER_FACTORY[wrapper], **options)]
    return gem.make_vec(["game:GuessTheNumber-v0-hard"] * COUNT, wrappers=wrappers, seed=1)


def play(vec: VectorEnv, steps: int = 80) -> list[list[Any]]:
    """Whole and partial steps, members stepped alone, resets, and a trainer that writes.

    Gives the observations and infos, those of ended episodes included.
    """
    rng = np.random.default_rng(0)
    observations, _ = vec.reset(seed=3)
    seen = [list(observations)]
    for turn in range(steps):
        guesses = rng.integers(1, 51, COUNT)
        actions = [f"né😀 \\boxed{{{n}}}" if n < 20 else f"\\boxed{{{n}}}" for n in guesses]
        if turn % 7 == 3:
            observations, _, _, _, infos = vec.step({index: actions[index] for index in (5, 2)})
        elif turn == 40:
            observations, infos = vec.reset()
        else:
            if turn % 11 == 5:
                vec.envs[3].step("\\boxed{5}")
            observations, _, _, _, infos = vec.step(actions)
        seen.append([list(observations), copy.deepcopy(infos)])
        observations[0] = "changed by its owner"
        infos[0]["final_observation"] = "changed too"
    return seen


@native
@pytest.mark.parametrize("wrapper", ["concat", "concat_with_action"])
def test_parts_and_wholes_are_the_same(monkeypatch: pytest.MonkeyPatch, wrapper: str) -> None:
    joined: list[int] = []
    ended: list[int] = []
    real = shown._continued
    assert real is not None

    def counted(earlier: list[Any], keeps: bytes, tails: list[Any], infos: list[Any]) -> list[Any]:
        joined.append(len(tails))
        ended.append((len(keeps) - 4 * len(tails)) // 8)
        return real(earlier, keeps, tails, infos)

    monkeypatch.setattr(shown, "_continued", counted)
    parts = play(make(wrapper))
    monkeypatch.setattr(shown, "_continued", None)
    assert parts == play(make(wrapper))
    assert len(joined) > 60
    assert sum(ended) > COUNT


def test_a_history_that_forgets_is_whole() -> None:
    vec = make(max_history_length=1)
    vec.reset(seed=3)
    for _ in range(3):
        observations = vec.step(["\\boxed{1}"] * COUNT)[0]
        assert all(text.count("\\boxed{1}") == 1 for text in observations)


def test_threads_that_overtake_each_other_see_whole_texts() -> None:
    actions = ["\\boxed{1}" if turn % 2 else "no guess at all" for turn in range(60)]
    vec, reference = make(), make()
    vec.reset(seed=3)
    reference.reset(seed=3)
    seen: dict[int, list[str]] = {0: [], 1: []}

    def run(index: int) -> None:
        seen[index] += [vec.step({index: action})[0][0] for action in actions]

    threads = [threading.Thread(target=run, args=(index,)) for index in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, texts in seen.items():
        assert texts == [reference.step({index: action})[0][0] for action in actions]
