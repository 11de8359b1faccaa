"""Frames of a server that lies: typed errors, nothing else, whatever the bytes are."""

from __future__ import annotations

import contextlib
import json
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gem._bridge.connection import Connection
from gem._bridge.exchange import Exchange
from gem._bridge.objects import ObjectTable
from gem._bridge.values import Decoder, pack, peek
from gem.errors import BadFrameError, GemError

WIRE = Path(__file__).resolve().parents[1] / "fixtures" / "wire"
MUTATIONS = 20_000
LIES = [
    bytes.fromhex(lie)
    for lie in (
        "c1",
        "dcffff",
        "ddffffffff",
        "dfffffffff",
        "dbffffffff",
        "c67fffffff",
        "c70006",
        "d60500000000",
        "c70042",
        "c90000000042",
        "d40800",
        "d408ff",
        "d4029381",
        "c704079301a0",
        "c701043f",
        "c9ffffffff04",
    )
]
NESTED = (0x02, 0x03, 0x04, 0x06, 0x07)


def _golden() -> list[bytes]:
    names = ("server", "values", "client", "refused")
    entries = [entry for name in names for entry in json.loads((WIRE / f"{name}.json").read_text())]
    return [bytes.fromhex(entry["hex"]) for entry in entries]


def _mutated(draw: random.Random, frames: list[bytes]) -> bytes:
    frame = bytearray(draw.choice(frames))
    for _ in range(draw.randint(1, 3)):
        at = draw.randint(0, len(frame))
        kind = draw.randint(0, 5)
        if kind == 0 and at < len(frame):
            frame[at] ^= 1 << draw.randint(0, 7)
        elif kind == 1:
            del frame[at:]
        elif kind == 2:
            frame[at:at] = draw.choice(LIES)
        elif kind == 3:
            frame[at:] = draw.choice(frames)[draw.randint(0, 8) :]
        elif kind == 4:
            frame[at:at] = _nested(draw.randint(1, 80), draw.choice(NESTED), bytes(frame[at:][:9]))
        else:
            frame[at : at + draw.randint(0, 4)] = draw.randbytes(2)
    return bytes(frame)


def _nested(levels: int, code: int, inner: bytes) -> bytes:
    """Extensions in extensions."""
    for _ in range(levels):
        inner = b"\xc9" + len(inner).to_bytes(4, "big") + bytes([code]) + inner
    return inner


class SilentConnection:
    """A connection whose answers nobody reads."""

    last_frame = b""

    def __init__(self) -> None:
        self.n = 1
        self.peer = SimpleNamespace(log=None, endpoint="unix:///nowhere")

    def send_answer(self, round_: int, outcomes: list[Any]) -> None:
        """Packs the answer as it would be sent."""
        pack([1, b"", self.n, round_, outcomes])


def _advance(frame: bytes) -> None:
    """Gives a call a frame of its server."""
    table = ObjectTable()
    connection = cast(Connection, SilentConnection())
    exchange = Exchange(connection, Decoder(table.resolve), table.scope(), "step")
    exchange.advance(frame)
    assert exchange.error is None or isinstance(exchange.error, GemError)


def _decode(frame: bytes) -> None:
    Decoder(lambda number: number).decode(frame)


def _peek(frame: bytes) -> None:
    peek(frame)


READERS = [_decode, _peek, _advance]


@pytest.mark.parametrize("read", READERS)
def test_a_mutated_frame_is_read_or_refused(read: Callable[[bytes], None]) -> None:
    draw = random.Random(1)
    frames = _golden()
    for _ in range(MUTATIONS):
        frame = _mutated(draw, frames)
        try:
            read(frame)
        except BadFrameError:
            continue
        except Exception:
            print(frame.hex())  # noqa: T201
            raise


@pytest.mark.parametrize("read", READERS)
@given(frame=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(read: Callable[[bytes], None], frame: bytes) -> None:
    for prefix in (b"", b"\x93\x00\x01", b"\x95\x01\x01", b"\x94\x02\x01"):
        with contextlib.suppress(BadFrameError):
            read(prefix + frame)


@pytest.mark.parametrize(
    "hex_",
    [
        "d60500000000",
        "c70105ff",
        "d60493a0909090",
        "c70f0493a5696e74363491cf7fffffffffffffffc400",
        "d4070180",
        "d40781",
        "c7020781a000",
    ],
)
def test_a_malformed_extension_is_refused(hex_: str) -> None:
    with pytest.raises(BadFrameError):
        _decode(bytes.fromhex(hex_))


@pytest.mark.parametrize(
    "message",
    [
        [0, 1],
        [0, 1, None, None],
        [1, 1, "GEM_LIMIT", "x"],
        [1, 1, 5, "x", {}],
        [1, 1, "GEM_LIMIT", "x", []],
        [2, 1, "1", []],
        [2, 1, 1, 7],
        [2, 1, 1, [7]],
        [2, 1, 1, [[1, "step", [], []]]],
    ],
)
def test_a_message_without_the_form_of_its_kind_is_refused(message: list[Any]) -> None:
    with pytest.raises(BadFrameError):
        _advance(pack(message))


def test_nesting_costs_no_more_memory_than_the_frame() -> None:
    frame = _nested(2_000, 0x03, b"\x91\xc6" + (1 << 20).to_bytes(4, "big") + bytes(1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(BadFrameError):
            _decode(frame)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
