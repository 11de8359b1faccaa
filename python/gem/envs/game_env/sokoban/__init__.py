"""Pushing boxes onto targets."""

from __future__ import annotations

from gem.envs.game_env.sokoban.sokoban import SokobanEnv

__all__ = ["SokobanEnv"]
