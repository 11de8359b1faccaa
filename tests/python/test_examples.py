"""The examples: what can run here runs, the rest is driven the way its trainer drives it."""

from __future__ import annotations

import asyncio
import inspect
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import gem

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EASY = "game:GuessTheNumber-v0-easy"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports an example as its own script does, from its own folder."""
    loaded: list[str] = []

    def load_module(folder: str, name: str) -> ModuleType:
        monkeypatch.syspath_prepend(str(EXAMPLES / folder))
        loaded.append(name)
        return import_module(name)

    yield load_module
    for name in loaded:
        sys.modules.pop(name, None)


def run_example(path: str, *arguments: str) -> list[str]:
    """Runs an example as its README says; the lines it printed."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / path), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
        env={**os.environ, "PYTHONPATH": str(EXAMPLES.parent / "python")},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def shown_in(folder: str) -> list[str]:
    """The lines of output that a README says one should see."""
    text = (EXAMPLES / folder / "README.md").read_text()
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for kind, block in blocks if not kind for line in block.splitlines()]


def test_an_environment_of_ones_own_keeps_the_contract_and_plays() -> None:
    lines = run_example("register_env/reverse_string.py")
    assert any(re.search(r"\d+ passed, 0 failed", line) for line in lines)
    assert lines[-2:] == shown_in("register_env")


def test_many_environments_play_in_one_vector_the_same_everywhere() -> None:
    lines = run_example("multi_env/play_many.py")
    assert lines[:-1] == shown_in("multi_env")
    assert lines[-1].startswith("3600 steps")


def test_a_mixture_plays_every_task() -> None:
    lines = run_example("multi_env/play_many.py", "--mixture")
    counts = [int(line.split()[1]) for line in lines[1:-1]]
    assert len(counts) == 5
    assert min(counts) > 0


def test_agents_use_tools() -> None:
    lines = run_example("tools/calculate.py")
    assert sum("earned 1.00" in line for line in lines) == 3
    assert sum("<unit>" in line for line in lines) == 1
    assert lines[-1:] == shown_in("tools")


def test_trl_gets_an_environment_it_can_drive(load: Any) -> None:
    """As `GRPOTrainer` does it: methods become tools, rows of the dataset go to `reset`."""
    module = load("trl", "train_grpo")
    environment = module.GemEnvironment(EASY)
    members = inspect.getmembers(type(environment), predicate=inspect.isfunction)
    public = {name for name, _ in members if not name.startswith("_")}
    assert public == {"reset", "act", "get_reward"}
    (row,) = module.prompts(1, first_seed=7)
    first = environment.reset(**row)
    assert isinstance(first, str)
    assert first == environment.reset(**row)
    assert environment.act(reply="no number").endswith("The episode is over.")
    assert environment.get_reward() == pytest.approx(-0.1)
    assert "over" in environment.act(reply=r"\boxed{5}")
    assert environment.get_reward() == pytest.approx(-0.1)


def test_trls_rollouts_of_one_row_hide_the_same(load: Any) -> None:
    module = load("trl", "train_grpo")
    (row,) = module.prompts(1, first_seed=9)
    returns = set()
    for _ in range(3):
        environment = module.GemEnvironment(EASY, "concat")
        environment.reset(**row)
        for number in (5, 3, 7, 2):
            environment.act(reply=rf"\boxed{{{number}}}")
        returns.add(environment.get_reward())
    assert len(returns) == 1


@pytest.mark.skipif(find_spec("trl") is None, reason="trl is not installed: pip install trl")
@pytest.mark.timeout(600)
def test_trl_itself_trains() -> None:
    lines = [line for line in run_example("trl/try_on_cpu.py") if line.startswith("step ")]
    assert len(lines) == 2
    assert all("'reward':" in line for line in lines)


class Renderer:
    """Stands for a renderer of tinker-cookbook: a token is a character's code, 0 ends a reply."""

    def build_generation_prompt(self, messages: list[Any]) -> list[Any]:
        return [dict(message) for message in messages]

    def get_stop_sequences(self) -> list[int]:
        return [0]

    def parse_response(self, tokens: list[int]) -> tuple[dict[str, str], Any]:
        clean = tokens[-1:] == [0]
        text = "".join(map(chr, tokens[:-1] if clean else tokens))
        return {"role": "assistant", "content": text}, Termination(clean)


class Termination:
    """Stands for `ParseTermination`."""

    def __init__(self, is_clean: bool) -> None:
        self.is_clean = is_clean


class StepResult:
    """Stands for `StepResult`."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


class Base:
    """Stands for the cookbook's abstract classes."""


@pytest.fixture
def tinker(monkeypatch: pytest.MonkeyPatch, load: Any) -> ModuleType:
    """The example, with Tinker where it is installed and else with a stand-in."""
    if find_spec("tinker_cookbook") is None:
        for name, entries in STAND_IN.items():
            module = ModuleType(name)
            vars(module).update(entries)
            monkeypatch.setitem(sys.modules, name, module)
    module = load("tinker", "gem_env")
    assert isinstance(module, ModuleType)
    return module


class ModelInput(list[Any]):
    """Stands for `tinker.ModelInput`."""

    @classmethod
    def empty(cls) -> ModelInput:
        return cls()


STAND_IN: dict[str, dict[str, Any]] = {
    "chz": {"chz": lambda cls: cls},
    "tinker": {"ModelInput": ModelInput},
    "tinker_cookbook": {},
    "tinker_cookbook.renderers": {
        "Renderer": Renderer,
        "get_renderer": lambda name, tokenizer: Renderer(),
        "get_text_content": lambda message: message["content"],
    },
    "tinker_cookbook.rl": {},
    "tinker_cookbook.rl.types": {
        "Env": Base,
        "EnvGroupBuilder": Base,
        "RLDataset": Base,
        "RLDatasetBuilder": Base,
        "StepResult": StepResult,
    },
    "tinker_cookbook.tokenizer_utils": {"get_tokenizer": lambda name: None},
}


def tokens(text: str) -> list[int]:
    """A reply that ends well."""
    return [*map(ord, text), 0]


def test_tinkers_groups_play_episodes_that_start_alike(tinker: Any) -> None:
    async def play() -> list[tuple[list[float], list[str]]]:
        builder = pickle.loads(pickle.dumps(tinker.GemGroupBuilder(EASY, 11, 3, Renderer())))
        assert builder.logging_tags() == ["gem", EASY]
        out = []
        for env in await builder.make_envs():
            prompt, stop = await env.initial_observation()
            assert [message["role"] for message in prompt] == ["user"]
            assert stop == [0]
            rewards, observations = [], []
            for number in (5, 3, 8, 2):
                result = await env.step(tokens(rf"\boxed{{{number}}}"), extra={})
                rewards.append(result.reward)
                assert result.metrics["well_formed"] == 1.0
                if result.episode_done:
                    break
                observations.append(result.next_observation[-1]["content"])
            assert result.episode_done
            out.append((rewards, observations))
        return out

    first, *others = asyncio.run(play())
    assert all(other == first for other in others)


def test_tinkers_replies_that_broke_off_are_marked(tinker: Any) -> None:
    async def play() -> Any:
        (env,) = await tinker.GemGroupBuilder(EASY, 1, 1, Renderer()).make_envs()
        await env.initial_observation()
        return await env.step(tokens("I th")[:-1])

    result = asyncio.run(play())
    assert (result.reward, result.episode_done) == (pytest.approx(-0.1), True)
    assert result.metrics["well_formed"] == 0.0
    assert type(result.reward) is float


def test_tinkers_batches_cover_the_seeds_in_order(tinker: Any) -> None:
    groups = [tinker.GemGroupBuilder(EASY, seed, 2, Renderer()) for seed in range(5)]
    dataset = tinker.GemDataset(groups, batch_size=2)
    assert len(dataset) == 2
    assert [builder.seed for builder in dataset.get_batch(1)] == [2, 3]


def test_every_example_has_a_readme_that_names_its_files() -> None:
    folders = [path for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert {"learn", "multi_env", "register_env", "tinker", "tools", "trl", "typescript"} <= {
        folder.name for folder in folders
    }
    for folder in folders:
        text = (folder / "README.md").read_text()
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
        assert [link for link in links if not (folder / link).exists()] == []
        assert "ou should see" in text


def test_gem_is_the_package_under_test() -> None:
    assert Path(gem.__file__).is_relative_to(EXAMPLES.parent)
