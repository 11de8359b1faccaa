"""Tools: on their own, in wrappers, built-in ones and ones written in Python."""

from __future__ import annotations

import copy
import pickle
import threading
from functools import partial
from typing import Any

import pytest

import gem
from gem.core import EnvWrapper
from gem.errors import InvalidActionError, InvalidOptionError, ObjectFaultError
from gem.tools.base_tool import BaseTool
from gem.tools.python_code_tool import PythonCodeTool
from gem.tools.search_tool import SearchTool
from gem.tools.tool_env_wrapper import ToolEnvWrapper
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY, get_wrapper_fns
from sample_envs import ChatTokenizer, CountingEnv
from sample_tools import (
    CarefulWrapper,
    EchoTool,
    LoudPython,
    LoudSearch,
    MeetingTool,
    passages,
    search_server,
)
from support import run_lines

EASY = "game:GuessTheNumber-v0-easy"
RESULT = "Code execution result: "


def test_making_a_tool_starts_nothing() -> None:
    lines = run_lines(
        """
from gem._bridge.server import running_client
from gem.tools.python_code_tool import PythonCodeTool
from gem.tools.search_tool import SearchTool
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY
say(PythonCodeTool(timeout=2), SearchTool(), running_client())
"""
    )
    assert lines == [
        "PythonCodeTool(timeout=2, sandbox_type='auto', keep_error_last_line=False) "
        "SearchTool(search_url=None, topk=3, timeout=5, message_format='msgpack') None"
    ]


def test_code_is_run_by_a_tool_on_its_own() -> None:
    tool = PythonCodeTool()
    assert tool.tool_type == "python_code"
    assert "<python>" in tool.instruction_string()
    action = "so <python>print(1 + 1)</python>"
    assert tool.execute_action(f"{action} tail") == (True, False, f"{RESULT}2\n\n", action)
    assert tool.execute_action("nothing") == (False, True, "", "nothing")
    with pytest.raises(InvalidActionError):
        tool.execute_action(7)  # type: ignore[arg-type]


def test_a_changed_option_counts_from_then_on() -> None:
    tool = PythonCodeTool()
    tool.keep_error_last_line = True
    expected = f"{RESULT}ZeroDivisionError: division by zero\n"
    assert tool.execute_action("<python>1/0</python>")[2] == expected
    tool.keep_error_last_line = False
    assert "Traceback" in tool.execute_action("<python>1/0</python>")[2]


def test_threads_use_one_tool_at_the_same_time() -> None:
    tool = PythonCodeTool()
    results: list[str] = []

    def use(number: int) -> None:
        results.append(tool.execute_action(f"<python>print({number})</python>")[2])

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [f"{RESULT}{number}\n\n" for number in range(4)]


@pytest.mark.parametrize(
    "options", [{"sandbox_type": "docker"}, {"timeout": 0}, {"timeout": "5"}], ids=repr
)
def test_options_of_the_python_tool_are_checked_when_it_is_made(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidOptionError, match=f'"{next(iter(options))}"'):
        PythonCodeTool(**options)


@pytest.mark.parametrize("tool_class", [EchoTool, SearchTool, PythonCodeTool])
def test_every_tool_keeps_num_workers(tool_class: Any) -> None:
    assert issubclass(tool_class, BaseTool)
    assert tool_class().num_workers == 1


def test_a_tool_has_both_methods() -> None:
    unfinished: Any = BaseTool
    with pytest.raises(TypeError, match="abstract"):
        unfinished()


def test_a_search_on_its_own_sends_what_upstream_sends() -> None:
    asked: list[dict[str, Any]] = []

    def answer(query: dict[str, Any]) -> bytes:
        asked.append(query)
        return passages('"T"\nbody\nmore')

    with search_server(answer) as url:
        tool = SearchTool(search_url=url, topk=2)
        text = 'Doc 1(Title: "T") body\nmore\n'
        action = "<search> q </search>"
        assert tool.execute_action(action) == (True, False, text, action)
    assert asked == [{"query": "q", "topk": 2, "return_scores": True}]
    parsed, has_error, text, _ = tool.execute_action(action)
    assert (parsed, has_error) == (True, True)
    assert text.startswith("[SearchTool Error: ")


def test_a_search_reads_the_variable_of_the_trainer_until_it_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SEARCH_URL", raising=False)
    env = WRAPPER_FACTORY["search_tool"](CountingEnv(length=9))
    env.reset()
    alone = SearchTool()
    for use in (alone.execute_action, env.step):
        with pytest.raises(ValueError, match="SEARCH_URL"):
            use("<search>q</search>")
    with search_server(lambda _: passages("T\nfound")) as url:
        monkeypatch.setenv("SEARCH_URL", url)
        assert alone.execute_action("<search>q</search>")[2] == "Doc 1(Title: T) found\n"
        observation, reward, *_, info = env.step("<search>q</search>")
    assert (observation, reward) == ("Doc 1(Title: T) found\n", 0.3)
    assert (info["tool_type"], info["tool_use_counter"]) == ("search", 1)


def test_a_search_server_that_is_down_is_a_fault_and_earns_nothing() -> None:
    tool = SearchTool(search_url="http://127.0.0.1:9/")
    env = ToolEnvWrapper(gem.make(EASY), [tool], tool_reward=0.3)
    env.reset(1)
    observation, reward, terminated, truncated, info = env.step("<search>q</search>")
    assert observation.startswith("[SearchTool Error: ")
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert isinstance(reward, float)
    assert info["use_tool"] is True
    assert (info["tool_use_counter"], info["tool_success_counter"]) == (0, 0)
    gem_entry = info["gem"]
    assert (gem_entry["outcome"], gem_entry["cause"]) == ("fault", "GEM_UNAVAILABLE")
    assert gem_entry["retryable"] is True


def test_a_tool_written_in_python_serves_a_wrapper() -> None:
    tool = EchoTool()
    env = ToolEnvWrapper(
        gem.make(EASY), [tool], tool_reward=0.05, tool_success_reward=0.25, max_tool_uses=3
    )
    observation, info = env.reset(seed=1)
    assert observation.endswith("\nWrite echo and a text.")
    assert info["use_tool"] is False
    observation, reward, terminated, truncated, info = env.step("echo a")
    assert (observation, reward, terminated, truncated) == ("echo: a", 0.3, False, False)
    assert info == {
        "parsed_action": "echo a",
        "tool_type": "echo",
        "use_tool": True,
        "tool_use_counter": 1,
        "tool_success_counter": 1,
    }
    assert env.step("echo ")[1] == 0.05
    assert env.step("\\boxed{1}")[4]["use_tool"] is False
    assert (env.turn_count, env.tool_use_counter, env.tool_success_counter) == (1, 2, 1)
    assert "\n\n" in env.step("echo b")[0]
    assert env.step("echo c")[4]["use_tool"] is False
    assert env.tools == [tool]
    assert (env.tool_reward, env.max_tool_uses) == (0.05, 3)
    assert env.reset()[1]["prev_ep_tool_use_counter"] == 3
    assert isinstance(env, EnvWrapper)


def test_built_in_and_python_tools_stand_side_by_side() -> None:
    echo = EchoTool()
    env = ToolEnvWrapper(CountingEnv(length=9), [PythonCodeTool(), echo], tool_success_reward=1)
    assert "\nAvailable tools:\n" in env.reset()[0]
    assert env.step("echo a")[4]["tool_type"] == "echo"
    assert env.step("<python>print(1)</python>")[4]["tool_type"] == "python_code"
    failed = env.step("<python>1/0</python>")
    assert (failed[1], failed[4]["tool_type"]) == (0.0, "python_code")
    assert env.step("neither")[0] == "saw neither"


def test_what_a_python_tool_raises_comes_back_as_it_was() -> None:
    env = ToolEnvWrapper(gem.make(EASY), [EchoTool()])
    env.reset(seed=1)
    with pytest.raises(ZeroDivisionError, match="echo"):
        env.step("echo raise")
    with pytest.raises(ObjectFaultError, match=r"execute_action\(\) of the tool echo"):
        env.step("echo misshapen")
    assert env.step("echo a")[4]["tool_use_counter"] == 1


@pytest.mark.parametrize("tool", [7, object(), EchoTool], ids=["int", "object", "no methods"])
def test_what_is_no_tool_is_refused(tool: Any) -> None:
    env = gem.make(EASY)
    if tool is EchoTool:
        with pytest.raises(InvalidOptionError, match="at least one tool"):
            ToolEnvWrapper(env, [])
    else:
        with pytest.raises(InvalidOptionError, match="A tool must have"):
            ToolEnvWrapper(env, [tool])


def test_python_tools_of_an_asynchronous_vector_run_at_the_same_time() -> None:
    MeetingTool.barrier = threading.Barrier(4)
    wrapper = partial(ToolEnvWrapper, tools=[MeetingTool()], tool_reward=0.5)
    vector = gem.make_vec([EASY] * 4, wrappers=[wrapper], async_mode=True)
    vector.reset(seed=1)
    observations, rewards, _, _, infos = vector.step([f"echo {i}" for i in range(4)])
    assert observations == [f"echo: {i}" for i in range(4)]
    assert rewards.tolist() == [0.5] * 4
    assert [info["tool_type"] for info in infos] == ["echo"] * 4


@pytest.mark.parametrize("async_mode", [False, True])
def test_presets_work_in_vectors_with_the_wrappers_around_them(async_mode: bool) -> None:
    wrappers = get_wrapper_fns("python_tool,concat_chat,episode_tracking", ChatTokenizer())
    vector = gem.make_vec([EASY] * 3, wrappers, async_mode=async_mode)
    observations, infos = vector.reset(seed=1)
    assert all("<python>" in text for text in observations)
    action = "<python>print(7)</python>"
    observations, rewards, terminated, _, infos = vector.step([f"{action} x", action, "\\boxed{1}"])
    assert rewards[:2].tolist() == [0.3, 0.3]
    assert observations[0].endswith(f"<assistant>{action}</><tool>{RESULT}7\n\n</><gen>")
    assert [info["use_tool"] for info in infos] == [True, True, False]
    assert infos[0]["step_counter"] == 1
    assert not terminated[0]
    (tool,) = vector.envs[0].env.env.tools
    assert isinstance(tool, PythonCodeTool)
    assert tool is WRAPPER_FACTORY["python_tool"].keywords["tools"][0]  # type: ignore[attr-defined]


def test_presets_take_further_options() -> None:
    env = partial(WRAPPER_FACTORY["python_tool"], tools=[EchoTool()], max_tool_uses=1)(
        CountingEnv(length=9)
    )
    env.reset()
    assert env.step("echo a")[1] == 0.3
    assert env.step("echo a")[0] == "saw echo a"


def test_subclasses_of_built_in_tools_are_called_in_python() -> None:
    with search_server(lambda _: passages("T\nfound")) as url:
        env = ToolEnvWrapper(gem.make(EASY), [LoudPython(), LoudSearch(search_url=url)])
        env.reset(seed=1)
        assert env.step("<search>q</search>")[0] == "DOC 1(TITLE: T) FOUND\n"
    assert env.step("<python>print('a')</python>")[0] == f"{RESULT.upper()}A\n\n"


@pytest.mark.parametrize("in_vector", [False, True])
def test_a_subclass_of_the_wrapper_overrides_reset_and_step(in_vector: bool) -> None:
    wrapper = partial(CarefulWrapper, tools=[EchoTool()], tool_reward=0.5)
    if in_vector:
        vector = gem.make_vec([EASY] * 2, wrappers=[wrapper])
        observations, _ = vector.reset(seed=1)
        assert observations[1].endswith("Be careful.")
        _, rewards, _, _, infos = vector.step(["echo a", "\\boxed{1}"])
        assert rewards[0] == 0.5
        assert (infos[0]["steps"], infos[0]["tool_type"]) == (1, "echo")
    else:
        env = wrapper(gem.make(EASY))
        assert env.reset(seed=1)[0].endswith("\nWrite echo and a text.\nBe careful.")
        env.step("echo a")
        assert env.step("echo b", verbose=True)[4]["steps"] == 2
        assert (env.steps, env.tool_use_counter) == (2, 2)


def test_a_wrapper_with_tools_is_copied_and_pickled() -> None:
    env = WRAPPER_FACTORY["python_tool_no_int_reward"](gem.make(EASY))
    env.reset(seed=3)
    env.step("<python>print(1)</python>")
    copies = [copy.deepcopy(env), env.spawn(same_state=True), pickle.loads(pickle.dumps(env))]
    for other in copies:
        assert other.tool_use_counter == 1
        assert other.step("\\boxed{2}") == copy.deepcopy(env).step("\\boxed{2}")
        assert other.tools[0].timeout == 5
    state = env.get_state()
    env.reset()
    env.set_state(state)
    assert env.tool_success_counter == 1


def test_a_tool_is_pickled_without_what_it_holds_at_the_server() -> None:
    tool = PythonCodeTool(timeout=3)
    tool.instruction_string()
    other = pickle.loads(pickle.dumps(tool))
    assert repr(other) == repr(tool)
    assert "_gem_made" not in vars(other)
    assert other.instruction_string() == tool.instruction_string()
