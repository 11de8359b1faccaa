"""Finding a way from one page of an encyclopedia to another."""

from __future__ import annotations

from gem.envs.game_env.wikigame.wikigame import WikiGameEnv

__all__ = ["WikiGameEnv"]
