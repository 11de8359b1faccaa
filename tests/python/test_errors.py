"""The error model: codes, builtin bases, pickling."""

from __future__ import annotations

import builtins
import pickle
import re

import pytest

from gem._bridge.errors import (
    ErrorTable,
    GemDeadlineError,
    GemError,
    ServerStartError,
    UnknownWrapperError,
    error_from_wire,
    renumber,
)
from support import REPOSITORY


def test_the_codes_are_those_of_the_server() -> None:
    text = (REPOSITORY / "src" / "errors.ts").read_text()
    kinds = dict(re.findall(r"^  (GEM_\w+): \"(\w+)\",$", text, re.MULTILINE))
    assert set(ErrorTable.classes) == set(kinds)
    assert ErrorTable.not_the_callers == {code for code, kind in kinds.items() if kind != "caller"}


@pytest.mark.parametrize(
    ("code", "names"),
    {
        "GEM_UNKNOWN_ENV": "ValueError",
        "GEM_DUPLICATE_ENV": "ValueError",
        "GEM_UNKNOWN_OPTION": "TypeError",
        "GEM_INVALID_OPTION": "TypeError ValueError",
        "GEM_INVALID_SEED": "TypeError ValueError",
        "GEM_INVALID_ACTION": "TypeError ValueError",
        "GEM_ACTION_COUNT": "ValueError AssertionError",
        "GEM_UNKNOWN_WRAPPER": "KeyError",
        "GEM_UNKNOWN_ATTRIBUTE": "AttributeError",
        "GEM_UNKNOWN_METHOD": "AttributeError",
        "GEM_UNSUPPORTED": "NotImplementedError",
        "GEM_DEADLINE": "TimeoutError",
        "GEM_SERVER_LOST": "ConnectionError",
    }.items(),
)
def test_an_error_is_also_what_upstream_raised(code: str, names: str) -> None:
    error = error_from_wire(code, "Sentence.", {"id": "x"}, None)
    assert error.code == code
    assert str(error) == "Sentence."
    assert error.details == {"id": "x"}
    for name in names.split():
        assert isinstance(error, getattr(builtins, name))


@pytest.mark.parametrize("cls", [*ErrorTable.classes.values(), ServerStartError])
def test_an_error_survives_pickling(cls: type[GemError]) -> None:
    error = pickle.loads(pickle.dumps(cls("Sentence.", {"index": 3})))
    assert type(error) is cls
    assert (error.message, error.details, error.code) == ("Sentence.", {"index": 3}, cls.code)


def test_a_code_of_a_newer_server_is_kept() -> None:
    error = error_from_wire("GEM_FUTURE", "Sentence.", {}, None)
    assert (type(error), error.code) == (GemError, "GEM_FUTURE")


def test_the_log_is_named_unless_the_mistake_is_the_callers() -> None:
    fault = error_from_wire("GEM_INTERNAL", "Sentence.", {}, "/tmp/x.log")
    mistake = error_from_wire("GEM_INVALID_SEED", "Sentence.", {}, "/tmp/x.log")
    assert "/tmp/x.log" in str(fault)
    assert str(mistake) == "Sentence."
    assert fault.details["log"] == mistake.details["log"] == "/tmp/x.log"


def test_a_key_error_shows_its_sentence_without_quotes() -> None:
    assert str(UnknownWrapperError("Unknown wrapper.")) == "Unknown wrapper."


def test_positions_of_a_part_become_positions_of_the_vector() -> None:
    details = {"index": 1, "faulty": [1, 0]}
    error = GemDeadlineError("Environment 1 of the vector (x) failed: 1.", details)
    renumber(error, [10, 20])
    assert str(error) == "Environment 20 of the vector (x) failed: 1."
    assert error.details == {"index": 20, "faulty": [20, 10]}
