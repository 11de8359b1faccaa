"""Running Python code in the server's sandbox; see `src/tools/python-code/`."""

from __future__ import annotations

from gem.tools.python_code_tool import PythonCodeTool

DEFAULT_TIMEOUT = 10
"""Seconds that code may run."""


def run_python(
    code: str,
    sandbox_type: str = "auto",
    stdin: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> tuple[bool, str, str]:
    """Runs a program; one that uses a name it did not define runs again with the usual imports.

    Args:
        code: the whole program.
        sandbox_type: "auto" (the best that the machine can do), "bwrap" (namespaces), "rlimit"
            (limits only), or "none" (neither; some texts are refused instead, as upstream does).
        stdin: what it reads; None counts as nothing, and never as the caller's own input.
        timeout: seconds that it may run, both runs together.

    Returns:
        Whether it ended well, its standard output, and its standard error without the white space
        around it, or a sentence that says why it was stopped or not run. Of each stream the first
        64 KiB are kept, and a note says how much is left out.

    Raises:
        InvalidOptionError: there is no such sandbox, or the time is not positive.
        GemError: when no code can be run at the moment.
    """
    tool = PythonCodeTool(timeout=timeout, sandbox_type=sandbox_type)
    success, stdout, stderr = tool._gem_call("run", code, stdin or "")
    return bool(success), stdout, stderr
