"""What the tests of the Python package share."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]

for folder in (str(HERE), str(REPOSITORY / "python")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

os.environ.setdefault("GEM_HOSTS", str(REPOSITORY / ".hosts"))
# Tests leave no packed copies in the user's cache.
os.environ["GEM_DATA_CACHE"] = "off"

EXTENSION = REPOSITORY / "python" / "gem" / "_bridge" / "gem_shm.abi3.so"
# Shared memory is built where cargo is installed; everywhere else there is nothing to test.
collect_ignore = [] if EXTENSION.is_file() or shutil.which("cargo") else ["test_native.py"]


@pytest.fixture(scope="session", autouse=True)
def _built_server() -> None:
    entry = os.environ.get("GEM_SERVER_JS") or REPOSITORY / "dist" / "cli" / "main.js"
    if not Path(entry).is_file():
        pytest.exit(f"{entry} is missing: run `npm run build` first", returncode=3)
