"""reasoning_gym in a host: items of its datasets, and scores of answers to them.

A dataset is asked for by `[name, size, seed, options]`, an item by the dataset and its index, so
nothing that the library makes has to cross but a question, an answer and a score.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import hashlib
import importlib
import importlib.metadata
import inspect
import random
import sys
import time
import typing
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from datetime import time as time_of_day
from enum import Enum
from typing import Any, TypeVar

Made = TypeVar("Made")
Spec = Sequence[Any]
"""`[name, size, seed, options, slides]`; the last says whether items follow from the sum of seed
and index alone (`scripts/make-datasets.py` finds out), so that one object serves every seed."""

MAX_DATASETS = 128
"""Datasets kept: some hold a corpus, and take a second to make."""
NUMPY_SEEDED = frozenset({"pool_matrix"})
"""Datasets whose generator takes seeds below 2^32 only."""
MAX_ENTRIES = 4096
"""Items kept with their metadata: an answer is mostly scored soon after its question was asked."""
RULES = {
    "d4c377f0ac8e002f": "contained",
    "971dd36e114cefaf": "equal",
    "0b7189ccb3c384b4": "equal",
    "7a6c6a0a13870d30": "amount",
    "86ecd768ebfacbc6": "number",
    "55d9642b99b8a29a": "stripped",
    "1ce46396394d0885": "folded",
    "22106cc818ff5889": "joined",
    "4e5511a09a451a9a": "joined",
}
"""The scorers that Node knows (`src/envs/reasoning/rules.ts`), by a digest of their text: one that
a later version of the library has changed is asked."""


class InvalidOptionError(ValueError):
    """The library does not take these options."""

    gem_code = "GEM_INVALID_OPTION"


class GeneratorError(RuntimeError):
    """The library could not make an item."""

    gem_code = "GEM_ENV_FAULT"


class Recent(typing.Generic[Made]):
    """What was made last, by key."""

    def __init__(self, limit: int) -> None:
        """Starts empty and holds at most `limit`."""
        self._limit = limit
        self._made: OrderedDict[Hashable, Made] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Gives what there is for the key, made now if need be."""
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        made = make()
        self._made[key] = made
        if len(self._made) > self._limit:
            self._made.popitem(last=False)
        return made


_datasets: Recent[Any] = Recent(MAX_DATASETS)
_entries: Recent[dict[str, Any]] = Recent(MAX_ENTRIES)


def items(spec: Spec, start: int, count: int, budget_ms: float) -> list[list[Any]]:
    """Makes an item, and those after it while there is time.

    Args:
        spec: the dataset.
        start: the index of the first.
        count: how many are wanted.
        budget_ms: after which no further one is begun.

    Returns:
        `[question, answer, rule]` of each, at least of the first; the rule is the name under which
        Node knows the scorer that judges answers to it, or None.
    """
    key = _key(spec)
    dataset = _dataset(spec, key, spec[2])
    end = time.perf_counter() + budget_ms / 1e3
    made: list[list[Any]] = []
    for index in range(start, start + count):
        if made and time.perf_counter() >= end:
            break
        try:
            item = _entry(spec, key, spec[2], index)
        except Exception:
            if made:
                break
            raise
        rule = _rule_of(dataset, item) if isinstance(item["answer"], str) else None
        made.append([item["question"], item["answer"], rule])
    return made


def scores(spec: Spec, answers: Sequence[Sequence[Any]], budget_ms: float) -> list[list[Any]]:
    """Scores answers, one after another while there is time.

    Args:
        spec: the dataset, whose seed does not count.
        answers: `[judge seed, seed, index, answer]` of each: the dataset with the seed has the
            item, the one with the judge's seed judges.
        budget_ms: after which no further one is begun.

    Returns:
        `[score, what the library raised or None]` of each, at least of the first.
    """
    key = _key(spec)
    end = time.perf_counter() + budget_ms / 1e3
    given: list[list[Any]] = []
    for judge_seed, seed, index, answer in answers:
        if given and time.perf_counter() >= end:
            break
        # Where items slide, no scorer looks at its dataset's seed, and one object is enough.
        judge = _shared_dataset(spec, key) if spec[4] else _dataset(spec, key, judge_seed)
        item = _entry(spec, key, seed, index)
        try:
            given.append([float(judge.score_answer(answer, item)), None])
        except Exception as error:  # a reply is data, whatever the library makes of it
            given.append([0.0, f"{type(error).__name__}: {error}"])
    return given


def entry(spec: Spec, index: int) -> dict[str, Any]:
    """Gives an item whole, metadata included, as plain data."""
    plain: dict[str, Any] = _plain(_make_entry(spec, _key(spec), spec[2], index))
    return plain


def _dataset(spec: Spec, key: Hashable, seed: int) -> Any:
    name, size, _, options, slides = spec
    if not slides:
        return _datasets.get((key, seed), lambda: _make_dataset(name, size, seed, options))
    dataset = copy.copy(_shared_dataset(spec, key))
    dataset.seed = seed
    return dataset


def _shared_dataset(spec: Spec, key: Hashable) -> Any:
    name, size, _, options, _ = spec
    return _datasets.get(key, lambda: _make_dataset(name, size, 0, options))


def _entry(spec: Spec, key: Hashable, seed: int, index: int) -> dict[str, Any]:
    place = seed + index if spec[4] else (seed, index)
    return _entries.get((key, place), lambda: _make_entry(spec, key, seed, index))


def _key(spec: Spec) -> Hashable:
    name, size, _, options, _ = spec
    return (name, size, _plain_key(options))


def _plain_key(value: Any) -> Hashable:
    """A key that is the same for the same value; 1, 1.0 and True are three."""
    if isinstance(value, dict):
        return tuple((name, _plain_key(item)) for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(_plain_key(item) for item in value)
    return (type(value), value) if isinstance(value, (bool, float)) else value


def _make_dataset(name: str, size: int, seed: int, options: dict[str, Any]) -> Any:
    gym: Any = importlib.import_module("reasoning_gym")
    if name in NUMPY_SEEDED and seed + size > 2**32:
        # Differs from upstream D54: larger seeds are taken, modulo what the generator can.
        seed %= 2**32 - size
    try:
        config = importlib.import_module("reasoning_gym.factory").DATASETS[name][1]
        types = typing.get_type_hints(config)
        read = {option: _read(value, types.get(option)) for option, value in options.items()}
        dataset = gym.create_dataset(name, size=size, seed=seed, **read)
    except Exception as error:
        message = f"reasoning_gym does not take these options of rg:{name}: {_said(error)}"
        raise InvalidOptionError(message) from error
    return dataset


def _make_entry(spec: Spec, key: Hashable, seed: int, index: int) -> dict[str, Any]:
    dataset = _dataset(spec, key, seed)
    # Differs from upstream D53: a generator that draws from the process's streams (codeio's) gets
    # some that belong to the item.
    random.seed(f"{seed} {index}")
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(random.getrandbits(32))
    try:
        made: dict[str, Any] = dataset[index]
    except Exception as error:
        message = f"reasoning_gym cannot make item {index} of rg:{spec[0]}: {_said(error)}"
        raise (InvalidOptionError if spec[3] else GeneratorError)(message) from error
    return made


def _said(error: Exception) -> str:
    return f"{str(error) or 'no reason given'} ({type(error).__name__})"


def _rule_of(dataset: Any, item: dict[str, Any]) -> str | None:
    members = getattr(dataset, "datasets", None)
    if isinstance(members, dict):
        dataset = members[item["metadata"]["source_dataset"]]
    return _rule(type(dataset).score_answer)


@functools.cache
def _rule(scorer: Callable[..., float]) -> str | None:
    try:
        text = inspect.getsource(scorer)
        if "compute_decimal_reward(" in text:
            utils: Any = importlib.import_module("reasoning_gym.utils")
            text += inspect.getsource(utils.compute_decimal_reward)
    except (OSError, TypeError, AttributeError):
        return None
    return RULES.get(hashlib.sha256(text.encode()).hexdigest()[:16])


def _read(value: Any, wanted: Any) -> Any:
    """A plain value in the form that an option's type asks for, where it has one of its own."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Union:
        return _read(value, next(kind for kind in inner if kind is not type(None)))
    if isinstance(value, (list, tuple)):
        kind = inner[0] if inner else None
        read = [_read(item, kind) for item in value]
        return tuple(read) if tuple in (wanted, origin) else read
    if not isinstance(wanted, type):
        return value
    if isinstance(value, str):
        if issubclass(wanted, Enum):
            return _member(wanted, value)
        if wanted in (date, time_of_day):
            return wanted.fromisoformat(value)
    if isinstance(value, dict) and dataclasses.is_dataclass(wanted):
        types = typing.get_type_hints(wanted)
        return typing.cast("type[Any]", wanted)(
            **{name: _read(item, types.get(name)) for name, item in value.items()}
        )
    return value


def _member(kind: type[Enum], value: str) -> Enum:
    """An enumeration's member by value, or by name in any case."""
    for member in kind:
        if value == member.value or value.upper() == member.name:
            return member
    names = ", ".join(member.name.lower() for member in kind)
    message = f"{value!r} is none of {names}"
    raise ValueError(message)


def _plain(value: Any) -> Any:
    """A value as the protocol carries it; what it cannot carry becomes its text."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {
            key if isinstance(key, (str, int)) else str(key): _plain(item)
            for key, item in value.items()
        }
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return str(value)


def versions() -> dict[str, str]:
    """The version of the library, imported now so that the first item does not wait for it."""
    importlib.import_module("reasoning_gym")
    return {"reasoning_gym": importlib.metadata.version("reasoning-gym")}


FUNCTIONS: dict[str, Callable[..., Any]] = {"items": items, "scores": scores, "entry": entry}
"""What a host runs by name."""
