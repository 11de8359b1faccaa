"""A host's life: says hello, attaches its library, and answers needs until Node closes."""

from __future__ import annotations

import argparse
import io
import os
import platform
import sys
from collections.abc import Sequence
from typing import Any

from gem._bridge.values import ERROR, NEED, Decoder, pack
from gem._host import stop
from gem._host.answers import Answers, HostError
from gem._host.library import Library, load
from gem._host.link import PROTOCOL_VERSION, Link

_CALL, _ANSWER = 0, 1
_HELLO, _ATTACH = 1, 2
_CONNECTION = 3


def main(arguments: Sequence[str]) -> None:
    """Serves the library that the arguments name, over the socket that is file 3."""
    parser = argparse.ArgumentParser(prog="gem host", description="Hosts a library for Node.")
    parser.add_argument("--library", required=True, help="its name, or the path of a module")
    name: str = parser.parse_args(arguments).library
    link = Link(_CONNECTION)
    stop.watch(_CONNECTION)
    _write_lines_at_once()
    Host(link, load(name)).serve()
    stop.end()


def _write_lines_at_once() -> None:
    """Lets what libraries print reach the log before they end the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


class Host:
    """One session of the protocol: its second call is answered by needs while it lives."""

    def __init__(self, link: Link, library: Library) -> None:
        """Serves a library over a connection."""
        self._link = link
        self._library = library
        self._session = os.urandom(8)
        self._decoder = Decoder(_resolve)

    def serve(self) -> None:
        """Answers needs in order until the connection closes.

        Raises:
            HostError: when Node refuses this host.
        """
        about = {"pid": os.getpid()}
        if not self._call(_HELLO, "hello", [PROTOCOL_VERSION, os.urandom(16), about]):
            return
        reply = self._receive()
        if reply is None:
            return
        if reply[0] == ERROR:
            message = f"Node refused this host: {reply[3]}"
            raise HostError(message)
        facts = {"python": platform.python_version(), "versions": dict(self._library.versions())}
        if self._call(_ATTACH, "attach", [self._library.name, facts]):
            self._answer_needs()

    def _answer_needs(self) -> None:
        answers = Answers(self._library)
        prefix = b"\x95" + pack(_ANSWER) + pack(self._session) + pack(_ATTACH)
        while (message := self._receive()) is not None:
            if message[0] != NEED:
                continue
            _, _, number, items = message
            outcomes = b"\x91" + answers.answer(items[0])
            if not self._link.send(prefix + pack(number) + outcomes):
                return

    def _call(self, n: int, method: str, params: Sequence[Any]) -> bool:
        return self._link.send(pack([_CALL, self._session, n, method, params]))

    def _receive(self) -> Any:
        frame = self._link.receive()
        return None if frame is None else self._decoder.decode(frame)


def _resolve(number: int) -> object:
    message = f"Node sent a reference to the object {number} where a value is needed."
    raise HostError(message)
