"""Finding a way between pages by links alone; see `src/envs/games/wiki-game`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from gem._bridge.game_env import GameEnv

_PAGES = frozenset({"start_page", "target_page", "current_page"})


class WikiPage(dict[str, Any]):
    """A page; its entries are attributes, too."""

    def __getattr__(self, name: str) -> Any:
        """Reads an entry."""
        try:
            return self[name]
        except KeyError:
            message = f"A page has no attribute {name!r}; it has {', '.join(self)}."
            raise AttributeError(message, name=name, obj=self) from None


class WikiGameEnv(GameEnv):
    """Find a way from one page to another.

    A page (`current_page`, `start_page`, `target_page`, the items of `page_history`) is a dict with
    `page_id`, `title`, `content` and `links`, which can be read as its attributes, too.
    `reset(start=, target=)` takes the titles of two pages to go between.
    """

    _gem_class: ClassVar[str] = "WikiGameEnv"

    def __init__(
        self,
        max_turns: int = 10,
        backend: str = "mw",
        trawler_kwargs: Mapping[str, Any] | None = None,
        page_summary_length: tuple[int, str] = (100, "characters"),
        variant: str = "noregrets",
        **kwargs: Any,
    ) -> None:
        """Makes a game; pages are asked for from the first `reset` on.

        Args:
            max_turns: how many moves there are.
            backend: where pages come from: "mw" (a MediaWiki API), "kiwix" (a kiwix-serve), "zim"
                (a ZIM file), "folder" (a folder of JSON files).
            trawler_kwargs: the backend's options, for example `{"path": "wikipedia.zim"}`.
            page_summary_length: how much of a page is shown; units: "characters", "words",
                "sentences".
            variant: which ways back there are: "noregrets", "oneback", "freenav", "eidetic".
            **kwargs: `seed`, `prompts`.
        """
        super().__init__(
            max_turns=max_turns,
            backend=backend,
            trawler_kwargs=trawler_kwargs,
            page_summary_length=page_summary_length,
            variant=variant,
            **kwargs,
        )

    def __getattr__(self, name: str) -> Any:
        """Reads an attribute of the environment; pages as `WikiPage`."""
        value = super().__getattr__(name)
        if name in _PAGES:
            return value if value is None else WikiPage(value)
        return [WikiPage(page) for page in value] if name == "page_history" else value

    def _reset_fixed_page(self, start: str, target: str) -> tuple[Any, dict[str, Any]]:
        """Starts an episode between two pages, as upstream's tests do."""
        return self.reset(start=start, target=target)
