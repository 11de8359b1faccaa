"""What a proxy knows of the environment it stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from gem._bridge.handle import Handle
from gem._bridge.objects import CallScope
from gem._bridge.recipe import Recipe
from gem._bridge.worker import Worker

Layer = tuple[str, Sequence[str], Sequence[str]]
"""A layer's class name, readable attributes and further methods."""


@dataclass(frozen=True)
class Description:
    """What the server says of an environment; the first layer is the outermost."""

    id: str
    layers: tuple[Layer, ...]

    @staticmethod
    def from_wire(value: Any) -> Description:
        """Reads an `EnvDescriptor`."""
        env_id, layers = value
        return Description(env_id, tuple((name, names, methods) for name, names, methods in layers))


class Stub:
    """One layer of an environment at the server."""

    __slots__ = ("attributes", "depth", "description", "handle", "inner", "methods", "recipe")

    def __init__(
        self,
        handle: Handle,
        depth: int,
        description: Description,
        recipe: Recipe,
        inner: Any = None,
    ) -> None:
        """Describes a layer.

        Args:
            handle: the environment's handle, shared by all layers that were made with it.
            depth: how many wrappers lie outside this layer.
            description: of the whole environment.
            recipe: of this layer and what is inside it.
            inner: the proxy (or Python environment) one layer further in; None: not asked for yet.
        """
        self.handle = handle
        self.depth = depth
        self.description = description
        self.recipe = recipe
        self.inner = inner
        layers = description.layers[depth:]
        self.attributes = frozenset(name for _, names, _ in layers for name in names)
        self.methods = frozenset(name for _, _, methods in layers for name in methods)

    @property
    def worker(self) -> Worker:
        """Where the environment lives."""
        return self.handle.worker

    @property
    def class_name(self) -> str:
        """The layer's class at the server."""
        return self.description.layers[self.depth][0]

    @property
    def is_wrapper(self) -> bool:
        """Whether there is a layer further in."""
        return self.depth < len(self.description.layers) - 1

    def call(
        self,
        method: str,
        *params: Any,
        scope: CallScope | None = None,
        executor: Callable[[], Executor] | None = None,
    ) -> Any:
        """Calls a method that takes `[handle, depth, …]`."""
        return self.handle.call(method, self.depth, *params, scope=scope, executor=executor)
