"""What a host answers to needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gem._bridge.values import Decoder
from gem._host.answers import Answers
from gem._host.library import Library


class OddError(Exception):
    """An exception with a code."""

    gem_code = "GEM_UNAVAILABLE"


class Odd:
    """An environment that gives back what it is told to."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self._secret = 1

    def reset(self, seed: int | None = None, **options: Any) -> Any:
        return ["hello", {"seed": seed, **options}]

    def step(self, action: Any) -> Any:
        return ROWS[action]

    def get_state(self) -> dict[str, Any]:
        return self.options

    def set_state(self, state: dict[str, Any]) -> None:
        self.options = state


ROWS: dict[str, Any] = {
    "numpy": ("text", np.float32(0.5), np.bool_(True), False, {"n": np.int64(3)}),
    "integers": ("text", True, 1, 0, {}),
    "words": ("text", "0.5", "yes", None, {}),
    "three": (1, 2, object()),
}


def raise_odd() -> None:
    raise OddError("nothing there")


def answers() -> Answers:
    functions: dict[str, Callable[..., Any]] = {"double": lambda value: value * 2, "odd": raise_odd}
    return Answers(Library("odd", functions, lambda env_id, **options: Odd(**options), dict))


def ask(host: Answers, ref: int, method: str, *args: Any, **kwargs: Any) -> Any:
    return Decoder(lambda number: ("object", number)).decode(
        host.answer((ref, method, list(args), kwargs))
    )


def make(host: Answers, **options: Any) -> int:
    ok, (reference, methods) = ask(host, 0, "make", "odd", 1, **options)
    assert ok
    assert methods == ["get_state", "set_state"]
    number: int = reference[1]
    return number


def test_functions_give_values() -> None:
    assert ask(answers(), 0, "run", "double", ["ab"]) == [True, "abab"]


def test_a_coded_exception_gives_its_code() -> None:
    outcome = ask(answers(), 0, "run", "odd", [])
    assert outcome == [False, ["OddError", "nothing there", 0, "GEM_UNAVAILABLE"]]


def test_any_other_is_logged_with_its_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(answers(), 0, "run", "double", [{}])[1][0] == "TypeError"
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("action", "row"),
    [
        ("numpy", ["text", 0.5, True, False, {"n": 3}]),
        ("integers", ["text", 1.0, True, False, {}]),
        ("words", ["text", "0.5", "yes", None, {}]),
    ],
)
def test_a_step_gives_its_five_values(action: str, row: list[Any]) -> None:
    host = answers()
    value = ask(host, make(host), "step", action)[1]
    assert value == row
    assert [type(item) for item in value] == [type(item) for item in row]


def test_a_step_of_another_shape_is_shown() -> None:
    host = answers()
    assert ask(host, make(host), "step", "three")[1].startswith("(1, 2, <object object at")


def test_a_reset_gets_no_seed_where_there_is_none() -> None:
    host = answers()
    ref = make(host)
    assert ask(host, ref, "reset", None, far=3)[1] == ["hello", {"seed": None, "far": 3}]
    assert ask(host, ref, "reset", 2**70)[1] == ["hello", {"seed": 2**70}]


def test_a_state_goes_with_the_random_streams() -> None:
    host = answers()
    one, other = make(host, size=3), make(host)
    ok, state = ask(host, one, "get_state")
    assert ok
    assert ask(host, other, "set_state", state) == [True, None]
    assert ask(host, other, "getattr", "options") == [True, {"size": 3}]


def test_only_public_names_and_known_objects_are_reached(
    capsys: pytest.CaptureFixture[str],
) -> None:
    host = answers()
    ref = make(host)
    assert ask(host, ref, "getattr", "_secret")[1][3] == "GEM_INTERNAL"
    assert ask(host, ref, "call", "__class__", [])[1][3] == "GEM_INTERNAL"
    assert ask(host, ref, "nothing")[1][3] == "GEM_INTERNAL"
    assert ask(host, 0, "release", [ref]) == [True, None]
    assert "does not have" in ask(host, ref, "step", "numpy")[1][1]
    capsys.readouterr()


def test_memory_is_told_in_bytes() -> None:
    ok, value = ask(answers(), 0, "memory")
    assert ok
    assert value > 2**20


def test_what_is_too_large_for_a_frame_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    ok, failure = ask(answers(), 0, "run", "double", [b"x" * 2**25])
    assert not ok
    assert failure[3] == "GEM_LIMIT"
    capsys.readouterr()
