"""Wrappers by name, as trainers' command lines spell them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any

from gem._bridge.errors import UnknownWrapperError
from gem.core import Env
from gem.tools.tool_env_wrapper import ToolEnvWrapper
from gem.wrappers.episode_tracking_wrapper import EpisodeTrackingWrapper
from gem.wrappers.observation_wrapper import ObservationWrapper

WrapperFn = Callable[..., Env]
"""Takes an environment (and options) and gives it wrapped."""

WRAPPER_FACTORY: dict[str, WrapperFn] = {
    "python_tool": partial(ToolEnvWrapper, preset="python_tool"),
    "python_tool_no_int_reward": partial(ToolEnvWrapper, preset="python_tool_no_int_reward"),
    "python_tool_no_int_reward_last_line_error": partial(
        ToolEnvWrapper, preset="python_tool_no_int_reward_last_line_error"
    ),
    "search_tool": partial(ToolEnvWrapper, preset="search_tool"),
    "search_tool_no_int_reward": partial(ToolEnvWrapper, preset="search_tool_no_int_reward"),
    "concat": partial(ObservationWrapper, include_action=False, include_chat_template=False),
    "concat_chat": partial(ObservationWrapper, include_action=True, include_chat_template=True),
    "concat_with_action": partial(
        ObservationWrapper, include_action=True, include_chat_template=False
    ),
    "concat_chat_on_reset": partial(
        ObservationWrapper,
        include_action=True,
        include_chat_template=False,
        apply_chat_template_on_reset=True,
    ),
    "episode_tracking": EpisodeTrackingWrapper,
}
"""Name → what wraps an environment; further options can be given with `functools.partial`."""

_WITH_TOKENIZER = ("concat_chat", "concat_chat_on_reset")


def get_wrapper_fns(wrappers: str | None, tokenizer: Any = None) -> list[WrapperFn]:
    """Gives the wrappers that a comma-separated list names, the first innermost.

    Args:
        wrappers: names without spaces; empty or None: no wrappers.
        tokenizer: bound to the wrappers that use a chat template.

    Raises:
        UnknownWrapperError: when a name is unknown; spaces are part of a name.
    """
    if not wrappers:
        return []
    return [_bind(name, tokenizer) for name in wrappers.split(",")]


def _bind(name: str, tokenizer: Any) -> WrapperFn:
    wrapper = WRAPPER_FACTORY.get(name)
    if wrapper is None:
        near = difflib.get_close_matches(name, WRAPPER_FACTORY, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        names = ", ".join(WRAPPER_FACTORY)
        message = f"Unknown wrapper {name!r}.{hint} The wrappers are: {names}."
        raise UnknownWrapperError(message)
    if tokenizer is None or name not in _WITH_TOKENIZER:
        return wrapper
    return partial(wrapper, tokenizer=tokenizer)
