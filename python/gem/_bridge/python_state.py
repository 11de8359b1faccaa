"""The state of environments that are Python objects; the server passes it on without looking."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OwnState:
    """What a Python environment's own `get_state` gave."""

    value: Any


@dataclass(frozen=True)
class AttributeState:
    """A deep copy of the attributes of a Python environment that has no `get_state`.

    A wrapper's leave out `env`, whose state is `inner`.
    """

    attributes: dict[str, Any]
    inner: OwnState | AttributeState | None = None


def take_state(env: Any) -> OwnState | AttributeState:
    """Takes an environment's state: by its own `get_state` where its class has one."""
    if hasattr(type(env), "get_state"):
        return OwnState(env.get_state())
    if not _wraps(env):
        return AttributeState(copy.deepcopy(vars(env)))
    own = {name: value for name, value in vars(env).items() if name != "env"}
    return AttributeState(copy.deepcopy(own), take_state(env.env))


def give_state(env: Any, state: OwnState | AttributeState) -> None:
    """Gives an environment a state that `take_state` took from one of the same class."""
    if isinstance(state, OwnState):
        env.set_state(state.value)
        return
    inner = env.env if _wraps(env) else None
    vars(env).clear()
    vars(env).update(copy.deepcopy(state.attributes))
    if inner is not None and state.inner is not None:
        vars(env)["env"] = inner
        give_state(inner, state.inner)


def _wraps(env: Any) -> bool:
    from gem.core import Env, EnvWrapper

    return isinstance(env, EnvWrapper) and isinstance(vars(env).get("env"), Env)
