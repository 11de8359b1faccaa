"""Environments registered from Python."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gem._bridge.client import Client
from gem._bridge.errors import DuplicateEnvError, InvalidArgumentError
from gem._bridge.server import running_client
from gem.core import Env


@dataclass
class EnvSpec:
    """A registered environment: its id, what makes it, and the keyword arguments for that."""

    id: str
    entry_point: Callable[..., Any] | str
    kwargs: dict[str, Any] = field(default_factory=dict)


REGISTRY: dict[str, EnvSpec] = {}
"""The environments registered from Python, in order."""


def add(env_id: object, entry_point: object, kwargs: dict[str, Any]) -> None:
    """Registers an environment.

    Raises:
        DuplicateEnvError: when the id is taken, as far as that is known without starting a server.
        InvalidArgumentError: when the id or the entry point has the wrong type.
    """
    if not isinstance(env_id, str) or env_id == "":
        message = f"An environment id must be a non-empty string, got {env_id!r}."
        raise InvalidArgumentError(message)
    if not callable(entry_point) and not isinstance(entry_point, str):
        message = (
            f"An entry point must be callable or a string 'module:Class', got {entry_point!r}."
        )
        raise InvalidArgumentError(message)
    client = running_client()
    if env_id in REGISTRY or (client is not None and is_built_in(env_id, client)):
        raise _duplicate(env_id)
    REGISTRY[env_id] = EnvSpec(env_id, entry_point, kwargs)


def construct(
    spec: EnvSpec, kwargs: Mapping[str, Any], optional: frozenset[str] = frozenset()
) -> Env:
    """Makes an environment in this process.

    Args:
        spec: what it is registered as.
        kwargs: override the registered ones.
        optional: names among `kwargs` that are left out when the entry point does not take them.

    Raises:
        DuplicateEnvError: when the server, already running, has the same id.
        ImportError: when a string entry point leads nowhere.
    """
    client = running_client()
    if client is not None and is_built_in(spec.id, client):
        raise _duplicate(spec.id)
    entry_point = resolve(spec.entry_point)
    given = {**spec.kwargs, **kwargs}
    for name in optional:
        if not _takes(entry_point, name):
            del given[name]
    env: Env = entry_point(**given)
    env.env_id = spec.id
    env.entry_point = spec.entry_point
    return env


def resolve(entry_point: Callable[..., Any] | str) -> Callable[..., Any]:
    """Imports what a string entry point names.

    Raises:
        InvalidArgumentError: when it has not the form 'module:Class'.
        ImportError: when the module or the class is missing.
    """
    if not isinstance(entry_point, str):
        return entry_point
    module_name, colon, class_name = entry_point.partition(":")
    if not module_name or not colon or not class_name or ":" in class_name:
        message = f"An entry point must have the form 'module:Class', got {entry_point!r}."
        raise InvalidArgumentError(message)
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        message = f"The entry point {entry_point!r} cannot be imported: {error}."
        raise ImportError(message) from error
    return found


def is_built_in(env_id: str, client: Client) -> bool:
    """Whether the server has the id."""
    return env_id in client.environments()


def _duplicate(env_id: str) -> DuplicateEnvError:
    message = f"The environment {env_id!r} is registered already. Choose another id."
    return DuplicateEnvError(message)


def _takes(entry_point: Callable[..., Any], name: str) -> bool:
    """Whether a callable takes a keyword argument, as far as its signature tells."""
    try:
        parameters = inspect.signature(entry_point).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(
        parameter.kind is parameter.VAR_KEYWORD
        or (parameter.name == name and parameter.kind is not parameter.POSITIONAL_ONLY)
        for parameter in parameters
    )
