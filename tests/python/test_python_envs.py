"""Environments written in Python: registered, wrapped, mixed with built-in ones."""

from __future__ import annotations

import random
import threading
from typing import Any

import numpy as np
import pytest

import gem
from gem._bridge import python_envs
from gem.errors import DuplicateEnvError, InvalidArgumentError, ObjectFaultError
from gem.vector.async_vector_env import AsyncVectorEnv
from gem.vector.sync_vector_env import SyncVectorEnv
from gem.wrappers.episode_tracking_wrapper import EpisodeTrackingWrapper
from gem.wrappers.observation_wrapper import ObservationWrapper
from gem.wrappers.wrapper_factory import get_wrapper_fns
from sample_envs import (
    BadNews,
    CountingEnv,
    FailingEnv,
    LoudWrapper,
    MeetingEnv,
    MisshapenEnv,
    NarrowEnv,
    ShoutingGuess,
    StatefulEnv,
)

EASY = "game:GuessTheNumber-v0-easy"


@pytest.fixture(autouse=True)
def _registered() -> Any:
    before = dict(python_envs.REGISTRY)
    gem.register("test:Counting", CountingEnv, length=2)
    gem.register("test:Text", "sample_envs:CountingEnv")
    gem.register("test:Narrow", NarrowEnv)
    gem.register("test:Failing", FailingEnv, length=9)
    gem.register("test:Shouting", ShoutingGuess, max_number=50)
    yield
    python_envs.REGISTRY.clear()
    python_envs.REGISTRY.update(before)


def test_make_gives_the_python_object_itself() -> None:
    env = gem.make("test:Counting")
    assert type(env) is CountingEnv
    assert (env.env_id, env.entry_point, env.length) == ("test:Counting", CountingEnv, 2)
    assert gem.make("test:Counting", length=7).length == 7


def test_an_entry_point_may_be_text_or_a_function() -> None:
    assert type(gem.make("test:Text")) is CountingEnv
    gem.register("test:Function", lambda **kwargs: CountingEnv(**kwargs), length=4)
    assert gem.make("test:Function").length == 4
    gem.register("test:Game", "gem.envs.game_env.guess_the_number:GuessTheNumberEnv", max_turns=2)
    game = gem.make("test:Game", min_number=3)
    game.reset(seed=1)
    assert (game.env_id, game.max_turns, game.min_number) == ("test:Game", 2, 3)
    assert len(gem.make_vec(["test:Game"] * 2, max_number=5).reset(seed=1)[0]) == 2


def test_a_taken_id_is_refused() -> None:
    with pytest.raises(ValueError, match="registered already"):
        gem.register("test:Counting", CountingEnv)
    gem.make(EASY)
    with pytest.raises(DuplicateEnvError, match="registered already"):
        gem.register(EASY, CountingEnv)


@pytest.mark.parametrize(
    ("entry_point", "error", "text"),
    [
        ("no_colon", InvalidArgumentError, "module:Class"),
        ("a:b:c", InvalidArgumentError, "module:Class"),
        ("nowhere_at_all:Env", ImportError, "nowhere_at_all"),
        ("sample_envs:Nothing", ImportError, "Nothing"),
    ],
)
def test_an_entry_point_that_leads_nowhere_is_named(
    entry_point: str, error: type[Exception], text: str
) -> None:
    gem.register("test:Lost", entry_point)
    with pytest.raises(error, match=text):
        gem.make("test:Lost")


def test_an_id_and_an_entry_point_have_types() -> None:
    with pytest.raises(TypeError, match="non-empty string"):
        gem.register("", CountingEnv)
    with pytest.raises(TypeError, match="callable or a string"):
        gem.register("test:Odd", 3)  # type: ignore[arg-type]


def test_print_envs_lists_built_in_and_registered_ones(capsys: pytest.CaptureFixture[str]) -> None:
    gem.print_envs()
    lines = capsys.readouterr().out.splitlines()
    assert f"  - {EASY}" in lines
    position = lines.index("  - test:Counting")
    assert lines[position + 2] == "      options: {'length': 2}"
    assert lines.index("  - game:Sokoban-v0-easy") < position


@pytest.mark.parametrize("async_mode", [False, True])
def test_a_vector_mixes_python_and_built_in_environments(async_mode: bool) -> None:
    ids = [EASY, "test:Counting", EASY, "test:Counting"]
    vector = gem.make_vec(ids, async_mode=async_mode, seed=3)
    python_env = vector.envs[1]
    assert type(python_env) is CountingEnv
    assert vector.envs[1] is python_env
    observations, infos = vector.reset(seed=50)
    assert observations[1] == observations[3] == "start"
    assert (python_env.seed, vector.envs[3].seed) == (51, 53)
    assert infos[1]["marker"] is python_env.marker
    assert (type(infos[1]["two"]), infos[1]["two"]) == (float, 2.0)
    observations, rewards, terminated, _, infos = vector.step(["\\boxed{1}", "a", None, "b"])
    assert (observations[1], observations[3]) == ("saw a", "saw b")
    assert (rewards.dtype, rewards[1]) == (np.float64, 1.0)
    assert infos[3]["nested"] == {"a": [1, 2.0]}
    assert vector.envs[0].turn_count == 1
    observations, _, terminated, _, infos = vector.step({3: "c", 0: "x"})
    assert terminated.tolist()[0] is True
    assert (observations[0], infos[0]["final_observation"]) == ("start", "saw c")
    assert infos[0]["final_info"]["count"] == 2


def test_reset_options_reach_a_python_environment() -> None:
    vector = gem.make_vec(["test:Counting", EASY])
    thing = object()
    vector.reset(env0_kwargs={"idx": 3, "ratio": 1.0, "thing": thing, "pair": (1, 2)})
    assert vector.envs[0].options == {"idx": 3, "ratio": 1.0, "thing": thing, "pair": (1, 2)}


def test_a_constructor_that_takes_no_seed_gets_none_unless_it_is_asked_for() -> None:
    vector = gem.make_vec(["test:Narrow", "test:Narrow"], seed=5)
    vector.reset(seed=7)
    assert vector.envs[1].seeds == [8]
    with pytest.raises(TypeError, match="seed"):
        gem.make_vec(["test:Narrow"], vec_kwargs=[{"seed": 1}])


def test_super_reset_seeds_the_global_generators_as_upstream_does() -> None:
    env = gem.make("test:Narrow")
    env.reset(seed=2**40 + 9)
    assert random.random() == random.Random(2**40 + 9).random()
    assert np.random.random() == np.random.RandomState(9).random()
    state = random.getstate()
    env.reset()
    assert random.getstate() == state


def test_the_original_exception_comes_back() -> None:
    vector = gem.make_vec(["test:Counting", "test:Failing", EASY])
    vector.reset(seed=1)
    failing = vector.envs[1]
    with pytest.raises(BadNews) as caught:
        vector.step(["a", "fail", "\\boxed{1}"])
    assert caught.value.args == (failing.marker,)
    assert any(
        entry.name == "step" and "sample_envs" in str(entry.path) for entry in caught.traceback
    )
    notes = getattr(caught.value, "__notes__", ["Environment 1 of the vector"])
    assert any("Environment 1 of the vector" in note for note in notes)
    assert vector.envs[0].count == 1
    assert vector.envs[2].turn_count == 1
    vector.step(["a", "b", "\\boxed{2}"])
    wrapped = EpisodeTrackingWrapper(FailingEnv())
    wrapped.reset()
    with pytest.raises(BadNews):
        wrapped.step("fail")
    wrapped.step("fine")


def test_a_result_of_another_shape_is_named() -> None:
    wrapped = EpisodeTrackingWrapper(MisshapenEnv())
    wrapped.reset()
    with pytest.raises(ObjectFaultError, match=r"MisshapenEnv.*4 values"):
        wrapped.step("x")


def test_python_environments_of_an_asynchronous_vector_step_at_the_same_time() -> None:
    MeetingEnv.barrier = threading.Barrier(4)
    vector = AsyncVectorEnv(["x"] * 4, [MeetingEnv] * 4)
    vector.reset()
    assert vector.step(["a"] * 4)[0] == ["saw a"] * 4
    vector.close()
    assert [env.closed for env in vector.envs] == [1] * 4


def test_those_of_a_synchronous_vector_step_one_after_the_other_on_the_callers_thread() -> None:
    order: list[tuple[str, int]] = []

    class Noting(CountingEnv):
        def step(self, action: Any) -> Any:
            order.append((action, threading.get_ident()))
            return super().step(action)

    vector = SyncVectorEnv(["x"] * 3, [Noting] * 3)
    vector.reset()
    vector.step(["a", "b", "c"])
    assert order == [(name, threading.get_ident()) for name in "abc"]


def test_a_wrapper_of_the_server_goes_around_a_python_environment() -> None:
    inner = CountingEnv()
    wrapped: Any = ObservationWrapper(inner, include_chat_template=False)
    assert wrapped.env is inner
    assert wrapped.unwrapped is inner
    assert isinstance(wrapped, ObservationWrapper)
    assert wrapped.reset(seed=2**70, extra=1)[0] == "start\n?"
    assert (inner.seed, inner.options) == (2**70, {"extra": 1})
    assert wrapped.step("go")[0] == "start\ngo\nsaw go\n"
    assert wrapped.step(None)[0] == "start\ngo\nsaw go\nsaw None\n"
    assert wrapped.marker is inner.marker
    wrapped.length = 99
    assert inner.length == 99
    wrapped.note = 1
    assert not hasattr(inner, "note")
    assert wrapped.sample_random_action() == "any"
    wrapped.close()
    assert inner.closed == 1


def test_wrappers_of_the_server_stack_up_around_it_in_a_vector() -> None:
    vector = gem.make_vec(
        ["test:Counting", EASY], get_wrapper_fns("concat_with_action,episode_tracking")
    )
    vector.reset(seed=1)
    observations, _, _, _, infos = vector.step(["a", "\\boxed{1}"])
    assert observations[0] == "start\na\nsaw a\n"
    assert (infos[0]["step_counter"], type(infos[0]["cumulative_rewards"])) == (1, float)
    member = vector.envs[0]
    assert type(member) is EpisodeTrackingWrapper
    assert type(member.env) is ObservationWrapper
    assert type(member.env.env) is CountingEnv
    assert member.unwrapped.count == 1


def test_observations_of_any_kind_pass_through() -> None:
    class Picturesque(CountingEnv):
        def step(self, action: Any) -> Any:
            _, *rest = super().step(action)
            return ({"image": self.marker}, *rest)

    vector = SyncVectorEnv(["x", "x"], [Picturesque, CountingEnv])
    vector.reset()
    observation = vector.step(["a", "b"])[0][0]
    assert observation["image"] is vector.envs[0].marker
    wrapped = ObservationWrapper(Picturesque(), include_chat_template=False)
    wrapped.reset()
    with pytest.raises(NotImplementedError, match="no string"):
        wrapped.step("a")


@pytest.mark.parametrize("cls", [SyncVectorEnv, AsyncVectorEnv])
def test_a_python_subclass_of_a_game_works_alone_and_in_vectors(cls: Any) -> None:
    alone = ShoutingGuess(1, 50, 7)
    assert type(alone) is ShoutingGuess
    alone.reset(seed=3)
    observation, _, _, _, info = alone.step("\\boxed{25}")
    assert observation == observation.upper()
    assert (info["steps"], alone.steps, alone.turn_count) == (1, 1, 1)
    vector = cls(["x"] * 3, [lambda: ShoutingGuess(1, 50, 7)] * 3)
    vector.reset(seed=3)
    observations = vector.step(["\\boxed{25}"] * 3)[0]
    assert observations[0] == observation
    assert [member.steps for member in vector.envs] == [1, 1, 1]
    made = gem.make_vec(["test:Shouting", EASY], get_wrapper_fns("concat"))
    made.reset(seed=3)
    assert made.step(["\\boxed{25}"] * 2)[4][0]["steps"] == 1
    assert type(made.envs[0].env) is ShoutingGuess


def test_wrapping_a_python_subclass_keeps_its_overrides() -> None:
    inner = ShoutingGuess(1, 50, 7)
    wrapped = EpisodeTrackingWrapper(inner)
    assert wrapped.env is inner
    wrapped.reset(seed=3)
    observation, *_, info = wrapped.step("\\boxed{25}")
    assert observation == observation.upper()
    assert (info["step_counter"], info["steps"]) == (1, 1)
    assert wrapped.turn_count == 1


def test_any_callable_is_a_wrapper() -> None:
    wrappers = [*get_wrapper_fns("concat"), LoudWrapper, *get_wrapper_fns("episode_tracking")]
    vector = gem.make_vec([EASY, "test:Counting"], wrappers, async_mode=True)
    vector.reset(seed=1)
    observations, _, _, _, infos = vector.step(["\\boxed{1}", "a"])
    assert observations[0].endswith("!")
    assert observations[1] == "start\nsaw a\n!"
    assert infos[0]["step_counter"] == 1
    member = vector.envs[0]
    assert [type(member), type(member.env), type(member.env.env)] == [
        EpisodeTrackingWrapper,
        LoudWrapper,
        ObservationWrapper,
    ]
    only_python = gem.make_vec([EASY] * 2, [lambda env: LoudWrapper(env, mark="?")])
    only_python.reset(seed=[1, 1])
    assert only_python.step(["\\boxed{1}"] * 2)[0][1].endswith("?")
    assert [member.calls for member in only_python.envs] == [1, 1]


def test_a_python_wrapper_reads_live_and_writes_to_itself() -> None:
    wrapped: Any = LoudWrapper(gem.make(EASY))
    wrapped.reset(seed=1)
    wrapped.step("\\boxed{1}")
    assert wrapped.turn_count == wrapped.unwrapped.turn_count == 1
    assert wrapped.env_id == EASY
    assert "turn_count" in dir(wrapped)
    assert "boxed" in wrapped.sample_random_action()
    wrapped.turn_count = 9
    assert wrapped.unwrapped.turn_count == 1
    assert not hasattr(wrapped, "dataset")
    wrapped.close()
    with pytest.raises(RuntimeError, match="closed"):
        wrapped.step("x")


def test_python_environments_can_be_assigned_and_replaced() -> None:
    vector = gem.make_vec([EASY] * 3)
    vector.reset(seed=1)
    first = CountingEnv(length=9)
    first.reset()
    for env in (first, StatefulEnv(length=9), first):
        vector.envs[1] = env
        assert vector.envs[1] is env
    vector.step(["\\boxed{99}", "a", "\\boxed{99}"])
    assert first.count == 1
    game = gem.make(EASY)
    game.reset()
    vector.envs[1] = game
    vector.step(["\\boxed{98}"] * 3)
    assert (first.count, game.turn_count) == (1, 1)


def test_a_layer_inside_a_stack_can_be_a_member() -> None:
    wrapped = gem.make_vec([EASY], get_wrapper_fns("concat")).envs[0]
    vector = SyncVectorEnv(["x", "x"], [lambda: wrapped.env, lambda: gem.make(EASY)])
    vector.reset(seed=1)
    vector.step(["\\boxed{1}"] * 2)
    assert wrapped.turn_count == 1
    assert vector.envs[0] is wrapped.env


def test_what_is_no_environment_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="reset"):
        ObservationWrapper(object(), include_chat_template=False)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="at least one"):
        SyncVectorEnv([], [])
