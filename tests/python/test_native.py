"""The native module by itself: what it takes and refuses, and what type checkers read of it."""

from __future__ import annotations

import inspect
import os
import select
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gem
from gem._bridge import gem_shm
from gem._bridge.server import client
from gem._bridge.values import RESULT, pack, peek
from support import PACKAGE, REPOSITORY, wait_until


@pytest.fixture(scope="module")
def offer() -> dict[str, Any]:
    """What a running worker says about shared memory in its answer to `hello`."""
    gem.make("game:GuessTheNumber-v0-easy").reset()
    connection = client().workers[0]._open_connection()
    connection.send_call("hello", [1, os.urandom(16), {}])
    frame = connection.receive_soon()
    while frame is None:
        frame = connection.receive()
    connection.close()
    found = client().decoder.decode(frame)[2]["shm"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def connected(offer: dict[str, Any]) -> Iterator[gem_shm.Client]:
    shm = gem_shm.Client(offer["path"], offer["token"])
    yield shm
    shm.close()


def hello(number: int = 1) -> bytes:
    return pack([0, os.urandom(8), number, "hello", [1, os.urandom(16), {}]])


def test_a_worker_of_the_same_release_has_the_same_layout(offer: dict[str, Any]) -> None:
    assert offer["layout"] == gem_shm.LAYOUT_VERSION


def test_frames_go_out_and_come_back(connected: gem_shm.Client) -> None:
    reply = connected.exchange(hello(), 60.0)
    assert reply is not None
    assert peek(reply) == (RESULT, 1)
    connected.send(hello(), 60.0)
    assert connected.wait(60.0)
    assert connected.receive(0.0) is not None
    assert connected.receive(0.0) is None
    assert not connected.wait(0.0)


def test_several_connections_can_be_waited_for_at_once(connected: gem_shm.Client) -> None:
    assert connected.arm()
    assert not select.select([connected], [], [], 0)[0]
    connected.send(hello())
    assert select.select([connected], [], [], 60)[0]
    connected.disarm()
    assert connected.wait(60.0)
    assert not connected.arm()
    assert connected.receive() is not None


@pytest.mark.parametrize(
    ("changed", "code", "text"),
    [
        ({"token": b"short"}, "GEM_INVALID_ARGUMENT", "token must be 16 bytes, got 5"),
        ({"token": bytes(16)}, "GEM_UNAVAILABLE", "the token is wrong"),
        ({"path": "@gem-nobody"}, "GEM_UNAVAILABLE", "Connection refused"),
        ({"request_bytes": 5000}, "GEM_INVALID_ARGUMENT", "power of two"),
        ({"response_bytes": 1024}, "GEM_INVALID_ARGUMENT", "power of two"),
        ({"max_message": 0}, "GEM_INVALID_ARGUMENT", "max_message must be"),
        ({"timeout": -1.0}, "GEM_INVALID_ARGUMENT", "seconds from 0 on, got -1"),
        ({"timeout": float("nan")}, "GEM_INVALID_ARGUMENT", "seconds from 0 on, got NaN"),
    ],
)
def test_what_cannot_be_opened_says_why(
    changed: dict[str, Any], code: str, text: str, offer: dict[str, Any]
) -> None:
    options = {"path": offer["path"], "token": offer["token"], **changed}
    with pytest.raises(gem_shm.ShmError, match=text) as caught:
        gem_shm.Client(**options)
    assert caught.value.code == code


def test_a_closed_connection_refuses_everything_but_closing(connected: gem_shm.Client) -> None:
    connected.close()
    connected.close()
    for call in (connected.receive, connected.arm, connected.fileno, lambda: connected.send(b"")):
        with pytest.raises(gem_shm.ShmError) as caught:
            call()
        assert caught.value.code == "GEM_SERVER_LOST"


def test_a_message_that_is_too_long_is_not_sent(offer: dict[str, Any]) -> None:
    shm = gem_shm.Client(offer["path"], offer["token"], max_message=1000)
    with pytest.raises(gem_shm.ShmError, match="1001 bytes, at most 1000") as caught:
        shm.send(bytes(1001))
    assert caught.value.code == "GEM_LIMIT"
    assert shm.exchange(hello(), 60.0) is not None
    shm.close()


def test_a_second_thread_in_the_middle_of_a_call_is_refused(connected: gem_shm.Client) -> None:
    got: list[bytes | None] = [None]
    is_enough = threading.Event()

    def receive() -> None:
        while not is_enough.is_set():
            got.append(connected.receive(0.05))

    waiting = threading.Thread(target=receive)
    waiting.start()
    refusals: list[str] = []

    def is_refused() -> bool:
        try:
            connected.fileno()
        except gem_shm.ShmError as error:
            refusals.append(f"{error.code} {error}")
        return bool(refusals)

    wait_until(is_refused, "the other thread waits")
    assert refusals[0].startswith("GEM_INVALID_STATE Another thread")
    is_enough.set()
    waiting.join()
    assert set(got) == {None}
    assert connected.exchange(hello(), 60.0) is not None


def test_the_stub_says_what_the_module_has() -> None:
    here = PACKAGE / "gem" / "_bridge" / "gem_shm.pyi"
    there = REPOSITORY / "bridge" / "crates" / "gem-python" / "gem_shm.pyi"
    assert here.read_text() == there.read_text()
    text = here.read_text()
    methods = [name for name, _ in inspect.getmembers(gem_shm.Client) if name[0] != "_"]
    assert [name for name in methods if f"    def {name}(" not in text] == []
    signature = inspect.signature(gem_shm.Client.exchange)
    assert list(signature.parameters) == ["self", "data", "timeout", "send_timeout"]


def _keeps(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}i", *numbers)


class TestContinued:
    """Texts that go on from earlier ones."""

    def test_keeps_the_first_units_and_puts_the_tail_behind(self) -> None:
        assert gem_shm.continued(["abc", "xyz"], _keeps(2, 0), ["D", "new"]) == ["abD", "new"]

    def test_gives_a_whole_as_it_is(self) -> None:
        whole = {"image": b"1"}
        assert gem_shm.continued([""], _keeps(-1), [whole])[0] is whole

    @given(st.text(max_size=30), st.text(max_size=10), st.data())
    def test_counts_in_utf16_units(self, text: str, tail: str, data: st.DataObject) -> None:
        kept = text[: data.draw(st.integers(0, len(text)))]
        units = len(kept.encode("utf-16-le")) // 2
        assert gem_shm.continued([text], _keeps(units), [tail]) == [kept + tail]

    @pytest.mark.parametrize("text", ["abc", "äöü", "a😀"])
    def test_refuses_to_keep_more_than_there_is(self, text: str) -> None:
        with pytest.raises(ValueError, match="9 units of an earlier text are to be kept"):
            gem_shm.continued([text], _keeps(9), [""])

    def test_completes_final_observations(self) -> None:
        infos: list[Any] = [{}, {"final_observation": " end", "suffix": "s"}]
        keeps = _keeps(-1, 1, 1, 3)
        texts = gem_shm.continued(["abc", "xyzw"], keeps, ["new", "!"], infos)
        assert texts == ["new", "x!"]
        assert infos == [{}, {"final_observation": "xyz end", "suffix": "s"}]

    @pytest.mark.parametrize(
        ("numbers", "infos", "error"),
        [
            ((-1, 0, 1), None, ValueError),
            ((-1, 0, 1), [{}], ValueError),
            ((-1, 5, 1), [{"final_observation": "x"}], IndexError),
            ((-1, 0), [{"final_observation": "x"}], ValueError),
            ((-1, 0, 9), [{"final_observation": "x"}], ValueError),
            ((-1, 0, 1), [{"final_observation": 5}], TypeError),
            ((-1, 0, 1), ["x"], TypeError),
        ],
    )
    def test_refuses_what_is_no_final_observation(
        self, numbers: tuple[int, ...], infos: list[Any] | None, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            gem_shm.continued(["abc"], _keeps(*numbers), ["new"], infos)

    def test_refuses_lists_of_different_lengths(self) -> None:
        with pytest.raises(ValueError, match="1 tails need as many earlier texts and 4 bytes"):
            gem_shm.continued([], b"", ["x"])
