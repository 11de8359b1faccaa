"""ARCHITECTURE.md's "path of a step", against the calls that a real step makes in Python."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import gem

ROOT = Path(__file__).resolve().parents[2]


def documented() -> list[str]:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    section = text.split("## The path of a step")[1].split("\n## ")[0]
    return re.findall(r"^\| `(python/gem/[\w/]+\.py)`", section, flags=re.MULTILINE)


def files_of_a_step(vec: Any) -> list[str]:
    files: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT):
            files.setdefault(path.relative_to(ROOT).as_posix())

    sys.setprofile(note)
    try:
        vec.step(["no answer"] * vec.num_envs)
    finally:
        sys.setprofile(None)
    return list(files)


def test_a_vector_step_goes_through_the_listed_files_in_their_order() -> None:
    vec = gem.make_vec(["game:GuessTheNumber-v0-easy"] * 2, async_mode=True)
    vec.reset(seed=1)
    vec.step(["no answer"] * 2)
    path = documented()
    assert len(path) > 3
    assert [file for file in files_of_a_step(vec) if file in path] == path
