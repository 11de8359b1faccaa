"""Tools in Python for the tests, and a search server that speaks msgpack; importable."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from gem.core import Env
from gem.tools.base_tool import BaseTool
from gem.tools.python_code_tool import PythonCodeTool
from gem.tools.search_tool import SearchTool
from gem.tools.tool_env_wrapper import ToolEnvWrapper


class EchoTool(BaseTool):
    """Answers what stands behind "echo"; an empty call is an error, "echo raise" raises."""

    tool_type = "echo"

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def instruction_string(self) -> str:
        return "Write echo and a text."

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        self.calls.append(action)
        word, _, text = action.partition(" ")
        if word != "echo":
            return False, True, "", action
        if text == "raise":
            raise ZeroDivisionError("echo")
        if text == "misshapen":
            return (True, "no", text)  # type: ignore[return-value]
        return True, not text, f"echo: {text}", f"echo {text}"


class MeetingTool(EchoTool):
    """Answers only when as many calls as the barrier wants run at the same time."""

    barrier: threading.Barrier

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        self.barrier.wait(timeout=60)
        return super().execute_action(action)


class LoudSearch(SearchTool):
    """A built-in tool that is changed in Python."""

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        parsed, has_error, text, parsed_action = super().execute_action(action)
        return parsed, has_error, text.upper(), parsed_action


class LoudPython(PythonCodeTool):
    """Another one."""

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        parsed, has_error, text, parsed_action = super().execute_action(action)
        return parsed, has_error, text.upper(), parsed_action


class CarefulWrapper(ToolEnvWrapper):
    """A wrapper for tools whose resets and steps are changed in Python."""

    def __init__(self, env: Env, tools: Any, **options: Any) -> None:
        super().__init__(env, tools, **options)
        self.steps = 0

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        observation, info = super().reset(seed, **kwargs)
        self.steps = 0
        return f"{observation}\nBe careful.", info

    def step(
        self, action: Any, verbose: bool = False
    ) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.steps += 1
        observation, reward, terminated, truncated, info = super().step(action, verbose)
        return observation, reward, terminated, truncated, {**info, "steps": self.steps}


def passages(*contents: str) -> bytes:
    """What a search server answers."""
    result = [{"document": {"contents": text}, "score": 0.5} for text in contents]
    return msgspec.msgpack.encode({"result": result})


@contextmanager
def search_server(answer: Callable[[dict[str, Any]], bytes]) -> Iterator[str]:
    """Serves what `answer` makes of each query; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            content = answer(msgspec.msgpack.decode(body))
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/retrieve"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
