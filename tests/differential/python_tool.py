"""Judges by the reference implementation: runs replies through upstream's Python tool.

Reads a JSON file of `[reply, keep_error_last_line]` pairs, named by the first argument, and writes
a JSON list to standard output: the four values of `execute_action` for each, or `{"error"}`.
Upstream starts `python` from PATH: it must be the interpreter that runs this.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

WORKERS = 4


def run(item: tuple[str, bool]) -> Any:
    """What upstream's tool makes of one reply."""
    from gem.tools.python_code_tool import PythonCodeTool

    reply, last_line = item
    try:
        return PythonCodeTool(keep_error_last_line=last_line).execute_action(reply)
    except Exception as error:  # upstream's failure is an answer
        return {"error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Runs all replies, a few at a time."""
    items = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    bin_folder = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([bin_folder, os.environ.get("PATH", "")])
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # upstream prints
    run(("<python>1</python>", False))
    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(run, items))
    channel.write(json.dumps(results))
    channel.close()


if __name__ == "__main__":
    main()
