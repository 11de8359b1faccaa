"""Checks of what callers pass, before anything is sent."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gem._bridge.errors import (
    ActionCountError,
    InvalidActionError,
    InvalidArgumentError,
    InvalidSeedError,
    UnknownEnvError,
    UnknownOptionError,
)
from gem._bridge.values import wire_int
from gem.utils.seeding import check_seed


def wire_seed(seed: object) -> Any:
    """Prepares a seed or None.

    Raises:
        InvalidSeedError: when it is neither None nor a non-negative integer.
    """
    return None if seed is None else wire_int(check_seed(seed))


def check_env_id(env_id: object) -> str:
    """Gives an environment's id as a plain string.

    Raises:
        UnknownEnvError: when it is no string.
    """
    if isinstance(env_id, str):
        return str(env_id)
    message = (
        f"An environment id is a string such as 'game:GuessTheNumber-v0-easy', got {_show(env_id)}."
    )
    raise UnknownEnvError(message)


def split_make_vec(
    env_ids: object,
    num_envs: int | None,
    vec_kwargs: Sequence[Mapping[str, Any]] | None,
    kwargs: Mapping[str, Any],
) -> tuple[list[str], list[dict[str, Any]]]:
    """Gives the id and the options of each environment of a vector, as maps of its own.

    Raises:
        InvalidArgumentError: without ids, when `num_envs` does not fit, with too few `vec_kwargs`.
        UnknownEnvError: when an id is no string.
    """
    if isinstance(env_ids, str):
        ids = [str(env_ids)] * (1 if num_envs is None else num_envs)
    elif isinstance(env_ids, Iterable):
        ids = [check_env_id(env_id) for env_id in env_ids]
    else:
        message = f"make_vec() needs an id or a list of ids, got {_show(env_ids)}."
        raise InvalidArgumentError(message)
    if not ids or num_envs not in (None, len(ids)):
        message = (
            "A vector needs at least one environment, and num_envs must be their number; got "
            f"{len(ids)} ids and num_envs={num_envs}."
        )
        raise InvalidArgumentError(message)
    if vec_kwargs is None:
        return ids, [dict(kwargs) for _ in ids]
    if len(vec_kwargs) < len(ids):
        message = (
            f"vec_kwargs needs one map for each of {len(ids)} environments, got {len(vec_kwargs)}."
        )
        raise InvalidArgumentError(message)
    return ids, [{**own, **kwargs} for own in vec_kwargs[: len(ids)]]


def check_action(action: object) -> str | None:
    """Gives an action as a plain string or None.

    Raises:
        InvalidActionError: when it is neither.
    """
    if action is None:
        return None
    if isinstance(action, str):
        return str(action)
    message = (
        f"An action must be a string (the model's reply), got {_show(action)}. "
        "Decode tokens to text first."
    )
    raise InvalidActionError(message)


def split_actions(
    actions: object, count: int, verb: str = "step"
) -> tuple[list[str | None], list[int] | None]:
    """Gives a vector's actions, and the positions of the environments that step (None: all).

    Raises:
        InvalidActionError: when they are neither a sequence nor a map, or one of them is no string.
        ActionCountError: when a sequence has not one action for each of `count` environments.
        InvalidArgumentError: when a map's key is no position.
    """
    if type(actions) is list and len(actions) == count:  # The usual case, and the quickest.
        return _check_each(actions), None
    if isinstance(actions, Mapping):
        return _check_each(list(actions.values())), [_position(key, count) for key in actions]
    if isinstance(actions, (str, bytes)) or not isinstance(actions, Sequence):
        message = (
            f"{verb}() of a vector takes a list of actions, or a map from position to action, "
            f"got {_show(actions)}."
        )
        raise InvalidActionError(message)
    if len(actions) != count:
        message = f"{verb}() needs one action for each of {count} environments, got {len(actions)}."
        raise ActionCountError(message)
    return _check_each(list(actions)), None


def check_ids(ids: object, count: int) -> Sequence[int]:
    """Gives positions of environments, each named once; all of them for None.

    Raises:
        InvalidArgumentError: when they are no sequence of positions, or one comes twice.
    """
    if ids is None:
        return range(count)
    if not _is_sequence(ids):
        message = f"ids must be a sequence of positions, got {_show(ids)}."
        raise InvalidArgumentError(message)
    positions = [_position(key, count) for key in ids]  # type: ignore[attr-defined]
    if len({*positions}) != len(positions):
        message = f"ids must name each environment once, got {_show(positions)}."
        raise InvalidArgumentError(message)
    return positions


def split_sent_actions(
    actions: object, ids: object, count: int
) -> tuple[list[str | None], Sequence[int]]:
    """Gives the actions that are sent, and the positions of the environments that get them.

    Raises:
        InvalidActionError, ActionCountError, InvalidArgumentError: as `split_actions`.
    """
    if ids is None:
        values, named = split_actions(actions, count, "send")
        return values, range(count) if named is None else named
    positions = check_ids(ids, count)
    if isinstance(actions, Mapping):
        message = "send() takes ids or a map from position to action, not both."
        raise InvalidArgumentError(message)
    return split_actions(actions, len(positions), "send")[0], positions


def split_sent_seeds(seeds: object, positions: Sequence[int]) -> list[Any] | None:
    """Gives a prepared seed or None for each position; None: none has one.

    Raises:
        InvalidSeedError: when a seed is no non-negative integer, or a sequence has another length.
    """
    if seeds is None:
        return None
    if not _is_sequence(seeds):
        first = check_seed(seeds)
        return [wire_int(first + position) for position in positions]
    return split_seeds(seeds, len(positions), "send_reset")


def check_count(name: str, value: object, least: int) -> int:
    """Gives an integer of at least `least`.

    Raises:
        InvalidArgumentError: when it is none.
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if number >= least:
        return number
    message = f"{name} must be an integer from {least} on, got {_show(value)}."
    raise InvalidArgumentError(message)


def check_max_wait(seconds: object) -> float | None:
    """Gives a number of seconds or None.

    Raises:
        InvalidArgumentError: when it is neither, or negative.
    """
    if seconds is None:
        return None
    if isinstance(seconds, (int, float)) and seconds >= 0:
        return float(seconds)
    message = f"max_wait must be None or seconds from 0 on, got {_show(seconds)}."
    raise InvalidArgumentError(message)


def split_seeds(seed: object, count: int, verb: str = "reset") -> list[Any] | None:
    """Gives a prepared seed or None for each environment of a vector; None: none has one.

    An integer s seeds environment i with s + i.

    Raises:
        InvalidSeedError: when a seed is no non-negative integer, or a sequence has another length.
    """
    if seed is None:
        return None
    if not _is_sequence(seed):
        first = check_seed(seed)
        return [wire_int(first + index) for index in range(count)]
    seeds = list(seed)  # type: ignore[call-overload]
    if len(seeds) == count:
        return [wire_seed(item) for item in seeds]
    message = f"{verb}() needs one seed for each of {count} environments, got {len(seeds)}."
    raise InvalidSeedError(message)


def split_reset_options(kwargs: Mapping[str, Any], count: int) -> dict[int, Mapping[str, Any]]:
    """Gives single environments' reset options by position, from keywords `env{i}_kwargs`.

    Raises:
        UnknownOptionError: for any other keyword.
        InvalidArgumentError: when there is no such environment, or the options are no map.
    """
    options: dict[int, Mapping[str, Any]] = {}
    for name, value in kwargs.items():
        digits = name.removeprefix("env").removesuffix("_kwargs")
        if name != f"env{digits}_kwargs" or not digits.isdecimal():
            message = (
                f"reset() of a vector got an unexpected keyword argument {name!r}; it takes seed "
                "and env{i}_kwargs."
            )
            raise UnknownOptionError(message)
        if not isinstance(value, Mapping):
            message = f"{name} must map names to values, got {_show(value)}."
            raise InvalidArgumentError(message)
        options[_position(int(digits), count)] = value
    return options


def _check_each(actions: list[Any]) -> list[str | None]:
    if {*map(type, actions)} <= {str, type(None)}:
        return actions
    return [check_action(action) for action in actions]


def _position(key: object, count: int) -> int:
    try:
        position = operator.index(key)  # type: ignore[arg-type]
    except TypeError:
        position = -1
    if 0 <= position < count and not isinstance(key, bool):
        return position
    message = (
        f"An environment's position must be an integer from 0 to {count - 1}, got {_show(key)}."
    )
    raise InvalidArgumentError(message)


def _is_sequence(value: object) -> bool:
    """Whether a value lists others: a sequence that is no text, or an array of one dimension."""
    if isinstance(value, Sequence):
        return not isinstance(value, (str, bytes))
    return getattr(value, "ndim", 0) == 1


def _show(value: object) -> str:
    text = repr(value)
    if len(text) > 80:
        text = f"{text[:77]}..."
    return f"{text} ({type(value).__name__})"
