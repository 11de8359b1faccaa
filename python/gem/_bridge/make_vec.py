"""Making vectors: in one go where every wrapper is built in, else wrapper by wrapper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from gem._bridge import python_envs, server, settings
from gem._bridge.errors import InvalidArgumentError
from gem._bridge.making import Order, make_all
from gem._bridge.members import Members, Mode, adopt, make_members
from gem._bridge.proxy_classes import PROXY_MODULES
from gem._bridge.recipe import Recipe, WrapperSpec
from gem._bridge.record_wish import NOWHERE, RecordWish
from gem._bridge.remote_wrapper import RemoteWrapper, name_of, proxy_of
from gem.core import Env

if TYPE_CHECKING:
    from gem.vector.mixture import Mixture

WrapperFn = Callable[[Env], Env]


def make_vector_members(
    ids: Sequence[str | Mixture],
    options: Sequence[Mapping[str, Any]],
    seed: int,
    wrappers: Sequence[WrapperFn],
    mode: Mode,
    record: RecordWish = NOWHERE,
) -> Members:
    """Makes the environments of a vector.

    Args:
        ids: their ids, or what each plays in turn.
        options: what each is made with; one without `seed` gets `seed` plus its position.
        seed: see `options`.
        wrappers: wrap each environment, the first innermost.
        mode: how the vector runs.
        record: where they are recorded.
    """
    native, others = _split_wrappers(wrappers)
    recipes = [
        replace(_recipe(env_id, own, seed + position, native), policy=mode.policy, record=record)
        for position, (env_id, own) in enumerate(zip(ids, options, strict=True))
    ]
    return server.persistently(lambda: _make(recipes, others, mode))


def _make(recipes: Sequence[Recipe], wrappers: Sequence[WrapperFn], mode: Mode) -> Members:
    orders = _place(recipes)
    if not wrappers:
        return make_members(orders, mode)
    envs: list[Env] = []
    for made, order in zip(make_all(orders), orders, strict=True):
        envs += (proxy_of(made.take(index)) for index in range(len(order.recipes)))
    return adopt([_wrap(env, wrappers) for env in envs], mode)


def _recipe(
    env_id: str | Mixture,
    options: Mapping[str, Any],
    seed: int,
    wrappers: tuple[WrapperSpec, ...],
) -> Recipe:
    if not isinstance(env_id, str):
        return env_id.recipe({"seed": seed, **options}, wrappers)
    spec = python_envs.REGISTRY.get(env_id)
    given = options if "seed" in options else {"seed": seed, **options}
    if spec is None:
        return Recipe(env_id, given, wrappers)
    if spec.program is not None:
        return python_envs.hosted_recipe(spec, given, wrappers)
    optional = frozenset[str]() if "seed" in options else frozenset({"seed"})
    env = python_envs.construct(spec, given, optional)
    return Recipe(name_of(env), {}, wrappers, python_env=env)


def _place(recipes: Sequence[Recipe]) -> list[Order]:
    """Spreads environments over workers; all go to one where Python objects are among them."""
    client = server.client()
    mixed = any(recipe.python_env is not None for recipe in recipes)
    parts = 1 if mixed else len(recipes) // settings.min_block()
    return [
        Order(worker, recipes[part.start : part.stop], part)
        for worker, part in client.spread(len(recipes), parts)
    ]


def _split_wrappers(
    wrappers: Sequence[WrapperFn],
) -> tuple[tuple[WrapperSpec, ...], Sequence[WrapperFn]]:
    """The leading wrappers that the server can apply itself, and the rest."""
    native: list[WrapperSpec] = []
    for wrapper in wrappers:
        spec = _native_spec(wrapper)
        if spec is None:
            break
        native.append(spec)
    return tuple(native), wrappers[len(native) :]


def _native_spec(wrapper: Any) -> WrapperSpec | None:
    """A built-in wrapper class's name at the server, with the keyword arguments bound to it."""
    options: dict[str, Any] = {}
    while isinstance(wrapper, partial):
        if wrapper.args:
            return None
        options = {**wrapper.keywords, **options}
        wrapper = wrapper.func
    if not isinstance(wrapper, type) or not issubclass(wrapper, RemoteWrapper):
        return None
    is_built_in = (
        wrapper.__name__ == wrapper._gem_class
        and wrapper.__module__ == PROXY_MODULES.get(wrapper._gem_class)
    )
    return (wrapper._gem_class, options) if is_built_in else None


def _wrap(env: Env, wrappers: Sequence[WrapperFn]) -> Env:
    for wrapper in wrappers:
        env = wrapper(env)
        if not isinstance(env, Env):
            message = f"A wrapper must give an environment, {wrapper!r} gave {env!r}."
            raise InvalidArgumentError(message)
    return env
