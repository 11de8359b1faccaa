"""Solving a crossword."""

from __future__ import annotations

from gem.envs.game_env.crosswords.crosswords import CrosswordsEnv

__all__ = ["CrosswordsEnv"]
