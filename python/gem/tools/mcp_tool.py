"""Tools of MCP servers."""

from __future__ import annotations

from gem._bridge.not_yet import NotYet
from gem.tools.base_tool import BaseTool


class MCPTool(NotYet, BaseTool):
    """Tools of MCP servers; not part of this version."""
