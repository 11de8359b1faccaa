"""Running Python code."""

from __future__ import annotations

from gem.tools.base_tool import BaseTool


class PythonCodeTool(BaseTool):
    """Running Python code; not part of this version."""
