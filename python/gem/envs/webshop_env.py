"""Shopping in a simulated shop; see `src/envs/webshop/`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from gem._bridge.remote_env import RemoteEnv


class WebshopEnv(RemoteEnv):
    """Find what a customer asks for, choose its options and buy it."""

    _gem_class: ClassVar[str] = "WebshopEnv"

    def __init__(
        self,
        observation_mode: str = "text",
        split: str = "train",
        max_turns: int = 15,
        show_attrs: bool = False,
        session: str | int | None = None,
        session_prefix: str | None = None,
        error_tolerance: int = 15,
        format_error_reward: float = -0.1,
        data_folder: str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> None:
        """Makes an environment; the shop is opened at the first reset.

        Args:
            observation_mode: how pages are shown: "text", "text_rich", "html" or "url".
            split: which customers: "train" or "test".
            max_turns: how many actions there are.
            show_attrs: whether a product's attributes can be looked at.
            session: what every reset is for: a customer's name, or the number of a goal.
            session_prefix: what stands before the names of sessions.
            error_tolerance: so many replies that cannot be read are borne.
            format_error_reward: what such a reply earns.
            data_folder: where the shop lies that `gem webshop build` made; None: `GEM_WEBSHOP`,
                else `.cache/webshop` below the working folder, else the user's cache.
            **options: `seed`, `prompts`.
        """
        folder = None if data_folder is None else str(Path(data_folder).absolute())
        super().__init__(
            observation_mode=observation_mode,
            split=split,
            max_turns=max_turns,
            show_attrs=show_attrs,
            session=session,
            session_prefix=session_prefix,
            error_tolerance=error_tolerance,
            format_error_reward=format_error_reward,
            data_folder=folder,
            **options,
        )
