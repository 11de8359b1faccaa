"""The codec: golden frames, round trips, limits."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gem._bridge.objects import ObjectTable
from gem._bridge.values import Decoder, TypedArray, pack, peek, wire_passing, wire_value
from gem.errors import BadFrameError, LimitError

WIRE = Path(__file__).resolve().parents[1] / "fixtures" / "wire"


class Ref:
    """Stands for the object of a number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and other.number == self.number

    __hash__ = None  # type: ignore[assignment]


def _frames(name: str) -> list[Any]:
    entries = json.loads((WIRE / f"{name}.json").read_text())
    return [pytest.param(entry, id=entry["name"]) for entry in entries]


def _meaning(value: Any) -> Any:
    """What a fixture's notation stands for in Python."""
    if isinstance(value, list):
        return [_meaning(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("$")
    if kind is None:
        return {key: _meaning(item) for key, item in value.items()}
    return _SPECIAL[kind](value)


def _array(value: Any) -> Any:
    data = bytes.fromhex(value["hex"])
    return np.frombuffer(data, dtype=value["dtype"]).reshape(value["shape"])


_SPECIAL: dict[str, Any] = {
    "int": lambda value: int(value["value"]),
    "float": lambda value: float(value["value"]),
    "bytes": lambda value: bytes.fromhex(value["hex"]),
    "ref": lambda value: Ref(value["ref"]),
}
_SPECIAL |= {
    "lasting_float": lambda value: float(value["value"]),
    "set": lambda value: set(_meaning(value["items"])),
    "tuple": lambda value: tuple(_meaning(value["items"])),
    "map": lambda value: dict(
        zip(*(map(_meaning, value["items"][start::2]) for start in (0, 1)), strict=True)
    ),
    "ndarray": _array,
    "typed": lambda value: TypedArray(value["kind"], bytes.fromhex(value["hex"])),
}


def _same(a: Any, b: Any) -> bool:
    """Equality that tells 1 from 1.0 and True, and finds NaN equal to itself."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(_same(value, b[key]) for key, value in a.items())
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a, math.copysign(1, a)) == (
            b,
            math.copysign(1, b),
        )
    return bool(a == b)


def _decode(frame: bytes) -> Any:
    return Decoder(Ref).decode(frame)


def _through(value: Any, *, passes: bool = True) -> Any:
    table = ObjectTable()
    scope = table.scope()
    return Decoder(table.resolve).decode(pack(wire_value(value, scope.refer, passes=passes)))


@pytest.mark.parametrize("frame", [*_frames("values"), *_frames("server"), *_frames("client")])
def test_a_golden_frame_decodes_to_its_meaning(frame: Any) -> None:
    assert _same(_decode(bytes.fromhex(frame["hex"])), _meaning(frame["meaning"]))


@pytest.mark.parametrize("frame", [*_frames("values"), *_frames("client")])
def test_its_meaning_encodes_to_the_golden_frame(frame: Any) -> None:
    def prepare(value: Any) -> Any:
        """Prepares as the sender does: integral floats last where the fixture says so."""
        if isinstance(value, dict) and "$" not in value:
            return {key: prepare(item) for key, item in value.items()}
        if isinstance(value, list):
            return [prepare(item) for item in value]
        lasts = "lasting_float" in json.dumps(value)
        return wire_value(_meaning(value), lambda ref: cast(Ref, ref).number, passes=lasts)

    encoded = pack(prepare(frame["meaning"]))
    if "$': 'set'" in str(frame["meaning"]):
        assert _same(_decode(encoded), _meaning(frame["meaning"]))
    else:
        assert encoded.hex() == frame["hex"]


@pytest.mark.parametrize("frame", _frames("refused"))
def test_a_frame_that_breaks_the_rules_never_crashes_the_decoder(frame: Any) -> None:
    with contextlib.suppress(BadFrameError):
        _decode(bytes.fromhex(frame["hex"]))


def test_a_frame_that_cannot_be_read_says_why() -> None:
    with pytest.raises(BadFrameError, match="cannot be read"):
        _decode(b"\xc1")


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats()
    | st.text()
    | st.binary(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        | st.dictionaries(st.integers(-5, 2**70), inner, min_size=1, max_size=4)
    ),
    max_leaves=20,
)


@given(plain)
def test_any_plain_value_comes_back_as_it_was(value: Any) -> None:
    assert _same(_through(value), value)


@given(st.sets(st.integers() | st.text() | st.tuples(st.integers(), st.text())))
def test_a_set_comes_back_as_a_set(value: Any) -> None:
    assert _through(value) == value


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        (np.int64(3), 3),
        (np.float64(2.0), 2.0),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (frozenset({1}), {1}),
        (bytearray(b"x"), b"x"),
        (np.array([[1, 2]], dtype=np.int32), np.array([[1, 2]], dtype=np.int64)),
        (np.array([1.5], dtype=np.float32), np.array([1.5])),
        (np.array([[True], [False]]), np.array([[True], [False]])),
        (np.arange(6).reshape(2, 3).T, np.arange(6).reshape(2, 3).T),
    ],
)
def test_a_relative_of_a_plain_value_becomes_one(given_: Any, wanted: Any) -> None:
    assert _same(_through(given_), wanted)


def test_an_array_arrives_writable() -> None:
    array = _through(np.zeros(3))
    array[0] = 1.0
    assert array[0] == 1.0


def test_lone_surrogates_become_replacement_characters_and_pairs_characters() -> None:
    assert _through("a\ud800b") == "a\ufffdb"
    assert _through({"\udfff": ("\ud83d\ude00",)}) == {"\ufffd": ("\U0001f600",)}


def test_a_foreign_object_comes_back_as_the_very_same() -> None:
    thing = object()
    assert _through({"a": [thing]})["a"][0] is thing


def test_an_entry_that_passes_through_keeps_its_identity_unless_it_is_a_scalar() -> None:
    table = ObjectTable()
    scope = table.scope()
    nested = {"a": [1]}
    wire = [wire_passing(value, scope.refer) for value in (nested, 2.0, 2, True, None, "x")]
    back = Decoder(table.resolve).decode(pack(wire))
    assert back[0] is nested
    assert _same(back[1:], [2.0, 2, True, None, "x"])


def test_nesting_beyond_the_limit_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(LimitError, match="nested deeper"):
        _through(value)


def test_an_object_is_reachable_while_it_is_held_and_no_longer() -> None:
    table = ObjectTable()
    held = table.hold("kept")
    number = held.number
    assert table.resolve(number) == "kept"
    del held
    with pytest.raises(BadFrameError, match=str(number)):
        table.resolve(number)


def test_an_object_of_a_call_is_dropped_with_the_call() -> None:
    table = ObjectTable()
    scope = table.scope()
    number = scope.refer("passing")
    assert scope.resolve(number) == "passing"
    scope.close()
    with pytest.raises(BadFrameError):
        table.resolve(number)


def test_frames_of_other_libraries_are_read_too() -> None:
    assert _decode(msgspec.msgpack.encode([1, {"a": 1.5}])) == [1, {"a": 1.5}]


@pytest.mark.parametrize("frame", _frames("server"))
def test_kind_and_number_are_read_without_decoding_the_rest(frame: Any) -> None:
    data = bytes.fromhex(frame["hex"])
    assert peek(data) == tuple(frame["meaning"][:2])


@pytest.mark.parametrize("n", [0, 127, 128, 255, 256, 65_536, 2**32, 2**63])
def test_numbers_of_any_width_are_read(n: int) -> None:
    assert peek(msgspec.msgpack.encode([2, n, 1, []])) == (2, n)


@pytest.mark.parametrize("frame", [b"", b"\x93", b"\x93\x00", b"\x93\x00\xc0", b"\x80\x00\x01"])
def test_what_is_no_message_is_refused(frame: bytes) -> None:
    with pytest.raises(BadFrameError, match="no message"):
        peek(frame)
