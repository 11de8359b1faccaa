"""Mathematics problems with pictures."""

from __future__ import annotations

from gem.envs.math_env import MathEnv


class MathVisualEnv(MathEnv):
    """Mathematics problems with pictures; not part of this version."""
