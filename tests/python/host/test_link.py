"""Frames between a host and Node."""

from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from gem._bridge import process
from gem._host import link
from gem._host.link import Link
from support import run_script


def framed(frames: list[bytes]) -> bytes:
    return b"".join(len(frame).to_bytes(4, "little") + frame for frame in frames)


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 50), max_size=8))
def test_frames_arrive_whatever_the_pieces(frames: list[bytes], pieces: list[int]) -> None:
    here, there = socket.socketpair()
    data = framed(frames)
    for length in [*pieces, len(data)]:
        here.sendall(data[:length])
        data = data[length:]
    here.close()
    other = Link(there.detach())
    assert [other.receive() for _ in frames] == frames
    assert other.receive() is None
    other._socket.close()


def test_a_frame_is_sent_after_its_length() -> None:
    here, there = socket.socketpair()
    other = Link(there.detach())
    assert other.send(b"abc")
    assert here.recv(10) == b"\x03\0\0\0abc"
    here.close()
    assert not (other.send(b"abc") and other.send(b"abc"))
    other._socket.close()


def test_what_a_host_starts_does_not_get_its_connection() -> None:
    here, there = socket.socketpair()
    there.set_inheritable(True)
    other = Link(there.detach())
    assert not other._socket.get_inheritable()
    other._socket.close()
    here.close()


def test_a_host_speaks_the_protocol_of_this_package() -> None:
    assert link.PROTOCOL_VERSION == process.PROTOCOL_VERSION


def test_a_host_needs_nothing_of_what_connects_to_a_server() -> None:
    main = link.__file__.replace("link.py", "main.py")
    run_script(f"""
import runpy, sys
runpy.run_path({main!r}, run_name="imported")["_make_importable"]()
import gem._host.serve
assert not sys.modules.keys() & {{"zmq", "numpy", "gem.core"}}
import gem
assert gem.Env.__name__ == "Env"
""")
