"""Showing the agent the history of the episode; see `src/wrappers/observation.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.errors import UnsupportedError
from gem._bridge.remote_wrapper import RemoteWrapper
from gem.core import Env


class ObservationWrapper(RemoteWrapper):
    """Shows the history as one text: with or without actions, plain or through a chat template."""

    _gem_class: ClassVar[str] = "ObservationWrapper"
    _gem_options: ClassVar[dict[str, Any]] = {
        "include_action": True,
        "include_chat_template": True,
        "apply_chat_template_on_reset": False,
        "max_history_length": None,
        "tokenizer": None,
    }

    def __init__(
        self,
        env: Env,
        include_action: bool = True,
        include_chat_template: bool = True,
        apply_chat_template_on_reset: bool = False,
        max_history_length: int | None = None,
        tokenizer: Any = None,
    ) -> None:
        """Wraps `env`.

        Args:
            env: any environment whose observations are text.
            include_action: whether the agent's own actions are shown.
            include_chat_template: whether the history goes through the tokenizer's chat template.
            apply_chat_template_on_reset: whether only the first observation does.
            max_history_length: how many earlier turns are shown; None or 0: all.
            tokenizer: has `apply_chat_template(messages, tokenize, add_generation_prompt)`; shared,
                never copied.

        Raises:
            InvalidOptionError: when the options contradict each other.
        """
        super().__init__(
            env,
            include_action=include_action,
            include_chat_template=include_chat_template,
            apply_chat_template_on_reset=apply_chat_template_on_reset,
            max_history_length=max_history_length,
            tokenizer=tokenizer,
        )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuses an override that would never be called."""
        super().__init_subclass__(**kwargs)
        if "observation" in vars(cls):
            message = (
                f"{cls.__name__}.observation() would never be called: the text is composed in the "
                "server. Override reset() and step() and change what super() returns."
            )
            raise UnsupportedError(message)
