"""An MCP server that knows the time."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetObject, not_yet_function, run_module

_MODULE = "gem.tools.mcp_server.time_mcp"

app = NotYetObject(f"{_MODULE}:app")
_parse_dt = not_yet_function(_MODULE, "_parse_dt")
_parse_date = not_yet_function(_MODULE, "_parse_date")
_moment_to_strftime = not_yet_function(_MODULE, "_moment_to_strftime")

if __name__ == "__main__":
    run_module(_MODULE)
