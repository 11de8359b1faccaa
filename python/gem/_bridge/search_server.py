"""Running `gem search-server` in this process' place, for upstream's search server modules."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from gem._bridge.errors import GemError
from gem._bridge.process import find_entry, find_node

_NEEDLESS = "accepted for upstream's sake; changes nothing"


def add_server_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags that all of upstream's search servers have, and where ours listens."""
    parser.add_argument("--topk", type=int, default=3, help="passages for a query (default 3)")
    parser.add_argument("--host", "--address", default="127.0.0.1", help="default: this machine")
    parser.add_argument("--port", type=int, default=8000, help="default 8000; 0 for any")
    parser.add_argument("--timeout", type=int, default=30, help="seconds for a request (30)")
    parser.add_argument("--max_wait_time", type=int, help=_NEEDLESS)
    parser.add_argument("--max_batch_size", type=int, help=_NEEDLESS)
    parser.add_argument("--num_workers", type=int, help="threads that search (default: all cores)")


def server_options(given: argparse.Namespace) -> dict[str, str | None]:
    """What `add_server_flags` read, in the names of `gem search-server`."""
    return {
        "--topk": str(given.topk),
        "--host": given.host,
        "--port": str(given.port),
        "--timeout": str(given.timeout),
        "--threads": None if given.num_workers is None else str(given.num_workers),
    }


def run_search_server(
    options: Mapping[str, str | None], *flags: str, key: str | None = None
) -> NoReturn:
    """Becomes the server.

    Args:
        options: options with their values; those whose value is None are left out.
        flags: options without a value.
        key: what the asked service wants; it goes by the environment, which only this user sees.
    """
    try:
        node, entry = find_node(), find_entry()
    except GemError as error:
        sys.exit(str(error))
    given = [part for name, value in options.items() if value is not None for part in (name, value)]
    environment = {**os.environ, **({} if key is None else {"GEM_SEARCH_KEY": key})}
    sys.stdout.flush()
    os.execve(node, [node, str(entry), "search-server", *given, *flags], environment)


def model_folder(model: str) -> tuple[str, str] | None:
    """The folder that holds a model's folder, and the model's name; None when it is no folder."""
    path = Path(model).expanduser().resolve()
    return (str(path.parent), path.name) if path.is_dir() else None
