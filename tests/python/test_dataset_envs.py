"""Environments over datasets in the trainer's program: rows that cross, attributes, copies."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import gem
from gem._bridge.datasets import ListRows, RemoteDataset, TableRows
from gem.envs.code_env import CodeEnv
from gem.envs.math_env import MathEnv
from gem.envs.math_visual_env import MathVisualEnv
from gem.envs.qa_env import QaEnv
from gem.errors import GemError, InvalidArgumentError, InvalidOptionError
from gem.utils.constants import TERMINAL_STATE
from gem.utils.qa_em import em_check, normalize_answer
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY

ROWS = [{"problem": f"p{i}", "answer": str(i)} for i in range(10)]
SHUFFLED = [f"p{i}" for i in np.random.default_rng(0).permutation(10)]


class Table:
    """What is used of a `datasets.Dataset`."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self._columns = columns
        self.reads = 0

    @property
    def column_names(self) -> list[str]:
        return list(self._columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, key: slice) -> dict[str, list[Any]]:
        self.reads += 1
        return {name: values[key] for name, values in self._columns.items()}


@pytest.fixture
def env() -> Iterator[MathEnv]:
    made = MathEnv(dataset=ROWS)
    yield made
    made.close()


def questions(env: gem.Env, count: int) -> list[Any]:
    return [env.reset()[0] for _ in range(count)]


def test_rows_are_given_as_a_list_or_a_table_and_shuffled(env: MathEnv) -> None:
    assert questions(env, 10) == SHUFFLED
    table = Table({"q": [row["problem"] for row in ROWS], "a": list(range(10))})
    by_id = gem.make("math:GSM8K", dataset=table, question_key="q", answer_key="a", use_mp=False)
    assert isinstance(by_id, MathEnv)
    assert questions(by_id, 10) == SHUFFLED
    assert (env.epoch, env.idx) == (0, 10)
    second = [SHUFFLED[i] for i in np.random.default_rng(1).permutation(10)]
    assert questions(env, 10) == second
    assert env.epoch == 1
    assert env.reset(idx=3)[0] == second[3]
    with pytest.raises(InvalidArgumentError, match="0 to 9"):
        env.reset(idx=10)


def test_a_table_crosses_once_for_all_environments() -> None:
    table = Table({"problem": [f"p{i}" for i in range(300)], "answer": ["1"] * 300})
    table._fingerprint = "of-test-a-table-crosses-once"  # type: ignore[attr-defined]
    vec = gem.make_vec(["math:GSM8K"] * 8, dataset=table, async_mode=True)
    observations, _ = vec.reset()
    assert len(set(observations)) > 1
    assert table.reads == 3


def test_answers_and_tests_can_be_set(env: MathEnv) -> None:
    env.reset()
    assert env.answer == SHUFFLED[0][1:]
    assert env.first_obs == SHUFFLED[0]
    env.answer = "77"
    assert env.answer == "77"
    code = CodeEnv(dataset=[{"problem": "p", "tests": "{}"}])
    code.reset()
    code.tests = {"inputs": ["2"], "outputs": ["4"]}
    reply = "```python\nprint(2 * int(input()))\n```"
    assert code.step(reply) == (
        TERMINAL_STATE,
        1.0,
        True,
        True,
        {"tests_passed": 1, "tests_run": 1, "tests_total": 1},
    )
    assert code.step("no code")[1:] == (-0.1, True, True, {})


def test_the_dataset_reads_as_trainers_read_it(env: MathEnv) -> None:
    dataset = env.dataset
    assert hasattr(env, "dataset")
    assert isinstance(dataset, RemoteDataset)
    assert len(dataset) == dataset.num_rows == 10
    assert dataset.column_names == ["problem", "answer"]
    assert dataset[:3]["problem"] == SHUFFLED[:3]
    assert dataset["problem"][2] == SHUFFLED[2]
    assert dataset["problem"][-1] == SHUFFLED[-1]
    assert dataset["problem"] == SHUFFLED
    assert dataset[4] == {"problem": SHUFFLED[4], "answer": SHUFFLED[4][1:]}
    assert dataset[[1, 0]]["problem"] == [SHUFFLED[1], SHUFFLED[0]]
    assert [row["problem"] for row in dataset] == SHUFFLED
    assert dataset.select(range(2))["problem"] == SHUFFLED[:2]
    order = np.random.default_rng(7).permutation(10)
    assert dataset.shuffle(seed=7)["problem"] == [SHUFFLED[i] for i in order]
    for wrong in (10, -11):
        with pytest.raises(IndexError):
            dataset[wrong]
    with pytest.raises(KeyError):
        dataset["no such column"]
    assert pickle.loads(pickle.dumps(dataset)) == dataset.to_list()


def test_the_dataset_can_be_exchanged(env: MathEnv) -> None:
    env.dataset = env.dataset.select([2, 1])
    assert questions(env, 2) == [SHUFFLED[2], SHUFFLED[1]]
    env.dataset = [{"problem": "new", "answer": 1.0}]
    assert len(env.dataset) == 1
    assert questions(env, 1) == ["new"]
    assert env.answer == 1.0
    assert type(env.answer) is float
    with pytest.raises(InvalidOptionError, match="list of rows"):
        env.dataset = 3
    with pytest.raises(InvalidOptionError, match='no column "problem"'):
        env.dataset = [{"question": "q"}]
    assert questions(env, 1) == ["new"]


def test_a_dataset_of_one_environment_is_given_to_others(env: MathEnv) -> None:
    part = env.dataset.select(range(5))
    others = [gem.make("math:Math12K", dataset=part, eval=True) for _ in range(3)]
    assert [questions(other, 5) for other in others] == [SHUFFLED[:5]] * 3


def test_through_wrappers_everything_is_found() -> None:
    wrapped = WRAPPER_FACTORY["concat"](WRAPPER_FACTORY["episode_tracking"](MathEnv(dataset=ROWS)))
    wrapped.reset()
    assert wrapped.unwrapped.answer == wrapped.env.env.answer == SHUFFLED[0][1:]
    assert len(wrapped.dataset) == len(wrapped.env.env.dataset) == 10
    assert wrapped.unwrapped.epoch == 0
    wrapped.env.env.dataset = ROWS[:2]
    assert len(wrapped.dataset) == 2


def test_copies_continue_with_the_same_rows(env: MathEnv) -> None:
    questions(env, 12)
    copies = [
        copy.deepcopy(env),
        pickle.loads(pickle.dumps(env)),
        env.spawn(same_state=True),
    ]
    expected = questions(env, 12)
    for each in copies:
        assert questions(each, 12) == expected
    env.dataset = ROWS[:3]
    fork = copy.deepcopy(env)
    assert questions(fork, 4) == questions(env, 4)
    assert env.spawn(seed=1).reset()[0] == f"p{np.random.default_rng(1).permutation(10)[0]}"


def test_a_vector_resets_each_to_its_own_row() -> None:
    vec = gem.make_vec(
        ["math:GSM8K"] * 2,
        vec_kwargs=[{"seed": 0}, {"seed": 0}],
        dataset=ROWS,
        wrappers=[WRAPPER_FACTORY["concat"]],
        async_mode=True,
    )
    observations, _ = vec.reset(env0_kwargs={"idx": 4}, env1_kwargs={"idx": 5})
    assert list(observations) == [f"{question}\n" for question in SHUFFLED[4:6]]


def test_questions_with_short_answers() -> None:
    qa = gem.make("eval:QaOpen", dataset=[{"question": "Who?", "answer": ["the Beatles"]}])
    assert isinstance(qa, QaEnv)
    observation, info = qa.reset()
    assert observation.endswith("Question: Who?\n")
    assert info == {}
    step = qa.step("<answer>Beatles</answer>")
    assert step == (TERMINAL_STATE, 1.0, True, True, {"correct": True, "f1": 1.0})
    assert type(step[4]["f1"]) is float
    boxed = QaEnv(dataset=[{"question": "q", "answer": "x"}], extract_boxed=True)
    boxed.reset()
    assert boxed.step("\\boxed{X}")[1] == 1.0


def test_pictures_are_pils() -> None:
    image = pytest.importorskip("PIL.Image")
    picture = image.new("RGB", (3, 2), (1, 2, 3))
    rows = [{"problem": "p", "answer": "1", "images": [picture]}]
    env = MathVisualEnv(dataset=rows)
    observation, _ = env.reset()
    assert observation["problem"] == "p"
    (shown,) = observation["images"]
    assert shown.size == (3, 2)
    assert shown.getpixel((0, 0)) == (1, 2, 3)


def test_a_class_is_registered_by_its_name_with_columns() -> None:
    gem.register("math:OfThisTest", "gem.envs.math_env:MathEnv", question_key="q", answer_key="a")
    env = gem.make("math:OfThisTest", dataset=[{"q": "1 + 1", "a": 2}])
    assert env.reset()[0] == "1 + 1"


def test_ids_are_listed_with_their_classes(capsys: pytest.CaptureFixture[str]) -> None:
    gem.print_envs()
    listed = capsys.readouterr().out
    for env_id in ("math:GSM8K", "code:HumanEval", "logic:RuleTaker-d5", "eval:AIME24"):
        assert env_id in listed
    assert "gem.envs.qa_env:QaEnv" in listed


def test_what_is_missing_is_said(tmp_path: Any) -> None:
    with pytest.raises(InvalidOptionError, match="dataset_name"):
        MathEnv()
    with pytest.raises(GemError):
        MathEnv(str(tmp_path / "nothing.jsonl"), "train").reset()


def test_pieces_of_rows_hold_what_fits() -> None:
    rows = ListRows([{"a": "x" * 1_000_000, "b": i} for i in range(200)])
    first = rows.rows(0)
    assert (len(first["columns"]["a"]), first["length"]) == (128, 200)
    assert rows.rows(128)["columns"]["b"] == list(range(128, 200))
    assert TableRows(Table({"a": []})).rows(0) == {"columns": {}, "length": 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Cat's, a-b!", "cats ab"),
        ("state-of-the-art", "stateoftheart"),
        ("U.S.A.", "usa"),
        ("A", ""),
        ("\u201cThe\u201d cat\u2019s", "\u201c \u201d cat\u2019s"),
        ("an\u00a0apple\u2003the\tpie\u0085", "apple pie"),
        ("thé the_x the1 éa", "thé thex the1 éa"),
        ("_the_", ""),
    ],
)
def test_answers_are_normalised_as_the_server_does(text: str, expected: str) -> None:
    assert normalize_answer(text) == expected


def test_golds_are_one_text_or_several() -> None:
    assert em_check("Beatles", "the Beatles!")
    assert em_check("Beatles", ["Stones", "Beatles"])
    assert not em_check("Beatles", [])
