"""The example of docs/async.md runs as it stands, with few environments."""

from __future__ import annotations

import re

from support import REPOSITORY, run_lines

SCRIPT = """
import runpy
runpy.run_path({path!r}, run_name="__main__")
"""


def test_the_asynchronous_rollout_runs_and_prints_both_figures() -> None:
    path = str(REPOSITORY / "examples" / "async_rollout.py")
    lines = run_lines(SCRIPT.format(path=path), ENVIRONMENTS="3", ROUNDS="3")
    assert re.fullmatch(r"step\(\): +\d+ steps/s", lines[0])
    assert re.fullmatch(r"send\(\) and recv\(\): +\d+ steps/s, [\d.]+ times as many", lines[1])
    assert len(lines) == 2
