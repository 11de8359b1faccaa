"""What goes wrong in TextArena's host, and NLTK without its downloads."""

from __future__ import annotations

import importlib
from typing import Any

# Where NLTK keeps the kinds of data that games ask for.
_FOLDERS = ("corpora", "taggers", "tokenizers", "models")


class GameError(Exception):
    """An error with a code of the server's."""

    def __init__(self, gem_code: str, message: str) -> None:
        """Joins a code and a sentence."""
        super().__init__(message)
        self.gem_code = gem_code


class UnavailableError(GameError):
    """Something that a game needs is not on this machine."""

    def __init__(self, message: str) -> None:
        """Says what is missing."""
        super().__init__("GEM_UNAVAILABLE", message)


def forbid_downloads() -> None:
    """Makes `nltk.download` look on NLTK's path, and fail where the data is not there."""
    # Differs from upstream D64: TextArena's modules download words as they are imported.
    nltk: Any = importlib.import_module("nltk")
    nltk.download = _look_for


def _look_for(names: str | list[str] | None = None, *_args: Any, **_kwargs: Any) -> bool:
    nltk = importlib.import_module("nltk")
    for name in [names] if isinstance(names, str) else names or []:
        if not any(_is_there(nltk, f"{folder}/{name}") for folder in _FOLDERS):
            raise missing_data(name)
    return True


def _is_there(nltk: Any, resource: str) -> bool:
    for name in (resource, f"{resource}.zip"):
        try:
            nltk.data.find(name)
        except LookupError:
            continue
        return True
    return False


def missing_data(name: str) -> UnavailableError:
    """The error for data that is not on NLTK's path."""
    nltk = importlib.import_module("nltk")
    return UnavailableError(
        f'NLTK\'s "{name}" is missing; nothing is downloaded here. Run '
        f"`python -m nltk.downloader -d FOLDER {name}` where there is a network, copy FOLDER here, "
        f"and set NLTK_DATA=FOLDER. Looked in: {', '.join(nltk.data.path)}."
    )
