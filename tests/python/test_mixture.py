"""Vectors of mixtures: the same draws as in TypeScript, over any number of workers."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import gem
from gem.errors import InvalidArgumentError, UnknownEnvError, UnsupportedError
from gem.vector.mixture import MixtureEnv
from gem.wrappers.wrapper_factory import get_wrapper_fns
from sample_envs import CountingEnv

EASY = "game:GuessTheNumber-v0-easy"
HARD = "game:GuessTheNumber-v0-hard"
SUDOKU = "game:Sudoku-v0-easy"
MIXTURE = {EASY: 0.7, HARD: 0.2, SUDOKU: 0.1}
LETTERS = {EASY: "e", HARD: "h", SUDOKU: "s"}
SEQUENCES = ["heseehheeheh", "eeeeseeshsse", "heseehheeees", "eeseeeheeehe"]
"""`numpy.random.default_rng((seed << 32) | 0x4D495854)` for the seeds 1 to 4, by the weights."""


@pytest.fixture(params=["one block", "several blocks"], autouse=True)
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with the vector on one worker and split over two."""
    if request.param == "several blocks":
        monkeypatch.setenv("GEM_MIN_BLOCK", "2")


def _drawn(vector: Any, count: int) -> list[str]:
    rows = [""] * vector.num_envs
    for _ in range(count):
        for slot, info in enumerate(vector.reset()[1]):
            rows[slot] += LETTERS[info["mixture_id"]]
    return rows


def test_the_draws_are_pinned() -> None:
    assert _drawn(gem.make_vec(MIXTURE, num_envs=4, seed=1), 12) == SEQUENCES
    wrapped = gem.make_vec(MIXTURE, get_wrapper_fns("concat"), num_envs=2, seed=3, async_mode=True)
    assert _drawn(wrapped, 12) == SEQUENCES[2:]


def test_send_and_recv_in_any_order_draw_the_same() -> None:
    vector = gem.make_vec(MIXTURE, num_envs=4, seed=1)
    rows = [""] * 4
    for position in [3, 1, 1, 0, 3, 2, 1, 0]:
        vector.send_reset([position])
        ((position,), *_, (info,)) = vector.recv()
        rows[position] += LETTERS[info["mixture_id"]]
    assert rows == [row[: len(mine)] for row, mine in zip(SEQUENCES, rows, strict=True)]


def test_equal_seeds_give_equal_episodes() -> None:
    vector = gem.make_vec(MIXTURE, num_envs=3, seed=8)
    _drawn(vector, 4)
    observations, infos = vector.reset(seed=[9, 9, 9])
    assert len(set(observations)) == 1
    assert len({info["mixture_id"] for info in infos}) == 1


def test_names_and_attributes() -> None:
    vector = gem.make_vec(MIXTURE, num_envs=2, seed=1)
    name = f"mixture({EASY}, {HARD}, {SUDOKU})"
    assert vector.env_ids == (name, name)
    env: Any = vector.envs[0]
    assert isinstance(env, MixtureEnv)
    vector.reset()
    assert env.mixture_id == HARD
    assert env.mixture_ids == [EASY, HARD, SUDOKU]
    assert env.mixture_weights == pytest.approx([0.7, 0.2, 0.1])
    assert env.turn_count == 0
    with pytest.raises(AttributeError):
        _ = env.nothing_like_it


def test_copies_and_pickles_go_on_the_same() -> None:
    vector = gem.make_vec(MIXTURE, num_envs=2, seed=1)
    _drawn(vector, 3)
    twins = [copy.deepcopy(vector), pickle.loads(pickle.dumps(vector))]
    rows = _drawn(vector, 8)
    assert rows == [row[3:11] for row in SEQUENCES[:2]]
    for twin in twins:
        assert _drawn(twin, 8) == rows


def test_options_go_to_the_id_that_they_are_for() -> None:
    vector = gem.make_vec(
        {EASY: 1, HARD: 0}, num_envs=1, vec_kwargs={EASY: {"max_number": 4000}}, max_turns=5
    )
    assert "4000" in vector.reset(seed=1)[0][0]
    assert vector.envs[0].max_turns == 5


@pytest.mark.parametrize(
    ("mixture", "more", "error", "message"),
    [
        ({EASY: -1}, {"num_envs": 1}, InvalidArgumentError, "number from 0 on, got -1"),
        ({EASY: 0}, {"num_envs": 1}, InvalidArgumentError, "all are 0"),
        ({EASY: float("nan")}, {"num_envs": 1}, InvalidArgumentError, "got nan"),
        ({EASY: "1"}, {"num_envs": 1}, InvalidArgumentError, "got '1'"),
        ({}, {"num_envs": 1}, InvalidArgumentError, "at least one id"),
        ({EASY: 1}, {}, InvalidArgumentError, "needs num_envs"),
        ({"game:Sodoku-v0-easy": 1}, {"num_envs": 1}, UnknownEnvError, "Did you mean"),
        (
            {EASY: 1},
            {"num_envs": 1, "vec_kwargs": {HARD: {}}},
            InvalidArgumentError,
            "not in the mixture",
        ),
        ({EASY: 1}, {"num_envs": 1, "vec_kwargs": [{}]}, InvalidArgumentError, "maps ids"),
    ],
)
def test_mistakes_are_told(
    mixture: dict[str, Any], more: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        gem.make_vec(mixture, **more)


def test_objects_of_this_process_are_refused() -> None:
    if "my:Counting" not in gem.envs.registration.ENV_REGISTRY:
        gem.register("my:Counting", CountingEnv)
    with pytest.raises(UnsupportedError, match="host=True"):
        gem.make_vec({"my:Counting": 1}, num_envs=1)
