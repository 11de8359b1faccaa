"""A search server over SerpAPI: `gem search-server --method serp` under upstream's flags."""

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
        prog="gem.tools.search_engine.serp_search_server",
        description="Serve results of SerpAPI: POST /retrieve.",
    )
    parser.add_argument("--search_url", help="SerpAPI's address (default: its public one)")
    parser.add_argument("--serp_api_key", help="the key (default: GEM_SEARCH_KEY)")
    parser.add_argument("--serp_engine", default="google", help="the engine it asks (google)")
    add_server_flags(parser)
    given = parser.parse_args(argv)
    options = {
        "--method": "serp",
        "--url": given.search_url,
        "--engine": given.serp_engine,
        **server_options(given),
    }
    run_search_server(options, key=given.serp_api_key)


if __name__ == "__main__":
    main()
