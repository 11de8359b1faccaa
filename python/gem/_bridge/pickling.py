"""Rebuilding pickled proxies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gem._bridge.making import make_one
from gem._bridge.recipe import Recipe
from gem._bridge.remote_env import RemoteEnv


def rebuild(
    cls: type[RemoteEnv], recipe: Recipe, state: dict[str, Any], own: Mapping[str, Any]
) -> RemoteEnv:
    """Makes an environment by its recipe, in whatever process this is, and gives it its state.

    Args:
        cls: the proxy's class.
        recipe: how it was made.
        state: what `get_state` gave.
        own: its attributes that live in Python.
    """
    proxy = cls._gem_attach(make_one(recipe))
    proxy.set_state(state)
    vars(proxy).update(own)
    return proxy
