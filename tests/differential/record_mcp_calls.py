"""Records what the reference implementation makes of MCP calls, as `tests/fixtures/mcp-calls.json`.

Run it with a Python that has gem-llm and fastmcp. The peer is `tests/fixtures/mcp-rude.mjs`, which
is started with `node`. Version 0.1.0 puts answers between tags that the reference's sources do not
have any more; they are taken off.
"""

import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
BEFORE, AFTER = "\n<tool_response>\n", "\n</tool_response>\n"


def call(name: str, arguments: str = "{}") -> str:
    """Writes a call."""
    return f"<tool_call><tool_name>{name}</tool_name><arguments>{arguments}</arguments></tool_call>"


ECHO = call("echo", '{"text": "a"}')
ACTIONS = [
    ECHO,
    f"before {ECHO} after {call('pid')}",
    call("echo", ' {"text": "é☃😀\\n"} '),
    call("echo", '{"text": "</arguments>"}'),
    call(" echo\n", '{"text": "b"}'),
    call("echo", '{"text": "a", "text": "b"}'),
    "<tool_call>\n<tool_name>echo</tool_name>\t\n<arguments>\n{}\n</arguments>\n\n</tool_call>",
    f"<tool_call> <tool_call>{ECHO}",
    f"{ECHO[:-3]} {ECHO}",
    f"<tool_call><tool_name>x</tool_name> {ECHO}",
    call("fail"),
    call("unlike"),
    call("own"),
    call("data"),
    call("wrapped"),
    call("nothing"),
    call("count", ""),
    call("count", "null"),
    call("nope"),
    call(" "),
    call("echo", "{bad"),
    call("echo", "{'text': 1}"),
    call("a<b"),
    call(""),
    "",
    "text",
    "<tool_call></tool_call>",
    "<tool_call><tool_name>echo</tool_name></tool_call>",
    "<tool_call><tool_name>echo</tool_name><arguments>{}</arguments>",
    "<TOOL_CALL><tool_name>echo</tool_name><arguments>{}</arguments></TOOL_CALL>",
    f"<tool_call>x{ECHO[len('<tool_call>') :]}",
    f"\x1c{ECHO.replace('</tool_name>', '</tool_name>' + chr(0x1C) + chr(0xA0))}",
]


def plain(result: Any) -> Any:
    """A result without the tags around its answer."""
    parsed, has_error, text, action = result
    if text.startswith(BEFORE) and text.endswith(AFTER):
        text = text[len(BEFORE) : -len(AFTER)]
    return [parsed, has_error, text, action]


def main() -> None:
    """Plays all actions and writes the file."""
    from gem.tools.mcp_tool import MCPTool

    server = {"command": "node", "args": [str(FIXTURES / "mcp-rude.mjs")]}
    tool = MCPTool.from_local_command(server, delay_between_retries=0.1)
    text = tool.instruction_string()
    lines = text[text.index("<tools>\n") + 8 : text.rindex("</tools>")].splitlines()
    calls = [[action, plain(tool.execute_action(action))] for action in ACTIONS]
    recorded = {"tools": lines, "calls": calls}
    path = FIXTURES / "mcp-calls.json"
    path.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
