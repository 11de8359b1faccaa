"""A vector whose Python environments step one after the other."""

from __future__ import annotations

from typing import ClassVar

from gem.vector.vector_env import VectorEnv


class SyncVectorEnv(VectorEnv):
    """A vector whose Python environments step one after the other, on the caller's thread."""

    _is_async: ClassVar[bool] = False
