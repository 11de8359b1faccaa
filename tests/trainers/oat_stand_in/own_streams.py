"""Gives each number game of gem-llm a random stream of its own, which its seed starts.

gem-llm's games all draw from Python's global generator, which the trainer draws from, too; so
their numbers depend on everything else that happens in the process. Here, as in this project,
an episode depends on the environment's seed alone.
"""

from __future__ import annotations

import random
from typing import Any

MODULE = "gem.envs.game_env.guess_the_number"


def give(module: Any) -> None:
    """Puts a game's own generator in the place of the module `random` while the game runs."""
    game = module.GuessTheNumberEnv
    construct = game.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        self.own_stream = module.random = random.Random()
        construct(self, *args, **kwargs)
        # The constructor has begun an episode that nobody plays.
        self.own_stream.seed(kwargs.get("seed", 0))

    def on_own_stream(method: Any) -> Any:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            module.random = self.own_stream
            return method(self, *args, **kwargs)

        return call

    game.__init__ = init
    for name in ("reset", "step", "sample_random_action"):
        setattr(game, name, on_own_stream(getattr(game, name)))
