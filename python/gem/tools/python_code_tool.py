"""Running Python code; see `src/tools/python-code/`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.errors import InvalidOptionError
from gem._bridge.remote_tool import RemoteTool

SANDBOX_TYPES = ("auto", "bwrap", "rlimit", "none")
"""How code can be kept from doing harm."""


class PythonCodeTool(RemoteTool):
    """Runs the Python code that an agent writes, in a sandbox of the server."""

    tool_type: ClassVar[str] = "python_code"
    _gem_is_built_in: ClassVar[bool] = True

    def __init__(
        self, timeout: float = 5, sandbox_type: str = "auto", keep_error_last_line: bool = False
    ) -> None:
        """Makes a tool; starts nothing.

        Args:
            timeout: how long a call may run, in seconds.
            sandbox_type: "auto" (the best that the server's machine can do), "bwrap" (namespaces),
                "rlimit" (limits only), or "none" (neither; some texts are refused instead).
            keep_error_last_line: whether of an error only the last line is shown.

        Raises:
            InvalidOptionError: when there is no such sandbox, or the time is not positive.
        """
        super().__init__()
        if sandbox_type not in SANDBOX_TYPES:
            names = ", ".join(map(repr, SANDBOX_TYPES))
            message = (
                f'The option "sandbox_type" of PythonCodeTool must be one of {names}, '
                f"got {sandbox_type!r}."
            )
            raise InvalidOptionError(message)
        seconds: object = timeout
        is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
        if not is_number or not timeout > 0:
            message = (
                'The option "timeout" of PythonCodeTool must be a number of seconds above 0, '
                f"got {timeout!r}."
            )
            raise InvalidOptionError(message)
        self.timeout = timeout
        self.sandbox_type = sandbox_type
        self.keep_error_last_line = keep_error_last_line

    def _gem_options(self) -> dict[str, Any]:
        return {
            "timeout": self.timeout,
            "sandbox_type": self.sandbox_type,
            "keep_error_last_line": self.keep_error_last_line,
        }
