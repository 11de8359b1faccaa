"""Values that cross the wire as msgpack extensions, and what is prepared before it crosses."""

from __future__ import annotations

import operator
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from gem._bridge.errors import BadFrameError, LimitError

EXT_BIG_INT = 0x42
EXT_SET = 0x02
EXT_TUPLE = 0x03
EXT_ARRAY = 0x04
EXT_FLOAT = 0x05
EXT_OBJECT = 0x06
EXT_MAP = 0x07
EXT_TYPED = 0x08

RESULT, ERROR, NEED = 0, 1, 2
"""The first element of a server's message."""

MAX_DEPTH = 60
"""Nesting that a value may have; the wire allows 64 levels, the message around it takes some."""

_INTEGER_WIDTHS = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
_SHORT_ARRAYS = (b"\x93", b"\x94", b"\x95")
_ENCODER = msgspec.msgpack.Encoder()
_ARRAY_DTYPES = ("int64", "float64", "bool", "uint8")
_UNREADABLE = (
    msgspec.DecodeError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RecursionError,
    struct.error,
)
"""What decoding raises on bytes that are no value."""


@dataclass(frozen=True)
class TypedArray:
    """A typed array of a state: Python has no use for it and gives it back unchanged."""

    kind: str
    data: bytes


Refer = Callable[[object], int]
"""Makes an object reachable for the server and gives its number."""


def pack(value: object) -> bytes:
    """Encodes a prepared value as msgpack; lone surrogates become U+FFFD."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(_without_surrogates(value))


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def wire_int(value: int) -> int | msgspec.msgpack.Ext:
    """Prepares an integer of any size."""
    if -(2**63) <= value < 2**64:
        return value
    length = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return msgspec.msgpack.Ext(EXT_BIG_INT, value.to_bytes(length, "big", signed=True))


def wire_object(number: int) -> msgspec.msgpack.Ext:
    """Prepares an object's number."""
    return msgspec.msgpack.Ext(EXT_OBJECT, pack(number))


def wire_value(value: Any, refer: Refer, *, passes: bool, depth: int = 0) -> Any:
    """Prepares any value: containers by content, what has no form of its own by reference.

    Args:
        value: the value.
        refer: makes an object reachable for the server.
        passes: whether integral floats must come back as floats (attributes and states).
        depth: how deep the value lies.

    Raises:
        LimitError: when it is nested deeper than `MAX_DEPTH`.
    """
    if value is None or isinstance(value, (bool, bytes)):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return wire_int(int(value))
    if isinstance(value, float):
        return wire_float(float(value)) if passes else float(value)
    if depth >= MAX_DEPTH:
        message = f"A value is nested deeper than {MAX_DEPTH} levels; send a flatter one."
        raise LimitError(message)

    def inner(item: Any) -> Any:
        return wire_value(item, refer, passes=passes, depth=depth + 1)

    if isinstance(value, list):
        return [inner(item) for item in value]
    if isinstance(value, dict):
        return _wire_map(value, inner)
    if isinstance(value, tuple):
        return msgspec.msgpack.Ext(EXT_TUPLE, pack([inner(item) for item in value]))
    if isinstance(value, (set, frozenset)):
        return msgspec.msgpack.Ext(EXT_SET, pack([inner(item) for item in value]))
    if isinstance(value, TypedArray):
        return msgspec.msgpack.Ext(EXT_TYPED, value.kind.encode() + value.data)
    return _wire_foreign(value, refer, inner)


def wire_float(value: float) -> float | msgspec.msgpack.Ext:
    """Prepares a float that must come back as one."""
    if not value.is_integer():
        return value
    return msgspec.msgpack.Ext(EXT_FLOAT, struct.pack(">d", value))


def wire_passing(value: Any, refer: Refer) -> Any:
    """Prepares an entry of an observation or info: scalars by value, else the same object."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if isinstance(value, str):
        return str(value)
    if kind is int:
        return wire_int(value)
    if kind is float:
        return wire_float(value)
    return wire_object(refer(value))


def _wire_map(value: Mapping[Any, Any], inner: Callable[[Any], Any]) -> Any:
    if all(isinstance(key, str) for key in value):
        return {str(key): inner(item) for key, item in value.items()}
    flat: list[Any] = []
    for key, item in value.items():
        flat += (inner(key), inner(item))
    return msgspec.msgpack.Ext(EXT_MAP, pack(flat))


def _wire_foreign(value: Any, refer: Refer, inner: Callable[[Any], Any]) -> Any:
    """Prepares NumPy's scalars and arrays; anything else by reference."""
    if type(value).__module__.partition(".")[0] != "numpy":
        return wire_object(refer(value))
    import numpy as np

    if isinstance(value, np.generic):
        item = value.item()
        return wire_object(refer(value)) if isinstance(item, np.generic) else inner(item)
    if (
        not isinstance(value, np.ndarray)
        or value.dtype.kind not in "biuf"
        or value.dtype == np.uint64
    ):
        return wire_object(refer(value))
    dtype = value.dtype.name
    if dtype not in _ARRAY_DTYPES:
        dtype = "float64" if value.dtype.kind == "f" else "int64"
    little = np.ascontiguousarray(value, dtype=np.dtype(dtype).newbyteorder("<"))
    payload = [dtype, list(value.shape), little.tobytes()]
    return msgspec.msgpack.Ext(EXT_ARRAY, pack(payload))


def peek(frame: bytes) -> tuple[int, int]:
    """Reads a message's first two elements: its kind and the number of the call it belongs to.

    Raises:
        BadFrameError: when they are no integers.
    """
    if len(frame) > 3 and frame[:1] in _SHORT_ARRAYS and frame[1] <= NEED:
        width = _INTEGER_WIDTHS.get(frame[2])
        if width is not None:
            return frame[1], int.from_bytes(frame[3 : 3 + width], "big")
        if frame[2] < 128:
            return frame[1], frame[2]
    message = f"The server sent a frame that is no message: it begins with {frame[:4].hex()}."
    raise BadFrameError(message)


def payload_of(frame: bytes) -> memoryview:
    """What a message holds after its kind and its number."""
    width = _INTEGER_WIDTHS.get(frame[2], 0)
    return memoryview(frame)[3 + width :]


class _Nesting(threading.local):
    """How many extensions a thread's frame is in; threads share a decoder."""

    depth = 0


class Decoder:
    """Decodes frames; objects of this process are found again by `resolve`."""

    def __init__(self, resolve: Callable[[int], object]) -> None:
        """Keeps how to find an object by its number."""
        self._resolve = resolve
        self._nesting = _Nesting()
        self._decoder = msgspec.msgpack.Decoder(ext_hook=self._extension)

    def decode(self, frame: bytes) -> Any:
        """Decodes one value.

        Raises:
            BadFrameError: when the bytes are no such value.
        """
        try:
            return self._decoder.decode(frame)
        except _UNREADABLE as error:
            self._nesting.depth = 0
            message = f"The server sent a frame that cannot be read: {error}."
            raise BadFrameError(message) from error

    def _extension(self, code: int, data: memoryview) -> Any:
        if code == EXT_BIG_INT:
            return int.from_bytes(data, "big", signed=True)
        if code == EXT_TYPED:
            return TypedArray(bytes(data[:1]).decode("ascii"), bytes(data[1:]))
        if code == EXT_FLOAT:
            return struct.unpack(">d", data)[0]
        content = self._inner(data)
        if code == EXT_OBJECT:
            return self._resolve(operator.index(content))
        if not isinstance(content, list):
            message = f"extension {code:#x} without an array"
            raise TypeError(message)
        if code == EXT_TUPLE:
            return tuple(content)
        if code == EXT_SET:
            return set(content)
        if code == EXT_MAP:
            return dict(zip(content[0::2], content[1::2], strict=True))
        if code == EXT_ARRAY:
            return _array(content)
        message = f"unknown extension {code:#x}"
        raise ValueError(message)

    def _inner(self, data: memoryview) -> Any:
        """Decodes what an extension holds; extensions in extensions have an end."""
        nesting = self._nesting
        if nesting.depth >= MAX_DEPTH:
            message = f"more than {MAX_DEPTH} extensions in each other"
            raise ValueError(message)
        nesting.depth += 1
        content = self._decoder.decode(data)
        nesting.depth -= 1
        return content


def _array(content: Any) -> Any:
    import numpy as np

    dtype, shape, data = content
    if dtype not in _ARRAY_DTYPES:
        message = f"unknown dtype {dtype!r}"
        raise ValueError(message)
    little = np.frombuffer(data, dtype=np.dtype(dtype).newbyteorder("<"))
    return little.astype(np.dtype(dtype), copy=True).reshape(shape)
