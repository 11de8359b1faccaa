"""A search server over an index of passages: `gem search-server` under upstream's flags."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gem._bridge.search_server import (
    add_server_flags,
    model_folder,
    run_search_server,
    server_options,
)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Becomes the server.

    Args:
        argv: the flags; None: those of this process.
    """
    parser = argparse.ArgumentParser(
        prog="gem.tools.search_engine.retrieval_server",
        description="Serve passages of a corpus: POST /retrieve.",
    )
    parser.add_argument("--corpus_path", help="JSON lines with contents, or title and text")
    parser.add_argument("--index_path", help="the index' folder (default: <corpus_path>.index)")
    parser.add_argument(
        "--retriever_name", default="e5", help="bm25, hybrid; any other is dense (default e5)"
    )
    parser.add_argument(
        "--retriever_model",
        default="intfloat/e5-base-v2",
        help="the model's name at --embedding_url, or a folder with an ONNX model",
    )
    parser.add_argument("--embedding_url", help="a server that makes vectors of text")
    parser.add_argument("--faiss_gpu", action="store_true", help="changes nothing")
    add_server_flags(parser)
    given = parser.parse_args(argv)
    if given.index_path is not None and Path(given.index_path).is_file():
        parser.error(
            f"--index_path {given.index_path} is a file. Indexes of faiss and Lucene are not read "
            "here: leave the flag out, and an index is made beside the corpus."
        )
    method = given.retriever_name if given.retriever_name in ("bm25", "hybrid") else "dense"
    options = {
        "--method": method,
        "--corpus": given.corpus_path,
        "--index": given.index_path,
        **server_options(given),
    }
    if method != "bm25":
        options |= _embedding(parser, given)
    run_search_server(options)


def _embedding(parser: argparse.ArgumentParser, given: argparse.Namespace) -> dict[str, str | None]:
    if given.embedding_url is not None:
        return {
            "--embedding-url": given.embedding_url,
            "--embedding-model": given.retriever_model,
        }
    local = model_folder(given.retriever_model)
    if local is None:
        parser.error(
            f"--retriever_model {given.retriever_model} is no folder with an ONNX model, and "
            "nothing is downloaded. Name a server that has the model: --embedding_url."
        )
    folder, name = local
    return {"--embedding-folder": folder, "--embedding-model": name}


if __name__ == "__main__":
    main()
