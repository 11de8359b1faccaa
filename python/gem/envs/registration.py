"""Registering and making environments."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gem.core import Env

if TYPE_CHECKING:
    import os

    from gem.vector.vector_env import AutoresetMode, VectorEnv


def register(
    env_id: str, entry_point: Callable[..., Any] | str, *, host: bool = False, **kwargs: Any
) -> None:
    """Registers an environment written in Python.

    Args:
        env_id: for example "game:ReverseString".
        entry_point: a class, a function, or "module:Class", imported when an environment is made.
        host: False: it runs in the process that makes it. True: in a process of its own beside the
            server, which shares no interpreter lock with the trainer, may crash without harm to
            others, and is ended when a call takes longer than `GEM_HOST_DEADLINE` seconds; its
            options, observations and infos must be plain data.
        **kwargs: what it is called with.

    Raises:
        DuplicateEnvError: when the id is taken. An id of the server is noticed now when the server
            runs already, else when an environment is made.
    """
    from gem._bridge import python_envs

    python_envs.add(env_id, entry_point, kwargs, host=host)


def make(
    env_id: str,
    *,
    on_fault: str = "raise",
    deadline: float | None = None,
    record: str | os.PathLike[str] | None = None,
    record_observations: bool = False,
    **kwargs: Any,
) -> Env:
    """Makes an environment.

    Args:
        env_id: a registered id; `print_envs()` lists them.
        on_fault: what becomes of a fault (a crash, a call beyond its deadline, a service that is
            away): "raise": an exception; "retry": up to three attempts in fresh environments, then
            as "mask"; "mask": a step without an observation that earns 0.0 and is truncated, whose
            `info["gem"]` says why.
        deadline: seconds that one reset or step may run; None: 600, or what its kind has.
        record: a file that its episodes are appended to, for `gem replay`; None: what `GEM_RECORD`
            says.
        record_observations: whether observations are written whole, and not their hashes alone.
        **kwargs: the environment's options, among them `seed` (what its generators start from) and
            `prompts` (texts that replace its own).

    Raises:
        UnknownEnvError: when nothing is registered under the id; the message has the nearest.
        UnknownOptionError, InvalidOptionError: when it does not take an option or its value.
        InvalidArgumentError: when `on_fault` or `deadline` is none of the above, or `record` cannot
            be written.
        UnsupportedError: with one of them for an object of this process, which no server guards.
    """
    from dataclasses import replace

    from gem._bridge import python_envs
    from gem._bridge.arguments import check_env_id
    from gem._bridge.fault_policy import fault_policy, refuse_alone
    from gem._bridge.making import make_one
    from gem._bridge.recipe import Recipe
    from gem._bridge.record_wish import record_wish, refuse_recording
    from gem._bridge.remote_wrapper import proxy_of

    policy = fault_policy(on_fault, deadline)
    wish = record_wish(record, record_observations)
    spec = python_envs.REGISTRY.get(check_env_id(env_id))
    if spec is None:
        return proxy_of(make_one(Recipe(env_id, kwargs, policy=policy, record=wish)))
    if spec.program is None:
        refuse_alone(env_id, policy)
        refuse_recording(env_id, wish)
        return python_envs.construct(spec, kwargs)
    recipe = python_envs.hosted_recipe(spec, kwargs)
    return proxy_of(make_one(replace(recipe, policy=policy, record=wish)))


def make_vec(
    env_ids: str | Sequence[str] | Mapping[str, float] | None = None,
    wrappers: Sequence[Callable[..., Env]] | int | None = None,
    vec_kwargs: Sequence[Mapping[str, Any]] | Mapping[str, Mapping[str, Any]] | None = None,
    async_mode: bool = False,
    seed: int = 0,
    *,
    autoreset_mode: str | AutoresetMode = "SameStep",
    env_id: str | None = None,
    num_envs: int | None = None,
    on_fault: str = "raise",
    deadline: float | None = None,
    record: str | os.PathLike[str] | None = None,
    record_observations: bool = False,
    **kwargs: Any,
) -> VectorEnv:
    """Makes a vector of environments.

    Args:
        env_ids: one id for each environment; a single one is repeated `num_envs` times. A map from
            id to weight: each environment plays another of the ids in each episode, drawn by its
            seed and the number of the episode alone; `info["mixture_id"]` names it.
        wrappers: wrap each environment, the first innermost: entries of `WRAPPER_FACTORY`, wrapper
            classes, or any callables that take an environment and give one.
        vec_kwargs: options of single environments, by position; those of a mixture by id.
        async_mode: whether environments written in Python step at the same time, on threads.
        seed: environment i is made with `seed + i` unless `vec_kwargs[i]` has a seed.
        autoreset_mode: `AutoresetMode`, "SameStep" or "NextStep".
        env_id: an older name of `env_ids`.
        num_envs: how often a single id is repeated; also accepted in the place of `wrappers`.
        on_fault: what becomes of an environment's fault. "raise": an exception, once the others
            have stepped; its `partial` has what they did. "retry": up to three attempts in fresh
            environments, then as "mask". "mask": the environment's step earns 0.0 and is truncated,
            `info["gem"]` says why, a fresh environment goes on, and `fault_mask` is True there.
        deadline: seconds that one reset or step of an environment may run; None: 600, or what its
            kind has. Objects of this process have none.
        record: a file that all episodes are appended to, for `gem replay`; None: what `GEM_RECORD`
            says. Wrappers of your own around an environment are not recorded, what it sees is.
        record_observations: whether observations are written whole, and not their hashes alone.
        **kwargs: options of all environments; they win over `vec_kwargs`.

    Raises:
        UnknownEnvError, UnknownOptionError, InvalidOptionError: as `make`.
        InvalidArgumentError: when the arguments do not fit together, or `record` cannot be written.
    """
    from gem._bridge.arguments import split_make_vec
    from gem._bridge.fault_policy import fault_policy
    from gem._bridge.make_vec import make_vector_members
    from gem._bridge.members import Mode
    from gem._bridge.record_wish import record_wish
    from gem.utils.seeding import check_seed
    from gem.vector.async_vector_env import AsyncVectorEnv
    from gem.vector.mixture import Mixture, count_of
    from gem.vector.sync_vector_env import SyncVectorEnv
    from gem.vector.vector_env import autoreset_mode_of

    mode = autoreset_mode_of(autoreset_mode)
    policy = fault_policy(on_fault, deadline)
    if isinstance(wrappers, int):
        num_envs, wrappers = wrappers, None
    wanted = env_ids if env_id is None else env_id
    makes: Sequence[str | Mixture]
    options: Sequence[Mapping[str, Any]]
    if isinstance(wanted, Mapping):
        mixture = Mixture(wanted, vec_kwargs, kwargs)  # type: ignore[arg-type]
        makes = [mixture] * count_of(mixture.name, num_envs)
        ids, options = [mixture.name] * len(makes), [{} for _ in makes]
    else:
        ids, options = split_make_vec(wanted, num_envs, vec_kwargs, kwargs)  # type: ignore[arg-type]
        makes = ids
    members = make_vector_members(
        makes,
        options,
        check_seed(seed),
        list(wrappers or ()),
        Mode(mode.value, bool(async_mode), policy),
        record_wish(record, record_observations),
    )
    return (AsyncVectorEnv if async_mode else SyncVectorEnv)._gem_of(ids, members, mode)


def print_envs() -> None:
    """Prints every environment: those of the server, then those registered from Python."""
    from gem._bridge import python_envs, server
    from gem._bridge.proxy_classes import entry_point

    environments = server.client().environments()
    lines = ["Registered environments:"]
    for env_id, (class_name, options) in environments.items():
        lines += _describe(env_id, entry_point(class_name), options)
    for spec in python_envs.REGISTRY.values():
        lines += _describe(spec.id, spec.entry_point, spec.kwargs)
    sys.stdout.write("\n".join(lines) + "\n")


def _describe(env_id: str, entry_point: object, options: Mapping[str, Any]) -> list[str]:
    return [
        f"  - {env_id}",
        f"      entry point: {entry_point}",
        f"      options: {dict(options)}",
    ]


def __getattr__(name: str) -> Any:
    """Gives `ENV_REGISTRY` and `EnvSpec` without loading the bridge before they are asked for."""
    if name not in ("ENV_REGISTRY", "EnvSpec"):
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from gem._bridge import python_envs

    return python_envs.REGISTRY if name == "ENV_REGISTRY" else python_envs.EnvSpec
