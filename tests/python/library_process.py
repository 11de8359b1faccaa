"""A library of `gem._host.libraries` in its own Python, asked without a server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


class LibraryError(Exception):
    """What the library raised: the exception's name, its `gem_code` and its message."""

    def __init__(self, kind: str, code: str | None, message: str) -> None:
        super().__init__(f"{kind} ({code}): {message}")
        self.code = code
        self.message = message


class LibraryProcess:
    """Runs `library_script.py` in the library's Python."""

    def __init__(self, library: str, **environment: str) -> None:
        self._process = subprocess.Popen(
            [interpreter(library), HERE / "library_script.py", library],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            text=True,
        )

    def __enter__(self) -> LibraryProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, function: str, *args: Any) -> Any:
        """Calls one of the library's functions."""
        return self._ask([None, function, args, {}])

    def make(self, env_id: str, seed: int = 0, **options: Any) -> LibraryObject:
        """Makes an object with streams of its own."""
        return LibraryObject(self, self._ask([None, "make", [env_id, seed], options]))

    def call(self, number: int, method: str, *args: Any) -> Any:
        """Calls a method of an object."""
        return self._ask([number, method, args, {}])

    def _ask(self, question: list[Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        is_good, value = json.loads(self._process.stdout.readline())
        if not is_good:
            raise LibraryError(*value)
        return value


class LibraryObject:
    """An environment of the library."""

    def __init__(self, process: LibraryProcess, number: int) -> None:
        self._process = process
        self._number = number

    def reset(self, seed: int | None = None) -> Any:
        return self._process.call(self._number, "reset", seed)

    def step(self, action: str | None) -> Any:
        return self._process.call(self._number, "step", action)

    def sample_random_action(self) -> str:
        return str(self._process.call(self._number, "sample_random_action"))

    def episode(self, seed: int, actions: list[str] | None = None, limit: int = 12) -> list[Any]:
        """What an episode shows: with these actions, or random ones as far as `limit`."""
        shown = [self.reset(seed)]
        for turn in range(limit if actions is None else len(actions)):
            action = self.sample_random_action() if actions is None else actions[turn]
            shown.append([action, *self.step(action)])
            if shown[-1][3]:
                break
        return shown


def interpreter(library: str) -> str:
    """The Python that has the library: named by the environment, or made by set-up."""
    named = os.environ.get(f"GEM_HOST_PYTHON_{library.upper()}")
    hosts = os.environ.get("GEM_HOSTS") or REPOSITORY / ".hosts"
    return named or str(Path(hosts, library, "bin", "python"))
