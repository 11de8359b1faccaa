"""Wrappers by name, as trainers' command lines spell them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any

from gem._bridge.errors import UnknownWrapperError
from gem.core import Env
from gem.tools.base_tool import BaseTool
from gem.tools.python_code_tool import PythonCodeTool
from gem.tools.search_tool import SearchTool
from gem.tools.tool_env_wrapper import ToolEnvWrapper
from gem.wrappers.episode_tracking_wrapper import EpisodeTrackingWrapper
from gem.wrappers.observation_wrapper import ObservationWrapper

WrapperFn = Callable[..., Env]
"""Takes an environment (and options) and gives it wrapped."""


def _tools(tool: BaseTool, tool_reward: float = 0.0, success_reward: float = 0.0) -> WrapperFn:
    return partial(
        ToolEnvWrapper,
        tools=[tool],
        tool_reward=tool_reward,
        tool_success_reward=success_reward,
        max_tool_uses=5,
    )


WRAPPER_FACTORY: dict[str, WrapperFn] = {
    "python_tool": _tools(PythonCodeTool(timeout=5), 0.05, 0.25),
    "python_tool_no_int_reward": _tools(PythonCodeTool(timeout=5)),
    "python_tool_no_int_reward_last_line_error": _tools(
        PythonCodeTool(timeout=5, keep_error_last_line=True)
    ),
    "search_tool": _tools(SearchTool(topk=3, timeout=5), 0.3),
    "search_tool_no_int_reward": _tools(SearchTool(topk=3, timeout=5)),
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
