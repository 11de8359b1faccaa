"""MCPMark's tasks, with a stand-in for the package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gem.envs.mcpmark import MCPMarkEnv
from gem.errors import EnvFaultError, InvalidOptionError, ResetNeededError, UnavailableError
from gem.utils.constants import TERMINAL_STATE

FACTORY = """
from types import SimpleNamespace

LOG = []


class Tasks:
    def filter_tasks(self, tasks):
        names = ["sort__one", "sort__two", "merge__three"]
        chosen = [name for name in names if tasks == "all" or name.startswith(tasks)]
        return [SimpleNamespace(name=name) for name in chosen]

    def get_task_instruction(self, task):
        return f"Do {task.name}."

    def run_verification(self, task):
        LOG.append(["verify", task.name])
        if task.name == "merge__three":
            raise OSError("no verifier")
        return SimpleNamespace(returncode=0 if task.name == "sort__one" else 1)


class States:
    def set_up(self, task):
        LOG.append(["set_up", task.name])
        return True

    def clean_up(self, task):
        LOG.append(["clean_up", task.name])
        return True


class MCPServiceFactory:
    @classmethod
    def create_task_manager(cls, service):
        return Tasks()

    @classmethod
    def create_state_manager(cls, service):
        return States()
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the stand-in was asked for."""
    package = tmp_path / "mcpmark" / "src"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").write_text("")
    (package / "factory.py").write_text(FACTORY)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "mcpmark"]:
        monkeypatch.delitem(sys.modules, name)
    from importlib import import_module

    found: list[list[str]] = import_module("mcpmark.src.factory").LOG
    return found


def test_without_the_package_a_sentence_says_how_to_get_it() -> None:
    with pytest.raises(UnavailableError, match="mcpmark") as caught:
        MCPMarkEnv("filesystem")
    assert "install it" in str(caught.value)


def test_tasks_come_one_after_the_other_and_are_judged_by_their_verifier(
    log: list[list[str]],
) -> None:
    env = MCPMarkEnv("filesystem", tasks="sort")
    assert env.reset() == ("Do sort__one.", {"task_name": "sort__one"})
    assert env.step("done") == (TERMINAL_STATE, 1.0, True, True, {"correct": True})
    assert env.reset() == ("Do sort__two.", {"task_name": "sort__two"})
    assert env.step("done") == (TERMINAL_STATE, 0.0, True, True, {"correct": False})
    assert env.reset()[1] == {"task_name": "sort__one"}
    assert log[:3] == [["set_up", "sort__one"], ["verify", "sort__one"], ["clean_up", "sort__one"]]


def test_a_seed_draws_a_task(log: list[list[str]]) -> None:
    env = MCPMarkEnv("filesystem")
    names = [env.reset(seed)[1]["task_name"] for seed in (1, 2, 3, 4, 5, 1)]
    assert names[0] == names[-1]
    assert len(set(names)) > 1
    assert env.reset()[1] == {"task_name": "sort__one"}


def test_what_was_set_up_is_removed_once(log: list[list[str]]) -> None:
    env = MCPMarkEnv("filesystem")
    env.reset()
    env.reset()
    env.close()
    env.close()
    assert [entry[0] for entry in log] == ["set_up", "clean_up", "set_up", "clean_up"]


def test_trouble_is_never_a_verdict(log: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    env = MCPMarkEnv("filesystem", tasks="merge")
    with pytest.raises(ResetNeededError):
        env.step("done")
    env.reset()
    with pytest.raises(EnvFaultError, match="no verifier"):
        env.step("done")
    assert log[-1] == ["clean_up", "merge__three"]
    monkeypatch.setattr(env.state_manager, "set_up", lambda task: False)
    with pytest.raises(EnvFaultError, match="set up") as caught:
        env.reset()
    assert isinstance(caught.value, RuntimeError)
    with pytest.raises(InvalidOptionError, match="nothing"):
        MCPMarkEnv("filesystem", tasks="nothing")
