"""The table of docs/trainers.md names tests that exist."""

from __future__ import annotations

import re

from support import REPOSITORY

PAGE = REPOSITORY / "docs" / "trainers.md"
TESTS = REPOSITORY / "tests"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+|\*)`")


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    end = next(place for place, row in enumerate(cells) if row[0] == "stands in for")
    return [row for row in cells[1:end] if not row[0].startswith("**")]


def test_every_row_names_a_test_and_every_named_test_exists() -> None:
    assert len(_rows()) > 50
    missing = []
    for row in _rows():
        named = NAMED.findall(row[1])
        assert named, row
        for file, name in named:
            path = TESTS / file
            text = path.read_text() if path.is_file() else ""
            wanted = r"^(async )?def test_" if name == "*" else rf"^(async )?def {name}\b"
            if not re.search(wanted, text, re.MULTILINE):
                missing.append(f"{file}::{name}")
    assert missing == []


def test_every_contract_test_stands_in_the_table() -> None:
    named = {name for row in _rows() for _, name in NAMED.findall(row[1])}
    files = sorted((TESTS / "python" / "trainers").glob("test_*.py"))
    found = {
        name
        for path in files
        if path.name != "test_contract_table.py"
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert found - named == set()
