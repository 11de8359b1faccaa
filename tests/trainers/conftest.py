"""Finds what these tests need: upstream's sources, and trainers installed without GPUs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TRAINERS = REPOSITORY / ".trainers"


def pytest_configure(config: pytest.Config) -> None:
    """What is missing is said at the end of every run."""
    config.option.reportchars += "s"


@pytest.fixture(scope="session")
def upstream() -> Path:
    """A checkout of upstream's repository; its examples are run as they are."""
    folder = os.environ.get("GEM_UPSTREAM_SRC")
    if folder is None:
        pytest.skip("GEM_UPSTREAM_SRC is not set: the path of a checkout of axon-rl/gem")
    path = Path(folder).resolve()
    if not (path / "examples").is_dir():
        pytest.fail(f"GEM_UPSTREAM_SRC={folder} has no folder examples")
    return path


@pytest.fixture(scope="session")
def verl_python() -> Path:
    """The interpreter that has Verl 0.5.0."""
    python = TRAINERS / "verl" / "bin" / "python"
    if not python.is_file() or not (TRAINERS / "verl-gem-llm" / "gem").is_dir():
        pytest.skip("Verl is not installed: node scripts/trainers/install-verl.mjs")
    return python


@pytest.fixture(scope="session")
def oat_python() -> Path:
    """The interpreter that has Oat 0.2.4."""
    python = TRAINERS / "oat" / "bin" / "python"
    if not python.is_file() or not (TRAINERS / "oat-gem-llm" / "gem").is_dir():
        pytest.skip("Oat is not installed: node scripts/trainers/install-oat.mjs")
    return python
