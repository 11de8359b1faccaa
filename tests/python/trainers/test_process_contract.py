"""How trainers spread over processes: cloudpickle, fresh interpreters, forks, Ray, event loops."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support import run_script, script_environment

cloudpickle = pytest.importorskip("cloudpickle")


def _run(script: str, *args: str, **variables: str) -> str:
    """Runs a script in a fresh interpreter without regard to warnings of others' libraries."""
    result = subprocess.run(
        [sys.executable, "-c", script, *args],
        env=script_environment(**variables),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_functions_and_classes_are_pickled_by_reference() -> None:
    import gem
    from gem.core import Env
    from gem.envs.math_env import MathEnv
    from gem.tools.python_code_tool import PythonCodeTool
    from gem.utils.parsing import extract_last_boxed_answer
    from gem.wrappers.wrapper_factory import get_wrapper_fns

    names = (
        gem.make,
        gem.make_vec,
        gem.register,
        Env,
        MathEnv,
        PythonCodeTool,
        extract_last_boxed_answer,
        get_wrapper_fns,
    )
    for name in names:
        data = cloudpickle.dumps(name)
        assert cloudpickle.loads(data) is name
        assert len(data) < 200


LAUNCHER = """
import sys, cloudpickle
import gem
from gem.core import Env
from gem.utils.parsing import extract_last_boxed_answer
from gem.wrappers.wrapper_factory import get_wrapper_fns, WRAPPER_FACTORY

class Actor:
    wrappers = [WRAPPER_FACTORY["concat"]]
    def __init__(self, env_id): self.env_id = env_id
    def init(self):
        self.env = gem.make_vec([self.env_id] * 2, wrappers=get_wrapper_fns("concat"))
        assert callable(self.wrappers[0])
    def step(self):
        obs, _ = self.env.reset(seed=3)
        return extract_last_boxed_answer("\\\\boxed{4}"), self.env.step(["\\\\boxed{4}"] * 2)[0]

class Counting(Env):
    def reset(self, seed=None):
        super().reset(seed)
        return "start", {}
    def step(self, action): return "next", 0, False, False, {}

open(sys.argv[1], "wb").write(cloudpickle.dumps((Actor("game:GuessTheNumber-v0-hard"), Counting)))
"""

NODE = """
import sys, cloudpickle
actor, cls = cloudpickle.load(open(sys.argv[1], "rb"))
actor.init()
answer, texts = actor.step()
print(answer, len(texts), cls().reset(seed=1)[0])
"""


def test_a_class_of_the_main_script_is_launched_in_a_fresh_interpreter(tmp_path: Path) -> None:
    job = str(tmp_path / "job.pkl")
    _run(LAUNCHER, job)
    assert _run(NODE, job).strip() == "4 2 start"


def test_a_vector_itself_crosses_to_another_interpreter(tmp_path: Path) -> None:
    job = str(tmp_path / "job.pkl")
    make = """
import sys, cloudpickle, gem
env = gem.make_vec(["game:GuessTheNumber-v0-hard"] * 2)
env.reset(seed=3); env.step(["\\\\boxed{9}"] * 2)
open(sys.argv[1], "wb").write(cloudpickle.dumps(env))
print(env.step(["\\\\boxed{4}"] * 2)[0])
"""
    load = """
import sys, cloudpickle
print(cloudpickle.load(open(sys.argv[1], "rb")).step(["\\\\boxed{4}"] * 2)[0])
"""
    assert _run(make, job) == _run(load, job)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_starts_workers_after_environments_exist(
    method: str, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        """
import multiprocessing, sys
import gem

def play(seed):
    env = gem.make("game:GuessTheNumber-v0-hard")
    env.reset(seed=seed)
    return env.step("\\\\boxed{9}")[0]

if __name__ == "__main__":
    here = gem.make("game:GuessTheNumber-v0-hard")
    expected = [play(seed) for seed in range(4)]
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        assert pool.map(play, range(4)) == expected
    here.reset(seed=1)
    print(here.turn_count)
"""
    )
    run = [sys.executable, str(script), method]
    done = subprocess.run(
        run, env=script_environment(), capture_output=True, text=True, timeout=110, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("0", 0), done.stderr


def test_a_module_that_a_trainer_loads_from_a_file_makes_environments_at_its_import(
    tmp_path: Path,
) -> None:
    custom = tmp_path / "custom.py"
    custom.write_text(
        """
import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
def _make(i):
    env = gem.make(env_id="game:GuessTheNumber-v0", seed=233 + i)
    for wrapper in get_wrapper_fns("concat"):
        env = wrapper(env)
    return env
ENVS = [_make(i) for i in range(16)]
async def reset(i): return ENVS[i].reset()[0]
async def step(i, action):
    text, reward, terminated, truncated, info = ENVS[i].step(action)
    return {**info}, terminated or truncated, float(reward)
"""
    )
    script = """
import asyncio, importlib.util, multiprocessing, sys
spec = importlib.util.spec_from_file_location("custom_module", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
def router(connection):
    connection.send("router")
    connection.close()
here, there = multiprocessing.get_context("fork").Pipe()
process = multiprocessing.get_context("fork").Process(target=router, args=(there,))
process.start()
assert here.recv() == "router"
process.join()
async def play(i):
    text = await module.reset(i)
    return await module.step(i, "\\\\boxed{0}")
async def main():
    return await asyncio.gather(*map(play, range(16)))
results = asyncio.run(main())
print({done for _, done, _ in results}, {reward for *_, reward in results}, process.exitcode)
"""
    assert _run(script, str(custom)).strip() == "{True} {-0.1} 0"


RAY = """
import os, sys
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
import ray, gem
from gem.wrappers.wrapper_factory import get_wrapper_fns
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False,
         object_store_memory=80_000_000, _temp_dir=sys.argv[1])

@ray.remote(num_cpus=1)
class TaskRunner:
    def __init__(self, env_id):
        self.env = gem.make_vec([env_id] * 2, vec_kwargs=[{"seed": 2**61 + j} for j in range(2)],
                                wrappers=get_wrapper_fns("concat"), async_mode=True)
    def run(self):
        self.env.reset(seed=5)
        return self.env.step(["\\\\boxed{4}"] * 2)
    def pid(self): return os.getpid()

@ray.remote(num_cpus=0)
class AgentInstance:
    async def __init__(self):
        self.env = gem.make(env_id="game:GuessTheNumber-v0", seed=2**60)
    async def step(self, action):
        self.env.reset(7)
        text, reward, terminated, truncated, info = self.env.step(action)
        return text, float(reward), self.env.max_turns

runner = TaskRunner.remote("game:GuessTheNumber-v0-hard")
obs, rewards, terminated, truncated, infos = ray.get(runner.run.remote())
here = gem.make_vec(["game:GuessTheNumber-v0-hard"] * 2, get_wrapper_fns("concat"))
here.reset(seed=5)
assert obs == here.step(["\\\\boxed{4}"] * 2)[0]
agents = [AgentInstance.remote() for _ in range(2)]
first, second = ray.get([agent.step.remote("\\\\boxed{4}") for agent in agents])
assert first == second
for agent in agents: ray.kill(agent)
print(type(obs).__name__, rewards.dtype, terminated.dtype, first[2])
ray.shutdown()
"""


def test_ray_actors_make_and_step_environments_synchronous_or_not(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="ray is not installed")
    # Ray's sockets have long names of their own, and a name has 107 bytes at most.
    import tempfile

    with tempfile.TemporaryDirectory(prefix="ray") as folder:
        out = _run(RAY, folder)
    assert out.strip().splitlines()[-1] == "list float64 bool 10"


def test_two_agents_in_one_event_loop_take_turns() -> None:
    script = """
import asyncio, gem
class Agent:
    def __init__(self): self.env = gem.make(env_id="game:GuessTheNumber-v0", seed=2**60)
    async def step(self, action):
        self.env.reset(7)
        return float(self.env.step(action)[1]), self.env.max_turns
async def main():
    agents = [Agent() for _ in range(8)]
    return set(await asyncio.gather(*(agent.step("\\\\boxed{0}") for agent in agents)))
print(asyncio.run(main()))
"""
    assert run_script(script).stdout.strip() == "{(-0.1, 10)}"
