"""Environments of the trainer's program that live in host processes: `register(host=True)`."""

from __future__ import annotations

import copy
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gem
import hosted_envs
from gem.errors import (
    EnvFaultError,
    GemDeadlineError,
    GemError,
    InvalidArgumentError,
    ObjectFaultError,
    UnknownAttributeError,
)

HERE = Path(__file__).resolve().parent
NUMBERS = itertools.count()


def register(entry_point: Any, **kwargs: Any) -> str:
    env_id = f"hosted:{next(NUMBERS)}"
    gem.register(env_id, entry_point, host=True, **kwargs)
    return env_id


@pytest.fixture(scope="module")
def dice() -> str:
    return register(hosted_envs.DiceEnv)


@pytest.fixture
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server of its own, whose hosts may take a second and a half for a call."""
    from gem._bridge import server

    monkeypatch.setenv("GEM_HOST_DEADLINE", "1.5")
    previous, server._state = server._state, server._State()
    server._state.has_hooks = True
    yield
    client = server._state.client
    assert client is not None
    assert client.process is not None
    client.process.stop()
    client.workers[0].lose()
    server._state = previous


def play(env: Any, seed: int, steps: int = 5) -> list[str]:
    return [env.reset(seed=seed)[0], *(env.step("roll")[0] for _ in range(steps))]


def test_it_runs_in_another_process(dice: str) -> None:
    env = gem.make(dice)
    env.reset(seed=1)
    assert env.pid != os.getpid()


def test_a_seed_gives_what_the_class_gives_in_a_process_of_its_own(dice: str) -> None:
    code = (
        "import hosted_envs; env = hosted_envs.DiceEnv(); out = [env.reset(seed=3)[0]]; "
        "out += [env.step('roll')[0] for _ in range(5)]; print('|'.join(out))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    alone = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert play(gem.make(dice), 3) == alone.stdout.strip().split("|")


def test_neighbours_in_one_process_do_not_share_its_global_generator(dice: str) -> None:
    alone = play(gem.make(dice), 7)
    envs = [gem.make(dice) for _ in range(8)]
    rows = [[env.reset(seed=7)[0]] for env in envs]
    for _ in range(5):
        for env, row in zip(envs, rows, strict=True):
            row.append(env.step("roll")[0])
    assert rows == [alone] * 8


def test_a_vector_mixes_it_with_built_in_and_python_environments(dice: str) -> None:
    local = f"local:{next(NUMBERS)}"
    gem.register(local, hosted_envs.DiceEnv)
    ids = [dice, "game:GuessTheNumber-v0-easy", local, dice]
    vec = gem.make_vec(ids, async_mode=True)
    observations, _ = vec.reset(seed=5)
    assert vec.envs[0].pid != os.getpid() == vec.envs[2].pid
    assert observations[0] == gem.make(dice).reset(seed=5)[0]
    rewards = vec.step(["roll", "\\boxed{3}", "roll", "roll"])[1]
    assert rewards[[0, 2, 3]].tolist() == [0.5, 0.5, 0.5]
    assert rewards.dtype == np.float64


def test_reset_options_and_constructor_options_reach_it() -> None:
    env: Any = gem.make(register(hosted_envs.DiceEnv, sides=1), sides=2)
    assert env.sides == 2
    assert env.reset(seed=1, bonus=100)[0] in ("rolled [101]", "rolled [102]")


def test_attributes_and_methods_are_those_of_the_object(dice: str) -> None:
    env = gem.make(dice)
    env.reset(seed=1)
    env.rolls = [2, 3]
    assert env.rolls == [2, 3]
    assert env.total(10) == 15
    assert not hasattr(env, "env")
    with pytest.raises(UnknownAttributeError, match="nothing_of_this_name"):
        _ = env.nothing_of_this_name


def test_a_copy_goes_on_from_the_same_state(dice: str) -> None:
    env = gem.make(dice)
    play(env, 11)
    fork = copy.deepcopy(env)
    assert [fork.step("roll")[0] for _ in range(3)] == [env.step("roll")[0] for _ in range(3)]


def test_wrappers_of_the_server_go_around_it(dice: str) -> None:
    wrappers = gem.wrappers.wrapper_factory.get_wrapper_fns("concat,episode_tracking")
    vec = gem.make_vec([dice], wrappers=wrappers)
    first = vec.reset(seed=1)[0][0]
    observations, _, _, _, infos = vec.step(["roll"])
    assert observations[0].startswith(first)
    assert infos[0]["step_counter"] == 1


def test_what_it_raises_is_an_error_that_names_it_and_others_go_on(dice: str) -> None:
    vec = gem.make_vec([dice] * 3, async_mode=True)
    vec.reset(seed=1)
    with pytest.raises(ObjectFaultError, match="the dice fell off the table") as caught:
        vec.step(["roll", "raise", "roll"])
    assert caught.value.details["index"] == 1
    assert [len(vec.envs[i].rolls) for i in range(3)] == [2, 1, 2]


def test_a_result_of_another_shape_is_named(dice: str) -> None:
    env = gem.make(dice)
    env.reset(seed=1)
    with pytest.raises(ObjectFaultError, match=r"observation, reward, terminated"):
        env.step("wrong")
    assert env.step("roll")[1] == 0.5


@pytest.mark.parametrize("way", ["exit", "crash"])
def test_one_that_ends_its_process_costs_only_itself(dice: str, way: str) -> None:
    vec = gem.make_vec([dice] * 6, async_mode=True)
    alone = [play(gem.make(dice), 20 + index, 2) for index in range(6)]
    rows = [[text] for text in vec.reset(seed=20)[0]]
    for row, text in zip(rows, vec.step(["roll"] * 6)[0], strict=True):
        row.append(text)
    actions = ["roll"] * 6
    actions[2] = way
    with pytest.raises(EnvFaultError, match=dice) as caught:
        vec.step(actions)
    assert caught.value.details["faulty"] == [2]
    seen = [vec.envs[index].rolls for index in (0, 1, 3, 4, 5)]
    expected = [eval(alone[index][2].removeprefix("rolled ")) for index in (0, 1, 3, 4, 5)]
    assert seen == expected
    # The faulty one starts again with its next episode.
    assert vec.envs[2].reset(seed=22)[0] == alone[2][0]


@pytest.mark.usefixtures("short_deadline")
def test_one_that_sleeps_past_its_deadline_costs_only_itself(dice: str) -> None:
    vec = gem.make_vec([dice] * 4, async_mode=True)
    vec.reset(seed=1)
    with pytest.raises(GemDeadlineError, match=dice) as caught:
        vec.step(["roll", "sleep", "roll", "roll"])
    assert caught.value.details["faulty"] == [1]
    assert [len(vec.envs[i].rolls) for i in (0, 2, 3)] == [2, 2, 2]


def test_a_deadline_of_its_own_counts_while_it_runs(dice: str) -> None:
    env = gem.make(dice, deadline=0.3, on_fault="mask")
    env.reset(seed=1)
    observation, reward, terminated, truncated, info = env.step("sleep")
    assert (observation, reward, terminated, truncated) == ("", 0.0, False, True)
    assert info["gem"]["cause"] == "GEM_DEADLINE"
    assert play(env, 3) == play(gem.make(dice), 3)


def test_one_that_hangs_is_masked_and_replaced_in_a_vector(dice: str) -> None:
    vec = gem.make_vec([dice] * 3, async_mode=True, on_fault="mask", deadline=0.3)
    calm = gem.make_vec([dice] * 3, async_mode=True)
    vec.reset(seed=1)
    calm.reset(seed=1)
    seen, undisturbed = vec.step(["roll", "sleep", "roll"]), calm.step(["roll"] * 3)
    assert vec.fault_mask.tolist() == [False, True, False]
    assert [seen[0][i] for i in (0, 2)] == [undisturbed[0][i] for i in (0, 2)]
    seen, undisturbed = vec.step(["roll"] * 3), calm.step(["roll"] * 3)
    assert not vec.fault_mask.any()
    assert [seen[0][i] for i in (0, 2)] == [undisturbed[0][i] for i in (0, 2)]


def test_a_gigabyte_of_output_is_no_fault(dice: str) -> None:
    env = gem.make(dice)
    env.reset(seed=1)
    assert env.step("print")[1] == 0.5


def test_what_cannot_be_played_again_is_a_fault_when_its_process_dies() -> None:
    toss = register(hosted_envs.TossEnv)
    vec = gem.make_vec([toss] * 6, async_mode=True)
    vec.reset(seed=1)
    pids = {env.pid for env in vec.envs}
    vec.step(["roll"] * 6)
    with pytest.raises(EnvFaultError) as caught:
        vec.step(["exit", *["roll"] * 5])
    faulty = caught.value.details["faulty"]
    assert 0 in faulty
    assert len(faulty) >= 6 // len(pids)


def test_a_constructor_that_raises_is_named() -> None:
    env = gem.make(register(hosted_envs.BrokenEnv))
    with pytest.raises(GemError, match="no dice today"):
        env.reset()


def test_classes_within_classes_and_text_entry_points_are_found() -> None:
    for entry_point in (hosted_envs.Outer.InnerEnv, "hosted_envs:DiceEnv"):
        env = gem.make(register(entry_point))
        assert env.reset(seed=1)[0].startswith("rolled")


def test_what_no_other_process_can_import_is_refused_at_once() -> None:
    class Local(hosted_envs.DiceEnv):
        pass

    with pytest.raises(InvalidArgumentError, match="top level"):
        register(Local)
    with pytest.raises(InvalidArgumentError, match="top level"):
        register(lambda: hosted_envs.DiceEnv())


def test_options_that_exist_only_here_are_refused(dice: str) -> None:
    with pytest.raises(InvalidArgumentError, match="plain data"):
        gem.make(dice, sides=object())


SCRIPT = """
import os
import gem
from gem.core import Env

class Echo(Env):
    def reset(self, seed=None):
        return str(os.getpid()), {}
    def step(self, action):
        return action, 1.0, True, False, {}

gem.register("script:Echo", Echo, host=True)
"""
BODY = """
env = gem.make("script:Echo")
print(env.reset()[0] != str(os.getpid()), env.step("hello")[0])
"""


def run_script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(text)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False
    )


def test_a_class_of_the_script_itself_is_found(tmp_path: Path) -> None:
    guarded = 'if __name__ == "__main__":\n' + BODY.replace("\n", "\n    ")
    done = run_script(tmp_path, SCRIPT + guarded)
    assert done.stdout == "True hello\n", done.stderr


def test_a_script_without_a_guard_is_told_about_it(tmp_path: Path) -> None:
    done = run_script(tmp_path, SCRIPT + BODY)
    assert done.returncode == 1
    assert 'if __name__ == "__main__":' in done.stderr
