"""Upstream's search server modules start ours, under upstream's flags."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support import script_environment

RETRIEVAL = "gem.tools.search_engine.retrieval_server"
SERP = "gem.tools.search_engine.serp_search_server"
GOOGLE = "gem.tools.search_engine.google_search_server"


def _command(module: str, *flags: str) -> list[str]:
    return [sys.executable, "-m", module, *flags]


def _run(module: str, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(module, *flags),
        env=script_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _start(module: str, *flags: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(
        _command(module, *flags, "--port", "0"),
        env=script_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def _stop(process: subprocess.Popen[str]) -> int:
    process.terminate()
    with process:
        return process.wait(30)


def test_the_retrieval_server_answers_as_upstreams(tmp_path: Path) -> None:
    corpus = tmp_path / "docs.jsonl"
    rows = [{"contents": '"Tea"\nA drink.'}, {"contents": '"Salt"\nA mineral.'}]
    corpus.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    flags = ("--retriever_name", "bm25", "--corpus_path", str(corpus), "--topk", "2")
    needless = ("--faiss_gpu", "--max_wait_time", "50", "--max_batch_size", "10")
    process, greeting = _start(RETRIEVAL, *flags, *needless, "--num_workers", "1")
    try:
        body = msgspec.msgpack.encode({"query": "drink", "topk": 1, "return_scores": True})
        request = urllib.request.Request(f"{greeting['url']}/retrieve", data=body)
        request.add_header("Content-Type", "application/msgpack")
        with urllib.request.urlopen(request, timeout=30) as response:
            (found,) = msgspec.msgpack.decode(response.read())["result"]
    finally:
        assert _stop(process) == 0
    assert found["document"] == {
        "id": "0",
        "title": "Tea",
        "text": "A drink.",
        "contents": '"Tea"\nA drink.',
    }
    assert found["score"] > 0


@pytest.mark.parametrize(
    ("module", "flags", "method"),
    [
        (SERP, ("--serp_api_key", "k", "--search_url", "http://127.0.0.1:9/s"), "serp"),
        (GOOGLE, ("--api_key", "k", "--cse_id", "c", "--snippet_only"), "google"),
    ],
)
def test_the_web_servers_start(module: str, flags: tuple[str, ...], method: str) -> None:
    process, greeting = _start(module, *flags)
    arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
    assert _stop(process) == 0
    assert greeting["method"] == method
    assert b"k" not in arguments


def test_an_index_of_faiss_is_refused_with_what_to_do(tmp_path: Path) -> None:
    index = tmp_path / "e5_Flat.index"
    index.write_bytes(b"IxFI")
    result = _run(RETRIEVAL, "--index_path", str(index), "--corpus_path", "x")
    assert result.returncode == 2
    assert "leave the flag out" in result.stderr


def test_a_model_that_would_be_downloaded_is_refused() -> None:
    result = _run(RETRIEVAL, "--corpus_path", "x")
    assert result.returncode == 2
    assert "--embedding_url" in result.stderr
    assert "Traceback" not in result.stderr
