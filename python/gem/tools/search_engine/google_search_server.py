"""A search server over Google: `gem search-server --method google` under upstream's flags."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from gem._bridge.search_server import add_server_flags, run_search_server, server_options


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Becomes the server.

    Args:
        argv: the flags; None: those of this process.
    """
    parser = argparse.ArgumentParser(
        prog="gem.tools.search_engine.google_search_server",
        description="Serve results of Google's Custom Search: POST /retrieve.",
    )
    parser.add_argument("--api_key", required=True, help="the key of the API")
    parser.add_argument("--cse_id", required=True, help="the search engine's id")
    parser.add_argument("--snippet_only", action="store_true", help="do not read the pages")
    add_server_flags(parser)
    given = parser.parse_args(argv)
    options = {"--method": "google", "--engine": given.cse_id, **server_options(given)}
    run_search_server(
        options, *(["--snippet-only"] if given.snippet_only else []), key=given.api_key
    )


if __name__ == "__main__":
    main()
