"""Writes `src/envs/reasoning/datasets.data.ts`: facts of reasoning_gym's datasets.

    python scripts/make-datasets.py [--check]

Runs in a Python that has reasoning_gym; `--check` says whether the file is what it would write.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import importlib
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src" / "envs" / "reasoning" / "datasets.data.ts"
LINE_LENGTH = 100
HEADER = """\
/** Facts of reasoning_gym 0.1.23's datasets; made by `scripts/make-datasets.py`. */

/** Every dataset in the library's order: its options beyond `size` and `seed`. */
export const DATASETS: Readonly<Record<string, readonly string[]>> = {
"""
MIDDLE = """\
};

/**
 * Datasets whose items follow from options and the sum of seed and index alone: item 3 of seed 42
 * is item 2 of seed 43, but for the index in its metadata, which no scorer reads.
 */
export const SLIDING: ReadonlySet<string> = new Set([
"""

NOT_SLIDING = frozenset({"codeio"})
"""Datasets that draw from the process's streams, which a look at seed and index does not show."""


def text() -> str:
    """The file's content."""
    registry: dict[str, Any] = importlib.import_module("reasoning_gym.factory").DATASETS
    entries = [entry(name, config) for name, (_, config) in registry.items()]
    sliding = [f'  "{name}",\n' for name, (dataset, _) in registry.items() if slides(name, dataset)]
    return f"{HEADER}{''.join(entries)}{MIDDLE}{''.join(sliding)}]);\n"


def entry(name: str, config: Any) -> str:
    """One dataset, laid out as Prettier does."""
    options = [field.name for field in dataclasses.fields(config)]
    quoted = [json.dumps(option) for option in options if option not in ("size", "seed")]
    line = f"  {name}: [{', '.join(quoted)}],\n"
    if len(line) <= LINE_LENGTH + 1:
        return line
    return f"  {name}: [\n{''.join(f'    {option},' + chr(10) for option in quoted)}  ],\n"


def slides(name: str, dataset: Any) -> bool:
    """Whether the source of a dataset uses seed and index only as their sum."""
    base = importlib.import_module("reasoning_gym.dataset").ProceduralDataset
    classes = [each for each in dataset.__mro__ if issubclass(each, base) and each is not base]
    sources = [ast.parse(textwrap.dedent(inspect.getsource(each))) for each in classes]
    return name not in NOT_SLIDING and not any(use for tree in sources for use in other_uses(tree))


def other_uses(tree: ast.Module) -> Iterator[ast.AST]:
    """Where a class uses seed or index otherwise than as `seed + idx`, or to name them."""
    fine = {id(node) for parent in ast.walk(tree) for node in named_or_added(parent)}
    items = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "__getitem__"
    ]
    for node in ast.walk(tree):
        if is_seed(node) and id(node) not in fine:
            yield node
    for item in items:
        index = item.args.args[1].arg
        for node in ast.walk(item):
            if isinstance(node, ast.Name) and node.id == index and id(node) not in fine:
                yield node


def named_or_added(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that may be seed and index: a sum, an entry, an argument."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and is_seed(node.left):
        yield from (node.left, node.right)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "source_index":
                yield value
    elif isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "__init__":
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "seed")
            yield from node.args


def is_seed(node: ast.AST) -> bool:
    """Whether this reads an attribute `seed`."""
    return isinstance(node, ast.Attribute) and node.attr == "seed"


def main() -> int:
    """Writes or checks the file."""
    parser = argparse.ArgumentParser(description="Makes the list of reasoning_gym's datasets.")
    parser.add_argument("--check", action="store_true", help="compare only")
    content = text()
    if not parser.parse_args().check:
        TARGET.write_text(content, encoding="utf-8")
        return 0
    return int(TARGET.read_text(encoding="utf-8") != content)


if __name__ == "__main__":
    sys.exit(main())
