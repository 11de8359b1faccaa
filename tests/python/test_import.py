"""Importing: every path that trainers use, and no side effect at all."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from support import own_modules, run_script

PATHS = """
gem: make make_vec register print_envs Env
gem.core: Env EnvWrapper
gem.envs.registration: register make make_vec print_envs ENV_REGISTRY EnvSpec
gem.utils.constants: TERMINAL_STATE LanguageGameReward
gem.utils.parsing: extract_last_boxed_answer extract_last_tagged_answer extract_code_from_model
gem.utils.parsing: last_boxed_only_string remove_boxed
gem.utils.seeding: set_seed np_random
gem.utils.debug: run_and_print_episode run_and_print_episode_with_random_selection
gem.utils.debug: run_and_print_episode_async run_and_print_episode_with_selective_step
gem.wrappers.wrapper_factory: WRAPPER_FACTORY get_wrapper_fns
gem.wrappers.observation_wrapper: ObservationWrapper
gem.wrappers.episode_tracking_wrapper: EpisodeTrackingWrapper
gem.vector.vector_env: VectorEnv AutoresetMode
gem.vector.sync_vector_env: SyncVectorEnv
gem.vector.async_vector_env: AsyncVectorEnv
gem.envs.game_env.guess_the_number: GuessTheNumberEnv
gem.envs.game_env.game_2048: Game2048Env
gem.envs.game_env.sokoban: SokobanEnv
gem.envs.game_env.sokoban.sokoban: SokobanEnv
gem.tools.python_code_tool: PythonCodeTool
gem.tools.search_tool: SearchTool
gem.tools.mcp_tool: MCPTool
gem.tools.tool_env_wrapper: ToolEnvWrapper
gem.tools.mcp_server.time_mcp: app _parse_dt _parse_date _moment_to_strftime
gem.tools.search_engine.retrieval_server: main
gem.tools.search_engine.serp_search_server: main
gem.envs.math_env: MathEnv
gem.envs.code_env: CodeEnv
gem.envs.qa_env: QaEnv
gem.envs.reasoning_gym: ReasoningGymEnv
gem.envs.game_env.fifteen_puzzle: FifteenPuzzleEnv
gem.envs.game_env.wikigame: WikiGameEnv
gem.envs.game_env.wikigame.wikigame: WikiGameEnv
gem.envs.game_env.wikigame.rewards: WikiGameReward
gem.envs.mcpmark: MCPMarkEnv
gem.envs.terminal.docker_env: DockerEnv ContainerConfig TaskConfig
gem.envs.multiagent: MultiAgentEnv AgentSelector
gem.envs.multiagent.multi_agent_env: AgentSelector MultiAgentEnv
gem.multiagent: AgentSelector MultiAgentEnv
"""


@pytest.mark.parametrize("line", PATHS.strip().splitlines())
def test_every_name_that_trainers_use_can_be_imported(line: str) -> None:
    module_name, names = line.split(":")
    module = importlib.import_module(module_name)
    for name in names.split():
        assert getattr(module, name) is not None


def test_every_module_of_the_package_can_be_imported() -> None:
    for name in own_modules():
        importlib.import_module(name)


def test_the_star_import_gives_upstreams_names() -> None:
    names: dict[str, Any] = {}
    exec("from gem import *", names)
    assert {"Env", "make", "make_vec", "print_envs", "register"} <= names.keys()


def test_importing_everything_has_no_side_effect() -> None:
    run_script(
        """
import atexit, logging, os, random, signal, sys, threading
def handlers():
    return [signal.getsignal(number) for number in range(1, 32)]
random.seed(1); state = random.getstate(); before = handlers(); exits = atexit._ncallbacks()
files = set(os.listdir("/proc/self/fd"))
import gem
import numpy
numpy.random.seed(1); numpy_state = numpy.random.get_state()[1].tolist()
import importlib
from support import own_modules
bridge = own_modules()
import zmq, zmq.utils.monitor, msgspec, concurrent.futures.thread, asyncio
exits = atexit._ncallbacks(); files = set(os.listdir("/proc/self/fd"))
for name in bridge: importlib.import_module(name)
assert random.getstate() == state
assert numpy.random.get_state()[1].tolist() == numpy_state
assert handlers() == before
assert atexit._ncallbacks() == exits
assert threading.active_count() == 1
assert set(os.listdir("/proc/self/fd")) == files
assert not open(f"/proc/self/task/{os.getpid()}/children").read()
assert not logging.getLogger().handlers
assert zmq.Context._instance is None
"""
    )


def test_importing_the_package_loads_no_library() -> None:
    script = """
import sys
import gem
heavy = {"numpy", "zmq", "msgspec", "asyncio", "concurrent.futures", "subprocess"}
print(sorted(heavy & sys.modules.keys()))
"""
    assert run_script(script).stdout.strip() == "[]"


def test_submodules_are_attributes_of_the_package_without_an_import_of_their_own() -> None:
    script = """
import gem
print(gem.vector.vector_env.AutoresetMode.SAME_STEP.value, gem.core.Env is gem.Env)
print(callable(gem.wrappers.wrapper_factory.get_wrapper_fns), gem.errors.GemError.__name__)
print(gem.utils.constants.LanguageGameReward.success_reward, hasattr(gem, "nothing"))
"""
    assert run_script(script).stdout.splitlines() == [
        "SameStep True",
        "True GemError",
        "1.0 False",
    ]


def test_the_public_errors_are_all_of_them() -> None:
    from gem import errors
    from gem._bridge import errors as private

    every = {
        name
        for name, value in vars(private).items()
        if isinstance(value, type) and issubclass(value, private.GemError)
    }
    assert set(errors.__all__) == every
