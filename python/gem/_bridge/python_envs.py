"""Environments registered from Python."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gem._bridge.client import Client
from gem._bridge.errors import DuplicateEnvError, InvalidArgumentError
from gem._bridge.programs import Program, program_of
from gem._bridge.recipe import Recipe, WrapperSpec
from gem._bridge.server import running_client
from gem._bridge.signatures import takes
from gem.core import Env


@dataclass
class EnvSpec:
    """A registered environment: its id, what makes it, and the keyword arguments for that."""

    id: str
    entry_point: Callable[..., Any] | str
    kwargs: dict[str, Any] = field(default_factory=dict)
    program: Program | None = None
    """Where a host process finds it; None: it runs in the process that makes it."""


REGISTRY: dict[str, EnvSpec] = {}
"""The environments registered from Python, in order."""


def add(env_id: object, entry_point: object, kwargs: dict[str, Any], *, host: bool = False) -> None:
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
    program = program_of(env_id, entry_point) if host else None
    client = running_client()
    if env_id in REGISTRY or (client is not None and is_built_in(env_id, client)):
        raise _duplicate(env_id)
    REGISTRY[env_id] = EnvSpec(env_id, entry_point, kwargs, program)


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
    check_free(spec)
    entry_point = resolve(spec.entry_point)
    given = {**spec.kwargs, **kwargs}
    for name in optional:
        if not takes(entry_point, name):
            del given[name]
    env: Env = entry_point(**given)
    env.env_id = spec.id
    env.entry_point = spec.entry_point
    return env


def check_free(spec: EnvSpec) -> None:
    """Checks that the server, where it runs already, has no environment of the same id.

    Raises:
        DuplicateEnvError: when it has.
    """
    client = running_client()
    if client is not None and is_built_in(spec.id, client):
        raise _duplicate(spec.id)


def hosted_recipe(
    spec: EnvSpec, kwargs: Mapping[str, Any], wrappers: tuple[WrapperSpec, ...] = ()
) -> Recipe:
    """How the server makes an environment that is registered with `host=True`.

    Raises:
        DuplicateEnvError: when the server, already running, has the same id.
    """
    check_free(spec)
    return Recipe(spec.id, {**spec.kwargs, **kwargs}, wrappers, program=spec.program)


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
