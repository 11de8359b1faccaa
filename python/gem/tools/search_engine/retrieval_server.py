"""A search server over an index of documents."""

from __future__ import annotations

from gem._bridge.not_yet import not_yet_function, run_module

_MODULE = "gem.tools.search_engine.retrieval_server"

main = not_yet_function(_MODULE, "main")

if __name__ == "__main__":
    run_module(_MODULE)
