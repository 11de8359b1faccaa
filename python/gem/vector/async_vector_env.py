"""A vector whose Python environments step at the same time."""

from __future__ import annotations

from typing import ClassVar

from gem.vector.vector_env import VectorEnv


class AsyncVectorEnv(VectorEnv):
    """A vector whose Python environments step at the same time, on threads."""

    _is_async: ClassVar[bool] = True
