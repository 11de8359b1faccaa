"""Gymnasium's environments with numbered actions: what they show, as plain data and as text."""

from __future__ import annotations

import importlib
import random
import re
import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class GymnasiumError(Exception):
    """A caller's mistake, with a code of the server's."""

    def __init__(self, gem_code: str, message: str) -> None:
        """Joins a code and a sentence."""
        super().__init__(message)
        self.gem_code = gem_code


class GymnasiumEnv:
    """One environment.

    `reset` and `step` give `{values, picture}`: the observation in numbers, lists and maps, and how
    the environment draws itself in text, or None.
    """

    def __init__(self, env_id: str, options: Mapping[str, Any]) -> None:
        """Makes an environment by Gymnasium's id."""
        gymnasium = importlib.import_module("gymnasium")
        self._has_picture = "ansi" in _render_modes(gymnasium, env_id)
        given = {"render_mode": "ansi"} | dict(options) if self._has_picture else dict(options)
        with warnings.catch_warnings():
            # Old versions are asked for by name here, so there is nothing to warn of.
            warnings.simplefilter("ignore")
            try:
                self._env = gymnasium.make(env_id, disable_env_checker=True, **given)
            except (TypeError, ValueError, KeyError) as error:
                message = f"Gymnasium's {env_id} refuses {dict(options)}: {error}"
                raise GymnasiumError("GEM_INVALID_OPTION", message) from error
        actions = self._env.action_space
        if type(actions).__name__ != "Discrete":
            message = f"{env_id} has actions of {actions}; only Discrete ones can be written."
            raise GymnasiumError("GEM_UNSUPPORTED", message)
        self._actions = range(int(actions.start), int(actions.start + actions.n))
        self._seed = 0
        self._steps = 0

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Starts an episode; without a seed, from one drawn from the process's generator."""
        self._seed = random.getrandbits(64) if seed is None else seed
        self._steps = 0
        values, info = self._env.reset(seed=self._seed, options=options)
        return self._observation(values), _plain(info)

    def step(self, action: str | None) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Plays an action, given as its number in digits.

        Raises:
            GymnasiumError: when it is no action's number.
        """
        if not (action and action.isdecimal() and int(action) in self._actions):
            message = f"There is no action {action!r}; their numbers are {list(self._actions)}."
            raise GymnasiumError("GEM_INVALID_ACTION", message)
        self._steps += 1
        with warnings.catch_warnings():
            # Going on after the end is up to the caller.
            warnings.simplefilter("ignore")
            values, reward, terminated, truncated, info = self._env.step(int(action))
        shown = self._observation(values)
        return shown, float(reward), bool(terminated), bool(truncated), _plain(info)

    def sample_random_action(self) -> str:
        """An action's number: one for each step of an episode, so that a copy draws the same."""
        return str(random.Random(f"{self._seed} {self._steps}").choice(self._actions))

    def close(self) -> None:
        """Lets go of what the environment holds."""
        self._env.close()

    def _observation(self, values: Any) -> dict[str, Any]:
        picture = _COLOURS.sub("", str(self._env.render())) if self._has_picture else None
        return {"values": _plain(values), "picture": picture}


def make(env_id: str, **options: Any) -> GymnasiumEnv:
    """Makes an environment by Gymnasium's id, or ours with `gym:` before it.

    Raises:
        GymnasiumError: when an option does not fit, or its actions are not numbered.
    """
    return GymnasiumEnv(env_id.removeprefix("gym:"), options)


def catalogue() -> dict[str, int]:
    """The registered ids that can be made here, with how many numbered actions they have."""
    gymnasium = importlib.import_module("gymnasium")
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for env_id in gymnasium.registry:
            try:
                actions = gymnasium.make(env_id).action_space
            except Exception:
                # It needs a package that is not there.
                continue
            if type(actions).__name__ == "Discrete":
                found[env_id] = int(actions.n)
    return found


def versions() -> dict[str, str]:
    """What is installed."""
    return {"gymnasium": version("gymnasium")}


def _render_modes(gymnasium: Any, env_id: str) -> list[str]:
    spec = gymnasium.registry.get(env_id)
    if spec is None:
        message = f'Gymnasium has no environment "{env_id}".'
        raise GymnasiumError("GEM_UNKNOWN_ENV", message)
    entry = spec.entry_point
    if isinstance(entry, str):
        module, _, name = entry.partition(":")
        entry = getattr(importlib.import_module(module), name)
    return list(getattr(entry, "metadata", {}).get("render_modes", []))


def _plain(value: Any) -> Any:
    """The same with Python's own numbers, strings, lists and maps."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    # NumPy's scalars and arrays.
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {"catalogue": catalogue}
