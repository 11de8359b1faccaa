"""Vectors of built-in environments: both classes, both autoreset modes, one block and several."""

from __future__ import annotations

import copy
import gc
import pickle
from typing import Any

import numpy as np
import pytest

import gem
from gem.errors import ClosedError, ResetNeededError, UnsupportedError
from gem.vector.async_vector_env import AsyncVectorEnv
from gem.vector.sync_vector_env import SyncVectorEnv
from gem.vector.vector_env import AutoresetMode, VectorEnv
from gem.wrappers.wrapper_factory import get_wrapper_fns

HARD = "game:GuessTheNumber-v0-hard"
EASY = "game:GuessTheNumber-v0-easy"


@pytest.fixture(params=["one block", "several blocks"])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with the vector on one worker and split over two."""
    if request.param == "several blocks":
        monkeypatch.setenv("GEM_MIN_BLOCK", "2")


pytestmark = pytest.mark.usefixtures("_blocks")


def _numbers(vector: VectorEnv) -> list[int]:
    return [env.game_number for env in vector.envs]


@pytest.mark.parametrize(("async_mode", "cls"), [(False, SyncVectorEnv), (True, AsyncVectorEnv)])
def test_make_vec_gives_upstreams_class(async_mode: bool, cls: type) -> None:
    vector = gem.make_vec([EASY] * 5, async_mode=async_mode)
    assert type(vector) is cls
    assert isinstance(vector, gem.Env)
    assert (vector.num_envs, len(vector.envs)) == (5, 5)
    assert vector.autoreset_mode is AutoresetMode.SAME_STEP
    assert vector.env_ids == (EASY,) * 5


def test_reset_and_step_have_upstreams_types() -> None:
    vector = gem.make_vec([EASY] * 5)
    observations, infos = vector.reset(seed=3)
    assert (type(observations), type(observations[0]), len(observations)) == (list, str, 5)
    assert (type(infos), type(infos[0]), len(infos)) == (list, dict, 5)
    observations[2] = vector.envs[2].reset()[0]
    observations, rewards, terminated, truncated, infos = vector.step(["\\boxed{3}"] * 5)
    assert (type(observations), type(infos)) == (list, list)
    assert (rewards.dtype, terminated.dtype, truncated.dtype) == (np.float64, np.bool_, np.bool_)
    assert rewards.shape == terminated.shape == truncated.shape == (5,)
    for array in (rewards, terminated, truncated):
        array[0] = 1
    infos[0]["mine"] = 1
    assert "mine" not in infos[1]


def test_an_integer_seeds_each_environment_with_its_position_added() -> None:
    vector = gem.make_vec([HARD] * 5)
    vector.reset(seed=2**64 - 2)
    expected = []
    for position in range(5):
        env = gem.make(HARD)
        env.reset(seed=2**64 - 2 + position)
        expected.append(env.game_number)
    assert _numbers(vector) == expected


def test_a_sequence_seeds_each_environment_on_its_own() -> None:
    vector = gem.make_vec([HARD] * 4)
    vector.reset(seed=np.array([7, 7, 7, 7]))  # type: ignore[arg-type]
    assert len(set(_numbers(vector))) == 1
    before = _numbers(vector)
    vector.reset(seed=(7, None, 7, None))
    after = _numbers(vector)
    assert (after[0], after[2]) == (before[0], before[2])


def test_the_making_seed_is_spread_and_the_callers_maps_stay_as_they_are() -> None:
    shared: dict[str, Any] = {"max_turns": 3}
    vector = gem.make_vec([HARD] * 4, vec_kwargs=[shared] * 4, seed=11)
    assert shared == {"max_turns": 3}
    vector.reset()
    expected = []
    for position in range(4):
        env = gem.make(HARD, seed=11 + position, max_turns=3)
        env.reset()
        expected.append(env.game_number)
    assert _numbers(vector) == expected
    assert {env.max_turns for env in vector.envs} == {3}


def test_own_seeds_win_over_the_spread_one_and_common_options_over_own() -> None:
    own = [{"seed": 5, "max_turns": 3}, {"seed": 5}, {}, {}]
    vector = gem.make_vec([HARD] * 4, vec_kwargs=own, max_turns=9)
    vector.reset()
    numbers = _numbers(vector)
    assert numbers[0] == numbers[1]
    assert {env.max_turns for env in vector.envs} == {9}


@pytest.mark.parametrize(
    "make",
    [
        lambda: gem.make_vec(env_id=EASY, num_envs=4),
        lambda: gem.make_vec(EASY, num_envs=4),
        lambda: gem.make_vec(EASY, 4),
        lambda: gem.make_vec((EASY,) * 4, num_envs=4),
    ],
)
def test_the_older_form_of_make_vec_works(make: Any) -> None:
    vector = make()
    assert vector.num_envs == 4
    assert len(vector.reset()[0]) == 4


def test_a_single_id_makes_a_vector_of_one() -> None:
    assert gem.make_vec(EASY).num_envs == 1


def test_ids_may_be_mixed() -> None:
    ids = [EASY, "game:Game2048-v0-easy", HARD, "game:Sokoban-v0-easy"]
    vector = gem.make_vec(ids, get_wrapper_fns("concat"), max_turns=3, async_mode=True)
    vector.reset(seed=1)
    assert [env.unwrapped.env_id for env in vector.envs] == ids
    assert len(vector.step(["\\boxed{1}"] * 4)[0]) == 4


def test_an_episode_is_the_same_as_alone() -> None:
    vector = gem.make_vec([HARD] * 5, get_wrapper_fns("concat_with_action,episode_tracking"))
    alone = gem.make_vec([HARD], get_wrapper_fns("concat_with_action,episode_tracking")).envs[0]
    observations, infos = vector.reset(seed=100)
    for position in range(5):
        assert (observations[position], infos[position]) == alone.reset(seed=100 + position)
    steps = [vector.step([f"\\boxed{{{guess}}}"] * 5) for guess in (10, 30)]
    alone.reset(seed=103)
    for guess, step in zip((10, 30), steps, strict=True):
        assert alone.step(f"\\boxed{{{guess}}}") == tuple(part[3] for part in step)


def test_the_same_step_mode_shows_the_next_episode_and_keeps_the_last_observation() -> None:
    vector = gem.make_vec([EASY] * 3, get_wrapper_fns("concat,episode_tracking"))
    vector.reset(seed=4)
    observations, rewards, terminated, _, infos = vector.step(
        ["\\boxed{0}", "\\boxed{3}", "\\boxed{0}"]
    )
    assert terminated.tolist()[0] is True
    assert rewards[0] == -0.1
    assert infos[0]["prev_ep_step_counter"] == 1
    assert type(infos[0]["prev_ep_cumulative_rewards"]) is float
    assert infos[0]["step_counter"] == 0
    assert infos[0]["final_info"]["step_counter"] == 1
    assert infos[0]["final_observation"] != observations[0]
    assert vector.step(["\\boxed{3}"] * 3)[4][0]["step_counter"] == 1


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, "NextStep", "NEXT_STEP"])
def test_the_next_step_mode_resets_in_the_step_after(mode: Any) -> None:
    vector = gem.make_vec([EASY] * 4, autoreset_mode=mode)
    assert vector.autoreset_mode is AutoresetMode.NEXT_STEP
    first, _ = vector.reset(seed=4)
    observations, _, terminated, _, infos = vector.step(
        ["\\boxed{0}", None, "\\boxed{0}", "\\boxed{0}"]
    )
    assert terminated.all()
    assert "final_info" not in infos[0]
    observations, rewards, terminated, truncated, _ = vector.step({2: "ignored", 0: "ignored"})
    assert (rewards.tolist(), terminated.any(), truncated.any()) == ([0.0, 0.0], False, False)
    assert [observation.split(" example")[0] for observation in observations] == [
        first[0].split(" example")[0]
    ] * 2
    assert vector.envs[0].turn_count == 0
    assert vector.envs[1].turn_count == 1


def test_a_map_steps_some_and_answers_in_its_order() -> None:
    vector = gem.make_vec([HARD] * 5, get_wrapper_fns("concat_with_action"))
    vector.reset(seed=2)
    actions = {np.int64(4): "\\boxed{40}", 0: "\\boxed{10}", 3: "\\boxed{30}"}
    observations, rewards, terminated, truncated, infos = vector.step(actions)
    assert [len(part) for part in (observations, rewards, terminated, truncated, infos)] == [3] * 5
    for observation, guess in zip(observations, (40, 10, 30), strict=True):
        assert f"\\boxed{{{guess}}}" in observation
    assert [env.unwrapped.turn_count for env in vector.envs] == [1, 0, 0, 1, 1]


def test_an_empty_map_steps_none() -> None:
    vector = gem.make_vec([EASY] * 4)
    vector.reset()
    observations, rewards, terminated, truncated, infos = vector.step({})
    assert (observations, infos) == ([], [])
    assert (rewards.shape, terminated.dtype, truncated.shape) == ((0,), np.bool_, (0,))


def test_members_are_the_same_objects_each_time() -> None:
    vector = gem.make_vec([EASY] * 4, get_wrapper_fns("concat"))
    assert vector.envs[1] is vector.envs[1]
    assert vector.envs[-1] is vector.envs[3]
    assert vector.envs[1:3] == [vector.envs[1], vector.envs[2]]
    assert list(vector.envs) == [vector.envs[i] for i in range(4)]
    assert vector.envs[2] in vector.envs
    assert vector.envs[0].env is vector.envs[0].env
    with pytest.raises(IndexError):
        vector.envs[4]


def test_a_member_can_be_reset_and_read_by_itself() -> None:
    vector = gem.make_vec([HARD] * 4)
    vector.reset(seed=1)
    vector.step(["\\boxed{3}"] * 4)
    vector.envs[1].reset()
    assert [env.turn_count for env in vector.envs] == [1, 0, 1, 1]


def test_assigning_a_copy_exchanges_a_member() -> None:
    vector = gem.make_vec([HARD] * 4, get_wrapper_fns("concat"))
    vector.reset(seed=1)
    vector.step(["\\boxed{3}"] * 4)
    old = vector.envs[2]
    twin = copy.deepcopy(vector.envs[0])
    vector.envs[2] = twin
    assert vector.envs[2] is twin
    observations = vector.step(["\\boxed{7}"] * 4)[0]
    assert observations[2] == observations[0]
    assert old.unwrapped.turn_count == 1
    vector.envs[1:3] = [copy.deepcopy(twin), copy.deepcopy(twin)]
    observations = vector.step({1: "\\boxed{9}", 2: "\\boxed{9}"})[0]
    assert observations[0] == observations[1]
    with pytest.raises(TypeError, match="slice of 2"):
        vector.envs[1:3] = [twin]
    with pytest.raises(TypeError, match="environment was expected"):
        vector.envs[0] = "x"


@pytest.mark.parametrize("mode", AutoresetMode)
def test_an_environment_of_any_worker_can_be_assigned(mode: AutoresetMode) -> None:
    vector = gem.make_vec([HARD] * 4, autoreset_mode=mode)
    vector.reset(seed=1)
    others = [gem.make(HARD, seed=5) for _ in range(6)]
    for other in others:
        other.reset(seed=77)
        vector.envs[1] = other
        assert vector.envs[1] is other
    vector.envs[3] = others[0]
    vector.step(["\\boxed{0}"] + ["\\boxed{3}"] * 3)
    assert [env.turn_count for env in others] == [1, 0, 0, 0, 0, 1]
    vector.step({3: "\\boxed{4}", 1: "\\boxed{5}", 0: "x"})
    assert others[5].previous_guesses == {3, 5}
    assert others[0].previous_guesses == {3, 4}
    observations, infos = vector.reset(seed=9)
    assert len(observations) == len(infos) == 4
    reference = gem.make_vec([HARD] * 4)
    reference.reset(seed=9)
    assert _numbers(vector) == _numbers(reference)
    assert others[1].turn_count == 0


def test_a_vector_can_be_built_from_functions() -> None:
    made: list[gem.Env] = []

    def make() -> gem.Env:
        made.append(gem.make(EASY))
        return made[-1]

    for cls in (SyncVectorEnv, AsyncVectorEnv):
        made.clear()
        vector = cls([EASY] * 5, [make] * 5, autoreset_mode="NextStep")
        assert list(vector.envs) == made
        vector.reset(seed=1)
        assert vector.step([None] * 5)[2].all()


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda vector: pickle.loads(pickle.dumps(vector))]
)
def test_a_copied_vector_continues_independently(duplicate: Any) -> None:
    vector = gem.make_vec([HARD] * 4, get_wrapper_fns("concat"), async_mode=True)
    vector.reset(seed=1)
    vector.step(["\\boxed{25}"] * 4)
    vector.note = ["mine"]
    twin = duplicate(vector)
    assert (type(twin), twin.env_ids, twin.note) == (AsyncVectorEnv, vector.env_ids, ["mine"])
    assert twin.note is not vector.note
    first, second = twin.step(["\\boxed{7}"] * 4), vector.step(["\\boxed{7}"] * 4)
    assert first[0] == second[0]
    assert first[4] == second[4]


def test_a_vector_that_waits_to_reset_members_is_not_copied() -> None:
    vector = gem.make_vec([EASY] * 4, autoreset_mode="NextStep")
    vector.reset(seed=1)
    vector.step({1: None})
    with pytest.raises(UnsupportedError, match=r"\[1\]"):
        copy.deepcopy(vector)
    vector.step({1: None})
    copy.deepcopy(vector)


def test_closing_a_vector_closes_its_members() -> None:
    vector = gem.make_vec([EASY] * 4)
    vector.reset()
    member = vector.envs[1]
    with vector:
        pass
    vector.close()
    with pytest.raises(ClosedError):
        vector.step(["x"] * 4)
    with pytest.raises(ClosedError):
        member.step("x")


def test_one_closed_member_names_itself_and_none_steps() -> None:
    vector = gem.make_vec([HARD] * 4)
    vector.reset(seed=1)
    vector.envs[3].close()
    with pytest.raises(ClosedError, match="Environment 3 of the vector"):
        vector.step(["\\boxed{3}"] * 4)
    vector.envs[3] = gem.make(HARD)
    with pytest.raises(ResetNeededError, match="Environment"):
        vector.step(["\\boxed{3}"] * 4)
    vector.envs[3].reset()
    assert len(vector.step(["\\boxed{3}"] * 4)[0]) == 4


def test_many_environments_are_made_with_two_calls_for_each_worker() -> None:
    from gem._bridge.server import client

    vector = gem.make_vec([EASY] * 4096, get_wrapper_fns("concat"), async_mode=True)
    assert len(vector.reset(seed=1)[0]) == 4096
    assert vector.step(["\\boxed{3}"] * 4096)[1].shape == (4096,)
    load = sum(worker.load for worker in client().workers)
    del vector
    gc.collect()
    for worker in client().workers:
        worker.call("list", [])
    assert sum(worker.load for worker in client().workers) <= load - 4096


def test_a_member_outlives_its_vector() -> None:
    vector = gem.make_vec([EASY] * 4, get_wrapper_fns("concat"))
    vector.reset(seed=1)
    member = vector.envs[2]
    del vector
    gc.collect()
    gem.make(EASY).reset()
    gem.make(EASY).reset()
    assert "boxed" in member.reset(seed=1)[0]


def test_its_text_form_counts_and_names() -> None:
    assert repr(gem.make_vec([EASY, HARD])) == f"<SyncVectorEnv of 2: {EASY}, {HARD}>"
    assert "GuessTheNumberEnv" in repr(gem.make_vec(EASY).envs)
