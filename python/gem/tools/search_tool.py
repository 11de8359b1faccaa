"""Searching documents."""

from __future__ import annotations

from gem.tools.base_tool import BaseTool


class SearchTool(BaseTool):
    """Searching documents; not part of this version."""
