"""Datasets that cross: rows given from Python, and the server's rows as Python reads them."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from gem._bridge.values import Refer, wire_object, wire_value

if TYPE_CHECKING:
    from gem._bridge.stub import Stub

_PIECE_ROWS = 128
_PIECE_BYTES = 8 * 1024 * 1024
_ASKED_ROWS = 4096
_ENCODER = msgspec.msgpack.Encoder(enc_hook=repr)
_COUNT = itertools.count(1)

DATASET = "dataset"
"""The option and the attribute that hold one."""


def wire_dataset(value: Any, refer: Refer) -> Any:
    """Prepares a dataset: what the server knows it by, and who has its rows.

    Args:
        value: a `datasets.Dataset` or anything with `column_names`, a list of mappings, or a
            `RemoteDataset`; anything else goes as it is, and the server says what is wrong.
        refer: makes an object reachable for the server.
    """
    if isinstance(value, RemoteDataset):
        return value.to_wire(refer)
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        rows = [dict(row) for row in value]
        return _given(_token_of_rows(rows), ListRows(rows), refer)
    if hasattr(value, "column_names") and hasattr(value, "__len__"):
        fingerprint = getattr(value, "_fingerprint", None)
        token = _new_token() if fingerprint is None else f"fingerprint-{fingerprint}-{len(value)}"
        return _given(token, TableRows(value), refer)
    return wire_value(value, refer, passes=False)


def _given(token: str, rows: object, refer: Refer) -> dict[str, Any]:
    return {"source": {"token": token}, "view": [], "object": wire_object(refer(rows))}


def _token_of_rows(rows: list[dict[Any, Any]]) -> str:
    try:
        return f"rows-{hashlib.sha256(_ENCODER.encode(rows)).hexdigest()}"
    except (OverflowError, TypeError, UnicodeEncodeError, ValueError):
        return _new_token()


def _new_token() -> str:
    return f"object-{os.urandom(8).hex()}-{next(_COUNT)}"


class TableRows:
    """The rows of a table with named columns, for the server to ask for."""

    def __init__(self, table: Any) -> None:
        """Keeps the table."""
        self._table = table

    def rows(self, start: int) -> dict[str, Any]:
        """Gives a piece of the rows from `start` on: `{columns, length}`."""
        return _piece(self._slice, len(self._table), start)

    def _slice(self, start: int, stop: int) -> Mapping[str, list[Any]]:
        columns: Mapping[str, list[Any]] = self._table[start:stop]
        return columns


class ListRows:
    """Rows of a list, for the server to ask for; what a row lacks is None."""

    def __init__(self, rows: list[dict[Any, Any]]) -> None:
        """Keeps the rows."""
        self._rows = rows
        self._names = list(dict.fromkeys(str(name) for row in rows for name in row))

    def rows(self, start: int) -> dict[str, Any]:
        """Gives a piece of the rows from `start` on: `{columns, length}`."""
        return _piece(self._slice, len(self._rows), start)

    def _slice(self, start: int, stop: int) -> Mapping[str, list[Any]]:
        rows = self._rows[start:stop]
        return {name: [row.get(name) for row in rows] for name in self._names}


def _piece(
    take: Callable[[int, int], Mapping[str, list[Any]]], length: int, start: int
) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {}
    size = 0
    while start < length and size < _PIECE_BYTES:
        for name, values in take(start, min(start + _PIECE_ROWS, length)).items():
            plain = [_plain(value) for value in values]
            size += sum(map(_size, plain))
            columns.setdefault(name, []).extend(plain)
        start += _PIECE_ROWS
    return {"columns": columns, "length": length}


def _plain(value: Any) -> Any:
    """A value as plain data: an image becomes what `datasets` stores of it."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if type(value).__module__.partition(".")[0] != "PIL":
        return value
    buffer = io.BytesIO()
    value.save(buffer, format="PNG")
    return {"bytes": buffer.getvalue(), "path": None}


def _size(value: Any) -> int:
    """About the bytes of a value on the wire."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, (list, tuple)):
        return 8 + sum(map(_size, value))
    if isinstance(value, dict):
        return 16 + sum(map(_size, value.values()))
    return 8


class RemoteDataset:
    """The rows of an environment, in the order in which it shows them when this is made.

    Rows stay at the server until they are read. `select` and `shuffle` give new ones, as those of
    `datasets.Dataset` do; assigned to `env.dataset` or given to `gem.make`, no rows cross.
    """

    def __init__(
        self, stub: Stub, wire: Mapping[str, Any], indices: Sequence[int] | None = None
    ) -> None:
        """Describes rows.

        Args:
            stub: an environment over the rows.
            wire: what the server says of its dataset.
            indices: which of them; None: all.
        """
        self._stub = stub
        self._wire = wire
        self._indices = range(wire["length"]) if indices is None else indices

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return list(self._wire["columns"])

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return len(self._indices)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self._indices), len(self._wire["columns"])

    def __len__(self) -> int:
        """Counts the rows."""
        return len(self._indices)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Gives row by row."""
        for start in range(0, len(self), _ASKED_ROWS):
            columns = self[start : start + _ASKED_ROWS]
            for values in zip(*columns.values(), strict=True):
                yield dict(zip(columns, values, strict=True))

    def __getitem__(self, key: Any) -> Any:
        """Gives a row as a map, rows of a slice or list as a map of lists, or a column."""
        if isinstance(key, str):
            if key not in self._wire["columns"]:
                message = f"There is no column {key!r}; the columns are {self.column_names}."
                raise KeyError(message)
            return RemoteColumn(self, key)
        if isinstance(key, slice):
            return self._values(None, self._indices[key])
        if isinstance(key, Iterable):
            return self._values(None, [self._at(index) for index in key])
        columns = self._values(None, [self._at(key)])
        return {name: values[0] for name, values in columns.items()}

    def select(self, indices: Iterable[int]) -> RemoteDataset:
        """Gives the dataset of these rows."""
        return RemoteDataset(self._stub, self._wire, [self._at(index) for index in indices])

    def shuffle(self, seed: int | None = None) -> RemoteDataset:
        """Gives the dataset in the order that NumPy's `default_rng(seed)` permutes it to."""
        import numpy as np

        order = np.random.default_rng(seed).permutation(len(self))
        return self.select(order.tolist())

    def to_list(self) -> list[dict[str, Any]]:
        """Gives all rows."""
        return list(self)

    def to_wire(self, refer: Refer) -> dict[str, Any]:
        """Says to the server which rows these are."""
        source, view = self._wire["source"], list(self._wire["view"])
        if not isinstance(self._indices, range) or len(self._indices) != self._wire["length"]:
            view.append(["select", list(self._indices)])
        wire: dict[str, Any] = {"source": source, "view": view}
        if "token" in source:
            wire["object"] = wire_object(refer(_SourceRows(self._stub, source)))
        return wire

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the rows themselves."""
        return (LocalDataset, (self.to_list(),))

    def __repr__(self) -> str:
        """Shows the columns and the number of rows."""
        return f"RemoteDataset(columns={self.column_names}, num_rows={len(self)})"

    def _at(self, index: int) -> int:
        try:
            return self._indices[index]
        except IndexError:
            message = f"There are the rows 0 to {len(self) - 1}, not {index}."
            raise IndexError(message) from None

    def _values(self, names: Sequence[str] | None, indices: Sequence[int]) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {name: [] for name in names or self._wire["columns"]}
        ref = {"source": self._wire["source"], "view": self._wire["view"]}
        start = 0
        while start < len(indices):
            part = list(indices[start : start + _ASKED_ROWS])
            reply = _ask(self._stub, ref, names, part)
            for name, values in reply["columns"].items():
                columns[name] += values
            start += max(1, len(next(iter(reply["columns"].values()), [])))
        return columns


class LocalDataset(list[dict[str, Any]]):
    """Rows of a dataset that was pickled."""


class RemoteColumn(Sequence[Any]):
    """A column of a `RemoteDataset`, read as it is needed."""

    def __init__(self, dataset: RemoteDataset, name: str) -> None:
        """Names a column."""
        self._dataset = dataset
        self._name = name

    def __len__(self) -> int:
        """Counts the values."""
        return len(self._dataset)

    def __getitem__(self, key: Any) -> Any:
        """Gives a value, or a list of those of a slice."""
        dataset = self._dataset
        if isinstance(key, slice):
            return dataset._values([self._name], dataset._indices[key])[self._name]
        return dataset._values([self._name], [dataset._at(key)])[self._name][0]

    def __iter__(self) -> Iterator[Any]:
        """Gives value by value."""
        for start in range(0, len(self), _ASKED_ROWS):
            yield from self[start : start + _ASKED_ROWS]

    def __eq__(self, other: object) -> bool:
        """Compares the values with those of a list or another column."""
        if not isinstance(other, (list, tuple, RemoteColumn)):
            return NotImplemented
        return list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Shows the values."""
        return repr(list(self))


class _SourceRows:
    """The rows of a source that one worker has, for another one to ask for."""

    def __init__(self, stub: Stub, source: Mapping[str, Any]) -> None:
        self._stub = stub
        self._ref = {"source": source, "view": []}

    def rows(self, start: int) -> dict[str, Any]:
        """Gives a piece of the rows from `start` on: `{columns, length}`."""
        length: int = _ask(self._stub, self._ref, None, [])["length"]
        stop = min(start + _ASKED_ROWS, length)
        return dict(_ask(self._stub, self._ref, None, list(range(start, stop))))


def _ask(
    stub: Stub, ref: Mapping[str, Any], names: Sequence[str] | None, indices: list[int]
) -> Mapping[str, Any]:
    reply: Mapping[str, Any] = stub.call("call", "dataset_values", [ref, names, indices])
    return reply
