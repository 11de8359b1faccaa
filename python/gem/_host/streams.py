"""Random streams of one's own for objects that draw from Python's and NumPy's global generators.

While an object runs, the global generators are its own; so what it draws depends on its seed and on
its own calls alone, whatever else lives in the process.
"""

from __future__ import annotations

import random
import struct
import sys
from collections.abc import Mapping
from typing import Any, ClassVar

_PYTHON_VERSION = 3
_WORDS = struct.Struct("<625I")
_KEY_WORDS = struct.Struct("<624I")


class Streams:
    """The streams of one object.

    NumPy's is swapped as a whole generator, which is quick and forgets the second of a pair of
    normal numbers between two calls.
    """

    _inside: ClassVar[Streams | None] = None
    """Whose state Python's generator has: it stays in place until another object runs."""

    def __init__(self, seed: int) -> None:
        """Starts the streams from a seed; the global generators are left as they are."""
        self._seed: int | None = seed
        self._python: Any = None
        self._numpy: Any = None
        self._numpy_seed: int | None = seed
        self._outer: Any = None

    def seed(self, seed: int) -> None:
        """Starts the streams anew, while they are in place."""
        random.seed(seed)
        if self._outer is not None:
            sys.modules["numpy.random"].seed(seed % 2**32)

    def __enter__(self) -> None:
        """Puts the streams in place."""
        before = Streams._inside
        if before is not self:
            if before is not None:
                before._python = random.getstate()
            if self._seed is not None:
                random.seed(self._seed)
                self._seed = None
            else:
                random.setstate(self._python)
            Streams._inside = self
        numpy = sys.modules.get("numpy.random")
        if numpy is None or not hasattr(numpy, "set_bit_generator"):
            return
        self._outer = numpy.get_bit_generator()
        if self._numpy is None:
            self._numpy = numpy.MT19937()
        numpy.set_bit_generator(self._numpy)
        if self._numpy_seed is not None:
            numpy.seed(self._numpy_seed % 2**32)
            self._numpy_seed = None

    def __exit__(self, *_: object) -> None:
        """Puts NumPy's generator back; Python's stays until another object needs it."""
        if self._outer is not None:
            sys.modules["numpy.random"].set_bit_generator(self._outer)
            self._outer = None

    def get_state(self) -> dict[str, Any]:
        """The state as plain data, while the streams are in place."""
        _, words, gauss = random.getstate()
        state: dict[str, Any] = {"python": _WORDS.pack(*words), "gauss": gauss, "numpy": None}
        if self._outer is not None:
            inner = self._numpy.state["state"]
            state["numpy"] = _KEY_WORDS.pack(*map(int, inner["key"]))
            state["position"] = int(inner["pos"])
        return state

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Takes what `get_state` gave, while the streams are in place."""
        words = _WORDS.unpack(state["python"])
        random.setstate((_PYTHON_VERSION, words, state["gauss"]))
        if self._outer is not None and state["numpy"] is not None:
            key = _KEY_WORDS.unpack(state["numpy"])
            inner = {"key": list(key), "pos": state["position"]}
            self._numpy.state = {"bit_generator": "MT19937", "state": inner}

    @classmethod
    def forget(cls, streams: Streams) -> None:
        """Lets go of the streams of an object that is gone."""
        if cls._inside is streams:
            cls._inside = None
