"""How an environment was made, so that it can be pickled and made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gem._bridge.datasets import DATASET, wire_dataset
from gem._bridge.errors import InvalidArgumentError
from gem._bridge.fault_policy import RAISE, FaultPolicy
from gem._bridge.objects import CallScope
from gem._bridge.programs import Program
from gem._bridge.record_wish import NOWHERE, RecordWish
from gem._bridge.tool_specs import wire_tools
from gem._bridge.values import wire_object, wire_value

WrapperSpec = tuple[str, Mapping[str, Any]]
"""A wrapper's name at the server, and its options."""


@dataclass(frozen=True)
class Recipe:
    """What `make` makes: an environment and the wrappers around it.

    `what` is an id, the name of a class of the server (`is_class`), or what an environment of this
    process (`python_env`) or of this program (`program`) or a `mixture` is called; `wrappers` are
    innermost first.
    """

    what: str
    options: Mapping[str, Any]
    wrappers: tuple[WrapperSpec, ...] = ()
    is_class: bool = False
    python_env: Any = None
    program: Program | None = None
    policy: FaultPolicy = RAISE
    record: RecordWish = NOWHERE
    mixture: tuple[tuple[Recipe, float], ...] = ()

    def peel(self, depth: int) -> Recipe:
        """The recipe without the outermost `depth` wrappers."""
        return replace(self, wrappers=self.wrappers[: len(self.wrappers) - depth])

    def wrap(self, wrapper: WrapperSpec) -> Recipe:
        """The recipe with one more wrapper around."""
        return replace(self, wrappers=(*self.wrappers, wrapper))

    def seeded(self, seed: int) -> Recipe:
        """The recipe with what its generators start from."""
        return replace(self, options={**self.options, "seed": seed})

    def respawn(self, options: Mapping[str, Any], scope: CallScope) -> Recipe:
        """The recipe of a copy.

        Args:
            options: what the copy is made with instead.
            scope: of the call that made it; a copied Python environment is the last object it held.
        """
        if self.python_env is not None:
            return replace(self, python_env=scope.held[-1].value)
        return replace(self, options={**self.options, **options})

    def wire_spec(self, scope: CallScope) -> list[Any]:
        """`[what, options]` as `make` takes it; objects in it are held."""
        if self.python_env is not None:
            target = {"object": scope.hold(self.python_env), "id": self.what}
            return [target, {}]
        if self.program is not None:
            target = {"program": self.program.to_wire(), "id": self.what}
            return [target, _plain_options(self.what, self.options)]
        if self.mixture:
            parts = []
            for part, weight in self.mixture:
                target, options = part.wire_spec(scope)
                parts.append([target, weight, options])
            return [{"mixture": parts}, wire_options(self.options, scope)]
        what: Any = {"class": self.what} if self.is_class else self.what
        return [what, wire_options(self.options, scope)]


def _plain_options(env_id: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Prepares options that go to another process, where objects of this one do not exist."""

    def refuse(value: object) -> int:
        message = (
            f"{env_id!r} is registered with host=True; its options must be plain data, "
            f"got {value!r}."
        )
        raise InvalidArgumentError(message)

    return {name: wire_value(value, refuse, passes=False) for name, value in options.items()}


def wire_options(options: Mapping[str, Any], scope: CallScope) -> dict[str, Any]:
    """Prepares options; what has no form of its own on the wire is held and sent by reference."""
    return {name: _wire_option(name, value, scope) for name, value in options.items()}


def _wire_option(name: str, value: Any, scope: CallScope) -> Any:
    if name == "tokenizer" and value is not None:
        return wire_object(scope.hold(value))
    if name == DATASET and value is not None:
        return wire_dataset(value, scope.hold)
    if name == "tools":
        return wire_tools(value, scope)
    return wire_value(value, scope.hold, passes=False)


def wire_wrappers(wrappers: tuple[WrapperSpec, ...], scope: CallScope) -> list[Any]:
    """Prepares wrappers for `make`."""
    return [[name, wire_options(options, scope)] for name, options in wrappers]
