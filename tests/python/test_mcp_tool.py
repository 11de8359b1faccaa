"""MCP tools: on their own, in wrappers and vectors; the time server under upstream's names."""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import gem
from gem._bridge.server import client
from gem.errors import InvalidOptionError, UnavailableError, UnsupportedError
from gem.tools.mcp_server.time_mcp import (
    _moment_to_strftime,
    _parse_date,
    _parse_dt,
    app,
)
from gem.tools.mcp_tool import MCPTool
from gem.tools.tool_env_wrapper import ToolEnvWrapper
from support import (
    REPOSITORY,
    WATCHDOG_SECONDS,
    is_gone,
    run_lines,
    script_environment,
    wait_until,
)

EASY = "game:GuessTheNumber-v0-easy"
RUDE = {"command": "node", "args": [str(REPOSITORY / "tests/fixtures/mcp-rude.mjs")]}
DOWN = "http://127.0.0.1:1023/mcp"
QUICK: dict[str, Any] = {"delay_between_retries": 0, "max_retries": 1}


def call(tool: str, arguments: Any = None) -> str:
    text = json.dumps(arguments or {})
    return f"<tool_call><tool_name>{tool}</tool_name><arguments>{text}</arguments></tool_call>"


@pytest.fixture
def rude() -> Iterator[MCPTool]:
    tool = MCPTool.from_local_command(RUDE)
    yield tool
    tool.close()


@contextmanager
def time_server(*flags: str) -> Iterator[str]:
    command = [
        sys.executable,
        "-m",
        "gem.tools.mcp_server.time_mcp",
        "--port",
        "0",
        *flags,
    ]
    process = subprocess.Popen(command, env=script_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.communicate(timeout=WATCHDOG_SECONDS)
        assert process.returncode == 0


def test_a_tool_that_looks_for_nothing_starts_nothing() -> None:
    lines = run_lines(
        """
from gem._bridge.server import running_client
from gem.tools.mcp_tool import MCPTool
tool = MCPTool("http://127.0.0.1:9/mcp", auth="secret", validate_on_init=False)
tool.close()
say(tool, running_client())
"""
    )
    assert lines == ["MCPTool(HTTP server at http://127.0.0.1:9/mcp) None"]


def test_calls_on_its_own_have_upstreams_results(rude: MCPTool) -> None:
    assert rude.tool_type == "mcp"
    assert '{"type": "function", "function": {"name": "count", ' in rude.instruction_string()
    action = call("echo", {"text": "hi"})
    assert rude.execute_action(f"so {action} tail") == (True, False, "hi", action)
    data = rude.execute_action(call("data"))[2]
    assert data == str({"b": [None, True], "a": 2.0})
    assert rude.execute_action("nothing") == (False, True, "", "")
    assert rude.execute_action(call("fail"))[:3] == (
        True,
        True,
        "[Tool execution error: it is broken]",
    )
    assert rude.execute_action(call("nope"))[:2] == (True, True)
    parsed, has_error, text, _ = rude.execute_action(call("die"))
    assert (parsed, has_error) == (True, True)
    assert text.startswith("[Tool execution failed: ")


def test_what_the_tools_are_can_be_asked(rude: MCPTool) -> None:
    record = next(tool for tool in rude.get_available_tools() if tool["name"] == "echo")
    assert record["description"] == "Says “it” again"
    assert record["parameters"]["type"] == "object"
    assert record["server_info"] == {
        "is_multi_server": False,
        "servers": ["default"],
        "detected_server": "default",
    }


def test_sessions_last_and_end_when_the_tool_is_closed(rude: MCPTool) -> None:
    pid = int(rude.execute_action(call("pid"))[2])
    assert [rude.execute_action(call("count"))[2] for _ in range(3)] == ["1", "2", "3"]
    rude.close()
    wait_until(lambda: is_gone(pid), "the MCP server ends")
    assert rude.execute_action(call("count"))[2] == "1"


def test_no_tools_are_a_value_error() -> None:
    for config in (DOWN, {**RUDE, "args": [*RUDE["args"], "quit"]}):
        with pytest.raises(ValueError, match=r"cannot be (reached|used)") as caught:
            MCPTool(config, **QUICK)
        assert isinstance(caught.value, UnavailableError)
    tool = MCPTool(DOWN, validate_on_init=False, **QUICK)
    assert tool.execute_action(call("echo"))[2].startswith("[Tool execution failed: ")
    env = ToolEnvWrapper(gem.make(EASY), [tool])
    with pytest.raises(UnavailableError):
        env.reset(1)


@pytest.mark.parametrize("async_mode", [False, True])
def test_a_fault_earns_nothing_and_the_others_step_on(rude: MCPTool, async_mode: bool) -> None:
    wrapper = partial(ToolEnvWrapper, tools=[rude], tool_reward=0.5)
    vector = gem.make_vec([EASY] * 3, wrappers=[wrapper], async_mode=async_mode)
    observations, _ = vector.reset(seed=1)
    assert all("<tools>" in text for text in observations)
    _, rewards, terminated, _, infos = vector.step(
        [call("misshapen"), call("echo", {"text": "a"}), "\\boxed{1}"]
    )
    assert rewards[:2].tolist() == [0.0, 0.5]
    assert not terminated[:2].any()
    assert (infos[0]["gem"]["cause"], infos[0]["tool_use_counter"]) == (
        "GEM_UNAVAILABLE",
        0,
    )
    assert infos[0]["gem"]["tool_type"] == infos[1]["tool_type"] == "mcp"
    assert infos[1]["parsed_action"] == call("echo", {"text": "a"})
    assert infos[2]["use_tool"] is False


def test_a_tool_that_hangs_costs_its_own_call_alone() -> None:
    tool = MCPTool.from_local_command(RUDE, execution_timeout=0.5)
    vector = gem.make_vec([EASY] * 2, [partial(ToolEnvWrapper, tools=[tool])], async_mode=True)
    vector.reset(seed=1)
    observations, _, _, _, infos = vector.step([call("slow"), call("echo", {"text": "a"})])
    assert "did not answer within 0.5 seconds" in observations[0]
    assert infos[0]["gem"]["cause"] == "GEM_DEADLINE"
    assert observations[1] == "a"
    tool.close()


def test_environments_and_the_tool_share_its_session(rude: MCPTool) -> None:
    envs = [ToolEnvWrapper(gem.make(EASY), [rude]) for _ in range(3)]
    for env in envs:
        env.reset(1)
    pids = {env.step(call("pid"))[0] for env in envs} | {rude.execute_action(call("pid"))[2]}
    # A worker thread has one session.
    assert len(pids) <= len(client().workers)
    for env in envs:
        assert env.step(call("pid"))[0] in pids


def test_servers_end_with_the_trainer_however_it_ends() -> None:
    script = f"""
from gem.tools.mcp_tool import MCPTool
tool = MCPTool.from_local_command({RUDE!r})
say(tool.execute_action({call("pid")!r})[2])
os.kill(os.getpid(), signal.SIGKILL)
"""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import os, signal\nsay = lambda x: print(x, flush=True)\n{script}",
        ],
        env=script_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    out, _ = process.communicate(timeout=WATCHDOG_SECONDS)
    assert process.returncode == -signal.SIGKILL
    wait_until(lambda: is_gone(int(out)), "the MCP server ends")


def test_several_servers_have_their_names_before_their_tools(tmp_path: Path) -> None:
    path = tmp_path / "servers.json"
    path.write_text(json.dumps({"mcpServers": {"one": RUDE, "two": RUDE}}))
    tool = MCPTool.from_config_file(str(path))
    assert '"name": "two_echo", "description": "[two] Says ' in tool.instruction_string()
    assert tool.execute_action(call("two_echo", {"text": "b"}))[2] == "b"
    assert tool.get_available_tools()[0]["server_info"]["servers"] == ["one", "two"]
    tool.reconfigure(RUDE)
    assert tool.execute_action(call("echo", {"text": "c"}))[2] == "c"
    with pytest.raises(InvalidOptionError):
        tool.reconfigure([])  # type: ignore[arg-type]
    assert tool._get_server_names() == ["default"]
    other = pickle.loads(pickle.dumps(tool))
    assert other.execute_action(call("echo", {"text": "d"}))[2] == "d"
    tool.close()


def test_the_helpers_that_upstreams_tests_call() -> None:
    given: dict[str, Any] = {"mcpServers": {"a": {"command": "x"}, "b": {"url": "http://u/"}}}
    tool = MCPTool(given, validate_on_init=False)
    assert given == {"mcpServers": {"a": {"command": "x"}, "b": {"url": "http://u/"}}}
    assert (tool._get_server_names(), tool._is_multi_server()) == (["a", "b"], True)
    assert "a, b" in tool._get_server_description()
    assert tool.normalized_config["mcpServers"]["a"]["transport"] == "stdio"
    urls = MCPTool.from_multi_server({"a": "http://x/", "b": "http://y/"}, validate_on_init=False)
    assert urls.normalized_config["mcpServers"]["b"] == {
        "transport": "http",
        "url": "http://y/",
    }
    single = MCPTool.from_url("http://u/mcp", validate_on_init=False)
    assert single._get_server_names() == ["default"]
    assert "http://u/mcp" in single._get_server_description()
    assert not single._is_multi_server()


class _Secret:
    def get_secret_value(self) -> str:
        return "hidden"


class _BearerAuth:
    token = _Secret()


def test_credentials_are_read_from_text_and_from_objects() -> None:
    for auth in (_BearerAuth(), "hidden"):
        tool = MCPTool(DOWN, auth=auth, validate_on_init=False)
        assert tool._gem_options()["auth"] == "hidden"
        assert "hidden" not in repr(tool)


@pytest.mark.parametrize(
    ("config", "options"),
    [
        (7, {}),
        ([], {}),
        ({"mcpServers": {}}, {}),
        ({"mcpServers": {"a": 1}}, {}),
        (RUDE, {"auth": "t"}),
        ("http://u/", {"auth": object()}),
    ],
    ids=repr,
)
def test_what_is_no_configuration_is_refused(config: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"map|token|auth"):
        MCPTool(config, validate_on_init=False, **options)


def test_handlers_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="log_handler"):
        MCPTool(RUDE, log_handler=print, validate_on_init=False)


@pytest.mark.parametrize("transport", ["streamable-http", "http"])
def test_the_time_server_runs_as_a_module(transport: str) -> None:
    with time_server("--transport", transport, "--path", "/clock", "--log-level", "INFO") as url:
        assert url.endswith("/clock")
        tool = MCPTool.from_url(url)
        assert tool.execute_action(call("days_in_month", {"date": "2024-02-01"}))[2] == "29"
        tool.close()


def test_the_time_server_runs_over_standard_input_and_output() -> None:
    command = [
        sys.executable,
        "-m",
        "gem.tools.mcp_server.time_mcp",
        "--transport",
        "stdio",
    ]
    passed = ("PYTHONPATH", "GEM_SERVER_JS")
    env = {name: value for name, value in script_environment().items() if name in passed}
    tool = MCPTool.from_local_command({"command": command[0], "args": command[1:], "env": env})
    names = sorted(record["name"] for record in tool.get_available_tools())
    assert names == [
        "convert_time",
        "current_time",
        "days_in_month",
        "get_timestamp",
        "get_week_year",
        "relative_time",
    ]
    tool.close()


def test_the_app_runs_until_its_process_ends() -> None:
    assert app.name == "mcp-time-server"
    script = "from gem.tools.mcp_server.time_mcp import app; app.run('http', port=0)"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env=script_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid = json.loads(process.stdout.readline())["pid"]
    process.kill()
    process.communicate(timeout=WATCHDOG_SECONDS)
    wait_until(lambda: is_gone(pid), "the time server ends")
    with pytest.raises(ValueError, match="carrier"):
        app.run("carrier pigeon")


def test_times_are_read_with_the_offset_of_their_date() -> None:
    lines = run_lines(
        """
from gem.tools.mcp_server.time_mcp import _parse_date, _parse_dt
say(_parse_dt("2025-01-02 03:04:05").isoformat())
say(_parse_dt("2025-07-02 03:04:05.678").isoformat())
say(_parse_date("2025-07-02").isoformat())
""",
        TZ="America/New_York",
    )
    assert lines == [
        "2025-01-02T03:04:05-05:00",
        "2025-07-02T03:04:05.678000-04:00",
        "2025-07-02T00:00:00-04:00",
    ]
    for reader, text in (
        (_parse_dt, "2025-01-02"),
        (_parse_dt, "x"),
        (_parse_date, "x"),
    ):
        with pytest.raises(ValueError, match="does not match"):
            reader(text)
    assert _moment_to_strftime("YYYY-MM-DD HH:mm:ss") == "%Y-%m-%d %H:%M:%S"
    assert _moment_to_strftime("h:mm A YY") == "%-I:%M %p %y"
