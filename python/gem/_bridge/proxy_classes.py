"""Which Python class stands for which class of the server."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gem._bridge.remote_env import RemoteEnv

PROXY_MODULES: dict[str, str] = {
    "GuessTheNumberEnv": "gem.envs.game_env.guess_the_number",
    "MastermindEnv": "gem.envs.game_env.mastermind",
    "MinesweeperEnv": "gem.envs.game_env.minesweeper",
    "WordleEnv": "gem.envs.game_env.wordle",
    "FifteenPuzzleEnv": "gem.envs.game_env.fifteen_puzzle",
    "HangmanEnv": "gem.envs.game_env.hangman",
    "SudokuEnv": "gem.envs.game_env.sudoku",
    "TowerofHanoiEnv": "gem.envs.game_env.tower_of_hanoi",
    "Game2048Env": "gem.envs.game_env.game_2048",
    "SokobanEnv": "gem.envs.game_env.sokoban",
    "CrosswordsEnv": "gem.envs.game_env.crosswords",
    "WordSearchEnv": "gem.envs.game_env.word_search",
    "WikiGameEnv": "gem.envs.game_env.wikigame",
    "ProgramEnv": "gem._bridge.program_env",
    "ReasoningGymEnv": "gem.envs.reasoning_gym",
    "MathEnv": "gem.envs.math_env",
    "MathVisualEnv": "gem.envs.math_visual_env",
    "QaEnv": "gem.envs.qa_env",
    "CodeEnv": "gem.envs.code_env",
    "DockerEnv": "gem.envs.terminal.docker_env",
    "WebshopEnv": "gem.envs.webshop_env",
    "MixtureEnv": "gem.vector.mixture",
    "ObservationWrapper": "gem.wrappers.observation_wrapper",
    "EpisodeTrackingWrapper": "gem.wrappers.episode_tracking_wrapper",
    "ToolEnvWrapper": "gem.tools.tool_env_wrapper",
}
"""Class name → the module that upstream registers it under."""


def proxy_class(class_name: str, *, is_wrapper: bool) -> type[RemoteEnv]:
    """The Python class for a class of the server; the general one for a class not known here."""
    module = PROXY_MODULES.get(class_name)
    if module is not None:
        found: type[RemoteEnv] = getattr(importlib.import_module(module), class_name)
        return found
    from gem._bridge.remote_env import RemoteEnv
    from gem._bridge.remote_wrapper import RemoteWrapper

    return RemoteWrapper if is_wrapper else RemoteEnv


def entry_point(class_name: str) -> str:
    """The entry point that upstream registers a class under."""
    return f"{PROXY_MODULES.get(class_name, 'gem')}:{class_name}"
