"""The library module of `rg:*`, called as plain Python where reasoning_gym is installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MODULE = REPOSITORY / "python" / "gem" / "_host" / "libraries" / "reasoning.py"

DRIVER = """
import importlib.util, json, os, random, sys
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # some generators print
spec = importlib.util.spec_from_file_location("reasoning", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["reasoning"] = module
spec.loader.exec_module(module)
functions = {**module.FUNCTIONS, "versions": module.versions}
functions["draw"] = lambda: (random.seed(1), module.items(["codeio", 9, 1, {}, False], 0, 1, 0))[1]
scorers = [json.JSONDecoder.decode, len, lambda self, answer, entry: 1.0]
kinds = [type("Other", (), {"score_answer": scorer}) for scorer in scorers]
functions["other_rules"] = lambda: [module._rule_of(kind(), {}) for kind in kinds]
functions["kept"] = lambda: [len(module._datasets._made), len(module._entries._made)]
for line in sys.stdin:
    name, *args = json.loads(line)
    try:
        answer = {"result": functions[name](*args)}
    except Exception as error:
        answer = {"error": str(error), "code": getattr(error, "gem_code", type(error).__name__)}
    print(json.dumps(answer), file=out, flush=True)
"""

CHAIN_SUM = ["chain_sum", 500, 42, {}, True]
MEMBERS = [
    {"name": "chain_sum", "weight": 1, "config": {}},
    {"name": "leg_counting", "weight": 2, "config": {"min_animals": 2}},
]
COMPOSITE = ["composite", 20, 1, {"datasets": MEMBERS}, False]


def host_python() -> str:
    """The interpreter that the server would host reasoning_gym in."""
    folder = Path(os.environ.get("GEM_HOSTS", REPOSITORY / ".hosts"))
    made = str(folder / "reasoning" / "bin" / "python")
    variables = ("GEM_HOST_PYTHON_REASONING", "GEM_HOST_PYTHON")
    return next((os.environ[name] for name in variables if os.environ.get(name)), made)


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[..., Any]]:
    process = subprocess.Popen(
        [host_python(), "-c", DRIVER, str(MODULE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    assert process.stdin is not None
    assert process.stdout is not None

    requests, answers = process.stdin, process.stdout

    def call(*request: Any) -> Any:
        requests.write(f"{json.dumps(request)}\n")
        requests.flush()
        answer = json.loads(answers.readline())
        return answer.get("result", answer)

    yield call
    requests.close()
    answers.close()
    process.wait()


def test_it_names_the_librarys_version(ask: Callable[..., Any]) -> None:
    assert ask("versions") == {"reasoning_gym": "0.1.23"}


def test_items_come_in_order_while_there_is_time(ask: Callable[..., Any]) -> None:
    items = ask("items", CHAIN_SUM, 0, 3, 10_000)
    question = "State the final answer to the following arithmetic problem: 4 + 3 ="
    assert items[0] == [question, "7", "amount"]
    assert len(items) == 3
    assert ask("items", CHAIN_SUM, 1, 2, 0) == items[1:2]


def test_an_item_is_the_same_whenever_it_is_made(ask: Callable[..., Any]) -> None:
    assert ask("draw") == ask("draw")
    [[question, *_]] = ask("items", ["codeio", 10, 1, {}, False], 1, 1, 0)
    ask("items", ["codeio", 11, 1, {}, False], 0, 9, 10_000)
    assert ask("items", ["codeio", 11, 1, {}, False], 1, 1, 0)[0][0] == question


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("leg_counting", "contained"),
        ("gcd", "contained"),
        ("ab", "equal"),
        ("self_reference", "equal"),
        ("chain_sum", "amount"),
        ("products", "amount"),
        ("decimal_chain_sum", "number"),
        ("circuit_logic", "stripped"),
        ("family_relationships", "folded"),
        ("dice", "joined"),
        ("zebra_puzzles", "joined"),
        ("spell_backward", None),
        ("boxnet", None),
    ],
)
def test_an_item_says_how_answers_are_judged_where_node_knows_it(
    ask: Callable[..., Any], name: str, rule: str | None
) -> None:
    assert ask("items", [name, 5, 1, {}, False], 0, 1, 0)[0][2] == rule


def test_a_scorer_of_another_text_or_of_none_is_no_rule(ask: Callable[..., Any]) -> None:
    assert ask("other_rules") == [None, None, None]


def test_composite_draws_from_its_members_and_judges_as_they_do(
    ask: Callable[..., Any],
) -> None:
    items = ask("items", COMPOSITE, 0, 2, 10_000)
    assert [(answer, rule) for _, answer, rule in items] == [
        ("6", "amount"),
        ("98", "contained"),
    ]
    answers = [[1, 1, 0, "6"], [1, 1, 0, None], [1, 1, 1, "98"]]
    assert ask("scores", COMPOSITE, answers, 10_000) == [[1.0, None], [0.0, None], [1.0, None]]


def test_scores_come_in_order_while_there_is_time(ask: Callable[..., Any]) -> None:
    answers = [[42, 42, 0, answer] for answer in ("7", "8", None)]
    assert [score for score, _ in ask("scores", CHAIN_SUM, answers, 10_000)] == [1.0, 0.0, 0.0]
    assert ask("scores", CHAIN_SUM, answers, 0) == [[1.0, None]]


def test_what_a_scorer_raises_is_told_and_earns_nothing(
    ask: Callable[..., Any],
) -> None:
    [[score, error]] = ask("scores", ["boxnet", 5, None, {}, True], [[1, 1, 0, "42"]], 0)
    assert score == 0.0
    assert error == "TypeError: 'int' object is not iterable"


def test_an_item_is_given_whole(ask: Callable[..., Any]) -> None:
    entry = ask("entry", CHAIN_SUM, 0)
    assert entry["answer"] == "7"
    assert entry["metadata"]["difficulty"] == {
        "num_terms": [2, 6],
        "num_digits": [1, 4],
    }


@pytest.mark.parametrize("name", ["composite", "rearc", "word_sorting", "graph_color", "codeio"])
def test_whole_items_are_plain_data(ask: Callable[..., Any], name: str) -> None:
    options = {"datasets": MEMBERS} if name == "composite" else {}
    assert set(ask("entry", [name, 5, 1, options, False], 0)) == {
        "question",
        "answer",
        "metadata",
    }


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("chain_sum", {"min_terms": 0}, "min_terms must be positive"),
        ("chain_sum", {"min_terms": "x"}, "'>' not supported"),
        ("aiw", {"task_types": ["x"]}, "'x' is none of siblings, friends, colleagues"),
        ("aiw", {"task_types": ["siblings"]}, "The number of weights does not match"),
        ("composite", {"datasets": [*MEMBERS, MEMBERS[0]]}, "Duplicate dataset names"),
    ],
)
def test_options_that_the_library_refuses_are_the_callers_mistake(
    ask: Callable[..., Any], name: str, options: dict[str, Any], complaint: str
) -> None:
    answer = ask("items", [name, 5, 1, options, False], 0, 1, 0)
    assert answer["code"] == "GEM_INVALID_OPTION"
    assert complaint in answer["error"]
    assert f"rg:{name}" in answer["error"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("word_sorting", {"transformation": "uppercase"}),
        ("aiw", {"task_types": ["siblings"], "task_type_weights": [1.0]}),
        ("time_intervals", {"min_time": "05:00:00", "max_date": "2030-01-01"}),
        ("rearc", {"board_format_opts": {"alphabet": list("abcdefghij")}}),
        (
            "rearc",
            {"rng_difficulty_ranges": [[0.0, 0.5]], "rng_difficulty_weights": [1.0]},
        ),
        ("complex_arithmetic", {"operations": ["+"], "operations_weights": [1.0]}),
        ("calendar_arithmetic", {"tasks": ["weekday_offset"]}),
        ("fraction_simplification", {"styles": ["plain"]}),
    ],
)
def test_plain_values_become_what_an_options_type_asks_for(
    ask: Callable[..., Any], name: str, options: dict[str, Any]
) -> None:
    assert len(ask("items", [name, 5, 1, options, False], 0, 1, 0)) == 1


@pytest.mark.parametrize("seed", [2**32 - 1, 10**18 + 7, 2**128])
@pytest.mark.parametrize("name", ["chain_sum", "pool_matrix", "game_of_life", "acre"])
def test_seeds_may_be_of_any_size(ask: Callable[..., Any], name: str, seed: int) -> None:
    assert len(ask("items", [name, 500, seed, {}, False], 499, 1, 0)) == 1


def test_ten_million_items_are_not_made_in_advance(ask: Callable[..., Any]) -> None:
    spec = ["letter_counting", 10_000_000, 10**18, {}, True]
    assert len(ask("items", spec, 9_999_999, 1, 0)) == 1


def test_what_it_keeps_is_bounded(ask: Callable[..., Any]) -> None:
    for seed in range(300):
        ask("items", ["gcd", 500, seed, {}, False], 0, 15, 10_000)
    datasets, entries = ask("kept")
    assert datasets <= 128
    assert entries <= 4096


def test_items_of_datasets_that_slide_follow_from_the_sum_of_seed_and_index(
    ask: Callable[..., Any],
) -> None:
    data = (REPOSITORY / "src" / "envs" / "reasoning" / "datasets.data.ts").read_text()
    names = re.findall(r'"(\w+)"', data.split("new Set([")[1])
    assert len(names) > 70
    for name in names:
        spec, other = ([name, 500, seed, {}, False] for seed in (42, 46))
        assert ask("items", spec, 9, 1, 0) == ask("items", other, 5, 1, 0), name


def test_the_list_of_datasets_is_the_librarys() -> None:
    script = REPOSITORY / "scripts" / "make-datasets.py"
    command = [host_python(), str(script), "--check"]
    assert subprocess.run(command, check=False).returncode == 0
