"""Tools of MCP servers."""

from __future__ import annotations

from gem.tools.base_tool import BaseTool


class MCPTool(BaseTool):
    """Tools of MCP servers; not part of this version."""
