"""Where worlds begin and grow: with environments, wrappers, vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gem._bridge import settings
from gem._bridge.journal import World, new_keys
from gem._bridge.nodes import DatasetNode, MakeNode, VectorNode, WrapNode

if TYPE_CHECKING:
    from gem._bridge.handle import Handle
    from gem._bridge.making import MadeEnvs, Order
    from gem._bridge.recipe import Recipe


def begin_world(order: Order, made: MadeEnvs, reply: Sequence[Any]) -> None:
    """Begins the world of environments that were just made, unless `GEM_RECOVER` forbids it."""
    if not settings.recovers():
        return
    world = World(order.worker)
    seeds = reply[2] if len(reply) > 2 else ()
    world.nodes.append(MakeNode(order, made, seeds))
    made.world = world
    for recipe in order.recipes:
        _judge(world, recipe)


def add_wrapper(
    inner: Handle, number: int, depth: int, name: str, options: Mapping[str, Any]
) -> tuple[World | None, int]:
    """A wrapper becomes part of the world of what it wraps; gives its world and key."""
    key = new_keys(1)[0]
    world = inner.world
    if world is not None:
        world.nodes.append(WrapNode(key, number, inner.key, depth, name, options))
        _judge_wrapper(world, name, options)
    return world, key


def add_vector(
    worlds: Sequence[World | None], members: Sequence[int], number: int, rest: Sequence[Any]
) -> tuple[World | None, int]:
    """A vector makes one world of its members'; gives that and the vector's key."""
    key = new_keys(1)[0]
    if any(world is None for world in worlds):
        return None, key
    world = _join(worlds)
    if world is not None:
        world.nodes.append(VectorNode(key, number, members, rest))
    return world, key


def _join(worlds: Sequence[World | None]) -> World | None:
    """Makes one world of several at the same worker."""
    first = next((world for world in worlds if world is not None), None)
    for world in worlds:
        if world is not None and first is not None:
            first.absorb(world)
    return first


def add_dataset(handle: Handle, depth: int, value: Any) -> None:
    """Later states of an environment are of these rows."""
    if handle.world is not None:
        handle.world.nodes.append(DatasetNode(handle.key, depth, value))


def _judge(world: World, recipe: Recipe) -> None:
    """Looks for what makes replaying doubtful."""
    if recipe.program is not None:
        world.compare_replies()
    for name, options in recipe.wrappers:
        _judge_wrapper(world, name, options)


def _judge_wrapper(world: World, name: str, options: Mapping[str, Any]) -> None:
    """Tools act outside: their replies are compared whole, and what others keep is not repeated."""
    if name != "ToolEnvWrapper":
        return
    world.compare_replies()
    for tool in options.get("tools") or ():
        if getattr(tool, "tool_type", None) == "mcp":
            world.give_up("it has a tool of MCP servers, which may not be called twice")
