"""Folders of servers (`GEM_SERVER=file:///folder`): each server has a file that says where it is.

A file is written at once and never changed, so readers need no lock; `gem serve --join` and
launchers write them (`src/server/registry.ts`).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from gem._bridge.errors import InvalidArgumentError

SCHEME = "file://"
_SUFFIX = ".json"

_keys: dict[str, str] = {}
"""Address → its server's public key, of all that was read."""


class Listed(NamedTuple):
    """A server of a folder: the addresses of its workers, and its public key if it has one."""

    endpoints: tuple[str, ...]
    key: str | None


class Registry:
    """A folder of servers."""

    def __init__(self, folder: Path) -> None:
        """Reads nothing yet."""
        self.folder = folder
        self._known: dict[str, Listed] = {}

    def read(self) -> list[Listed]:
        """The servers that are there now; none while the folder cannot be read."""
        try:
            names = sorted(
                name
                for name in os.listdir(self.folder)
                if name.endswith(_SUFFIX) and not name.startswith(".")
            )
        except OSError:
            names = []
        known = {}
        for name in names:
            listed = self._known.get(name) or _read(self.folder / name)
            if listed is not None:
                known[name] = listed
        self._known = known
        return list(known.values())


def folder_of(address: str) -> Path:
    """The folder that `file:///folder` names.

    Raises:
        InvalidArgumentError: when it names none.
    """
    parts = urlsplit(address)
    path = Path(unquote(parts.path))
    if parts.netloc not in ("", "localhost") or not path.is_absolute():
        message = (
            f"A folder of servers is written file:///absolute/path in GEM_SERVER, got {address!r}."
        )
        raise InvalidArgumentError(message)
    return path


def key_of(endpoint: str) -> str | None:
    """The public key of the server at an address, where a folder said it."""
    return _keys.get(endpoint)


def enter(folder: Path, endpoints: Sequence[str], key: str | None) -> Path:
    """Adds a server to a folder; gives its file, whose removal takes it out."""
    name = f"launched-{os.getpid()}-{secrets.token_hex(4)}"
    draft = folder / f".{name}"
    place = folder / (name + _SUFFIX)
    found = {"endpoints": list(endpoints)} if key is None else {"endpoints": endpoints, "key": key}
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.replace(place)
    return place


def _read(place: Path) -> Listed | None:
    """What a file says; None for one that is gone, or is none of ours."""
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        endpoints, key = tuple(found["endpoints"]), found.get("key")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not all(isinstance(endpoint, str) for endpoint in endpoints):
        return None
    if isinstance(key, str):
        _keys.update(dict.fromkeys(endpoints, key))
    return Listed(endpoints, key if isinstance(key, str) else None)
