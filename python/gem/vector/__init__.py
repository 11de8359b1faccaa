"""Several environments stepped as one."""

from __future__ import annotations

from gem._bridge.lazy import submodules

__getattr__ = submodules(
    __name__, "async_vector_env", "groups", "mixture", "sync_vector_env", "vector_env"
)
