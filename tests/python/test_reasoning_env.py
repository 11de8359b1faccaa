"""`rg:*` in the trainer's program: the class, attributes, copies, and complaints."""

from __future__ import annotations

import copy
import pickle

import pytest

import gem
from gem.envs.reasoning_gym import ReasoningGymEnv
from gem.errors import InvalidOptionError, UnknownOptionError
from support import run_script

QUESTION = "State the final answer to the following arithmetic problem: 4 + 3 ="


def test_a_dataset_is_made_by_id_and_by_class() -> None:
    by_id = gem.make("rg:chain_sum")
    by_class = ReasoningGymEnv("chain_sum")
    assert isinstance(by_id, ReasoningGymEnv)
    for env in (by_id, by_class):
        assert env.reset() == (QUESTION, {})
        assert env.step("It is \\boxed{7}.")[1:] == (1.0, True, True, {})
        assert type(env.step("\\boxed{7}")[1]) is float


def test_attributes_have_upstreams_names_and_types() -> None:
    env = gem.make("rg:chain_sum", seed=42, size=500)
    env.reset()
    assert (env.idx, env.name, env.size, env.seed) == (1, "chain_sum", 500, 42)
    assert env.data["question"] == QUESTION
    assert env.data["answer"] == "7"
    assert env.data["metadata"]["difficulty"] == {"num_terms": (2, 6), "num_digits": (1, 4)}
    assert not hasattr(env, "dataset")


def test_copies_go_on_with_the_same_items() -> None:
    env = gem.make("rg:chain_sum", size=3)
    env.reset()
    env.reset(seed=5)
    env.reset()
    copies = [copy.deepcopy(env), pickle.loads(pickle.dumps(env)), env.spawn(same_state=True)]
    other = gem.make("rg:chain_sum", size=3)
    other.set_state(env.get_state())
    own = env.data["answer"]
    for each in (*copies, other):
        assert each.step(f"\\boxed{{{own}}}")[1] == 1.0
    questions = [env.reset()[0] for _ in range(5)]
    for each in (*copies, other):
        assert [each.reset()[0] for _ in range(5)] == questions


def test_a_vector_gives_each_environment_a_dataset_of_its_own() -> None:
    vec = gem.make_vec(["rg:chain_sum"] * 3, seed=42, async_mode=True)
    observations, _ = vec.reset()
    alone = [gem.make("rg:chain_sum", seed=42 + i) for i in range(3)]
    assert list(observations) == [env.reset()[0] for env in alone]
    _, rewards, *_ = vec.step(["\\boxed{7}", "", ""])
    assert rewards[0] == 1.0


def test_size_and_seed_may_be_large() -> None:
    env = gem.make(env_id="rg:letter_counting", size=10_000_000, seed=2**70, use_mp=False)
    assert env.reset(10**18)[0].startswith("How many times does the letter")


def test_options_are_passed_on_and_checked() -> None:
    env = gem.make("rg:chain_sum", min_terms=2, max_terms=2)
    assert env.reset()[0].count("+") + env.reset()[0].count(" - ") <= 2
    with pytest.raises(UnknownOptionError, match='Did you mean "min_terms"'):
        gem.make("rg:chain_sum", min_term=3)
    wrong = gem.make("rg:chain_sum", min_terms=0)
    with pytest.raises(InvalidOptionError, match="min_terms must be positive"):
        wrong.reset()
    with pytest.raises(InvalidOptionError, match="datasets"):
        gem.make("rg:composite")


def test_composite_draws_from_its_members() -> None:
    env = gem.make("rg:composite", datasets=[{"name": "chain_sum", "weight": 1}, "leg_counting"])
    env.reset(seed=1)
    assert env.data["metadata"]["source_dataset"] in ("chain_sum", "leg_counting")


def test_without_the_library_ids_are_listed_and_a_reset_names_the_command() -> None:
    run_script(
        "import gem\n"
        "from gem.errors import UnavailableError\n"
        "env = gem.make('rg:chain_sum')\n"
        "try:\n"
        "    env.reset()\n"
        "except UnavailableError as error:\n"
        "    assert 'gem hosts install reasoning' in str(error), error\n"
        "else:\n"
        "    raise AssertionError\n",
        GEM_HOSTS="/nowhere",
        GEM_HOST_PYTHON="",
        GEM_HOST_PYTHON_REASONING="",
    )
