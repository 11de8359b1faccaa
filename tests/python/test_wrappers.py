"""Wrappers of the server as seen from Python: presets, tokenizers, layers."""

from __future__ import annotations

import pickle
from functools import partial
from typing import Any

import pytest

import gem
from gem.core import EnvWrapper
from gem.errors import InvalidOptionError, UnknownWrapperError
from gem.wrappers.episode_tracking_wrapper import EpisodeTrackingWrapper
from gem.wrappers.observation_wrapper import ObservationWrapper
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY, get_wrapper_fns
from sample_envs import ChatTokenizer, CountingEnv, LoudWrapper

EASY = "game:GuessTheNumber-v0-easy"


def test_presets_are_named_as_upstream_names_them() -> None:
    assert list(WRAPPER_FACTORY) == [
        "python_tool",
        "python_tool_no_int_reward",
        "python_tool_no_int_reward_last_line_error",
        "search_tool",
        "search_tool_no_int_reward",
        "concat",
        "concat_chat",
        "concat_with_action",
        "concat_chat_on_reset",
        "episode_tracking",
    ]


def test_a_list_of_presets_is_split_at_commas() -> None:
    assert get_wrapper_fns("") == get_wrapper_fns(None) == []
    assert get_wrapper_fns("concat,episode_tracking") == [
        WRAPPER_FACTORY["concat"],
        WRAPPER_FACTORY["episode_tracking"],
    ]


@pytest.mark.parametrize(
    ("names", "near"), [("concat, episode_tracking", "episode_tracking"), ("conct", "concat")]
)
def test_an_unknown_preset_is_refused_with_the_nearest(names: str, near: str) -> None:
    with pytest.raises(UnknownWrapperError, match=f"Did you mean '{near}'") as caught:
        get_wrapper_fns(names)
    assert isinstance(caught.value, KeyError)


def test_the_tokenizer_is_bound_to_chat_presets_alone() -> None:
    tokenizer = ChatTokenizer()
    fns: list[Any] = get_wrapper_fns(
        "concat,concat_chat,concat_with_action,concat_chat_on_reset", tokenizer
    )
    assert ["tokenizer" in fn.keywords for fn in fns] == [False, True, False, True]


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    gem.make_vec([EASY] * 2, get_wrapper_fns("concat")).reset()
    assert capfd.readouterr() == ("", "")


def test_presets_can_be_pickled_and_bound_further() -> None:
    wrapper = pickle.loads(pickle.dumps(WRAPPER_FACTORY["concat_with_action"]))
    env = partial(wrapper, max_history_length=1)(CountingEnv(length=9))
    env.reset()
    env.step("a")
    assert env.step("b")[0] == "saw a\nb\nsaw b\n"
    assert (env.max_history_length, env.include_chat_template) == (1, False)


@pytest.mark.parametrize(
    ("preset", "texts"),
    [
        ("concat", ["start\n?", "start\nsaw a\n"]),
        ("concat_with_action", ["start\n?", "start\na\nsaw a\n"]),
        (
            "concat_chat",
            ["<user>start</><gen>?", "<user>start</><assistant>a</><user>saw a</><gen>"],
        ),
        ("concat_chat_on_reset", ["<user>start</><gen>\n?", "<user>start</><gen>\na\nsaw a\n"]),
    ],
)
@pytest.mark.parametrize("in_vector", [False, True])
def test_a_preset_composes_the_history(preset: str, texts: list[str], in_vector: bool) -> None:
    (wrapper,) = get_wrapper_fns(preset, ChatTokenizer())
    if in_vector:
        vector = gem.vector.sync_vector_env.SyncVectorEnv(["x"], [lambda: wrapper(CountingEnv())])
        assert vector.reset()[0] == [texts[0]]
        assert vector.step(["a"])[0] == [texts[1]]
    else:
        env = wrapper(CountingEnv())
        assert [env.reset()[0], env.step("a")[0]] == texts


@pytest.mark.parametrize("async_mode", [False, True])
def test_a_tokenizer_serves_a_whole_vector(async_mode: bool) -> None:
    tokenizer = ChatTokenizer()
    vector = gem.make_vec(
        [EASY] * 8, get_wrapper_fns("concat_chat", tokenizer), async_mode=async_mode
    )
    observations, _ = vector.reset(seed=1)
    assert len(tokenizer.calls) == 8
    assert all(text.startswith("<user>") and "<gen>" in text for text in observations)
    vector.step(["\\boxed{3}"] * 8)
    assert {len(messages) for messages in tokenizer.calls[8:]} <= {1, 3}
    assert vector.envs[3].tokenizer is tokenizer


def test_an_error_of_the_tokenizer_comes_back_as_it_was() -> None:
    class Broken:
        def apply_chat_template(self, messages: Any, **_: Any) -> str:
            raise ZeroDivisionError("template")

    env = ObservationWrapper(gem.make(EASY), tokenizer=Broken())
    with pytest.raises(ZeroDivisionError, match="template"):
        env.reset()
    vector = gem.make_vec([EASY] * 3, get_wrapper_fns("concat_chat", Broken()), async_mode=True)
    with pytest.raises(ZeroDivisionError, match="template"):
        vector.reset()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {
            "include_chat_template": True,
            "apply_chat_template_on_reset": True,
            "tokenizer": ChatTokenizer(),
        },
        {"include_action": False, "tokenizer": ChatTokenizer()},
        {"include_chat_template": False, "max_history_length": -1},
        {"include_chat_template": "no"},
    ],
    ids=repr,
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any]) -> None:
    env = gem.make(EASY)
    with pytest.raises(InvalidOptionError):
        ObservationWrapper(env, **options)
    with pytest.raises(ValueError, match=r"template|true or false|non-negative"):
        gem.make_vec([EASY], [partial(ObservationWrapper, **options)])
    env.reset()


def test_layers_keep_their_identity_and_forward_live() -> None:
    env = gem.make(EASY)
    inner = ObservationWrapper(env, include_chat_template=False)
    outer = EpisodeTrackingWrapper(inner)
    assert outer.env is inner
    assert inner.env is env
    assert outer.unwrapped is env
    assert isinstance(outer, EnvWrapper)
    outer.reset(seed=1)
    outer.step("\\boxed{1}")
    assert outer.turn_count == inner.turn_count == env.turn_count == 1
    outer.turn_count = 2
    assert env.turn_count == 2
    assert outer.step_counter == 1
    assert outer.include_action is True
    assert outer.env_id == EASY
    assert outer.get_task_suffix() == env.get_task_suffix()
    assert "boxed" in outer.sample_random_action()
    assert {"turn_count", "step_counter", "include_action", "env"} <= set(dir(outer))
    assert repr(outer) == f"<EpisodeTrackingWrapper<ObservationWrapper<GuessTheNumberEnv {EASY}>>>"
    with pytest.raises(ValueError, match="exchanged"):
        outer.env = env  # type: ignore[misc]


def test_an_inner_layer_can_be_stepped_past_the_outer() -> None:
    outer = gem.make_vec([EASY], get_wrapper_fns("concat,episode_tracking")).envs[0]
    outer.reset(seed=1)
    outer.env.env.step("\\boxed{1}")
    assert outer.turn_count == 1
    assert outer.step_counter == 0


def test_an_inner_layer_can_be_wrapped_anew() -> None:
    outer = gem.make_vec([EASY], get_wrapper_fns("concat,episode_tracking")).envs[0]
    base = outer.unwrapped
    other = ObservationWrapper(base, include_chat_template=False)
    assert other.env is base
    other.reset(seed=1)
    assert other.step("\\boxed{1}")[0].count("\n") > 2
    assert outer.turn_count == 1


def test_a_subclass_changes_what_super_returns() -> None:
    class Marked(ObservationWrapper):
        def step(self, action: Any) -> Any:
            observation, *rest = super().step(action)
            return (f"[{observation}]", *rest)

    env = Marked(gem.make(EASY), include_chat_template=False)
    env.reset(seed=1)
    assert env.step("\\boxed{1}")[0].startswith("[")
    vector = gem.make_vec([EASY] * 2, [partial(Marked, include_chat_template=False)])
    vector.reset(seed=[1, 1])
    assert vector.step(["\\boxed{1}"] * 2)[0][1].startswith("[")


def test_a_subclass_that_overrides_what_is_never_called_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="never be called"):

        class Hooked(ObservationWrapper):
            def observation(self, info: Any) -> str:
                return ""


def test_a_wrapper_in_python_may_stand_between_wrappers_of_the_server() -> None:
    stack = EpisodeTrackingWrapper(
        LoudWrapper(ObservationWrapper(gem.make(EASY), include_chat_template=False))
    )
    stack.reset(seed=1)
    observation, *_, info = stack.step("\\boxed{1}")
    assert observation.endswith("!")
    assert info["step_counter"] == 1
    assert stack.unwrapped.turn_count == 1
