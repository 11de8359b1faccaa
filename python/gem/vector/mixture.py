"""Vectors whose environments play another environment of several in each episode."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gem._bridge import python_envs
from gem._bridge.arguments import check_env_id
from gem._bridge.errors import GemError, InvalidArgumentError, UnsupportedError
from gem._bridge.recipe import Recipe, WrapperSpec
from gem._bridge.remote_env import RemoteEnv


class MixtureEnv(RemoteEnv):
    """Plays another environment in each episode; `info["mixture_id"]` names it.

    Attributes of what is played are read through. The logic is in `src/vector/mixture.ts`.
    """

    _gem_class: ClassVar[str] = ""

    def __getattr__(self, name: str) -> Any:
        """Reads an attribute of the mixture, or of the environment that is played."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            stub = vars(self).get("_gem")
            if stub is None or name.startswith("_"):
                raise
            try:
                return stub.call("get", name)
            except GemError as error:
                raise AttributeError(error.message) from error


class Mixture:
    """Ids with weights and options, checked."""

    def __init__(
        self, weights: Mapping[str, float], own: Mapping[str, Mapping[str, Any]] | None, common: Any
    ) -> None:
        """Checks them.

        Args:
            weights: how often each id is played, relative to the others.
            own: options by id.
            common: options of all ids; they win.

        Raises:
            InvalidArgumentError: for weights that are no numbers from 0 on, or all 0; for options
                of an id that is not in the mixture.
            UnsupportedError: for an environment that is an object of this process.
        """
        self.weights = {check_env_id(env_id): weight for env_id, weight in weights.items()}
        if not self.weights:
            message = "A mixture needs at least one id."
            raise InvalidArgumentError(message)
        for env_id, weight in self.weights.items():
            _check_weight(env_id, weight)
        if not any(self.weights.values()):
            message = "A mixture needs an id whose weight is above 0; all are 0."
            raise InvalidArgumentError(message)
        options = _check_options(own, list(self.weights))
        self._parts = [
            (_part(env_id, {**options.get(env_id, {}), **common}), float(weight))
            for env_id, weight in self.weights.items()
        ]
        self.name = f"mixture({', '.join(self.weights)})"

    def recipe(self, options: Mapping[str, Any], wrappers: tuple[WrapperSpec, ...]) -> Recipe:
        """How an environment of it is made; `options` has its seed."""
        return Recipe(self.name, options, wrappers, mixture=tuple(self._parts))


def count_of(mixture: str, num_envs: object) -> int:
    """Gives the number of environments of a vector of a mixture.

    Raises:
        InvalidArgumentError: when it is no integer from 1 on.
    """
    if isinstance(num_envs, int) and not isinstance(num_envs, bool) and num_envs >= 1:
        return num_envs
    message = f"{mixture} needs num_envs, an integer from 1 on, got {num_envs!r}."
    raise InvalidArgumentError(message)


def _check_weight(env_id: str, weight: object) -> None:
    is_number = isinstance(weight, (int, float)) and not isinstance(weight, bool)
    if is_number and 0 <= weight < float("inf"):  # type: ignore[operator]
        return
    message = f"The weight of {env_id!r} must be a number from 0 on, got {weight!r}."
    raise InvalidArgumentError(message)


def _check_options(options: object, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    if options is None:
        return {}
    if not isinstance(options, Mapping):
        message = f"vec_kwargs of a mixture maps ids to options, got {options!r}."
        raise InvalidArgumentError(message)
    for env_id in options:
        if env_id not in ids:
            near = difflib.get_close_matches(str(env_id), ids, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            message = (
                f"vec_kwargs has options for {env_id!r}, which is not in the mixture.{hint} Its "
                f"ids are: {', '.join(ids)}."
            )
            raise InvalidArgumentError(message)
    return options


def _part(env_id: str, options: Mapping[str, Any]) -> Recipe:
    spec = python_envs.REGISTRY.get(env_id)
    if spec is None:
        return Recipe(env_id, options)
    if spec.program is not None:
        return python_envs.hosted_recipe(spec, options)
    message = (
        f"{env_id!r} is an object of this process and cannot be part of a mixture. Register it "
        "with host=True."
    )
    raise UnsupportedError(message)
