"""Searching passages; see `src/tools/search/`."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from gem._bridge.remote_tool import RemoteTool


class SearchTool(RemoteTool):
    """Asks a search server for passages.

    A server that is down is an error in the observation, as upstream tells it; in a wrapper
    `info["gem"]` has the fault as well.
    """

    tool_type: ClassVar[str] = "search"
    _gem_is_built_in: ClassVar[bool] = True
    _gem_faults_are_text: ClassVar[bool] = True

    def __init__(
        self,
        num_workers: int = 1,
        search_url: str | None = None,
        topk: int = 3,
        timeout: float = 5,
        message_format: str = "msgpack",
    ) -> None:
        """Makes a tool; starts nothing.

        Args:
            num_workers: kept as an attribute; changes nothing here.
            search_url: the search server's address; None: the variable `SEARCH_URL` of this
                process, read at each search until it names one.
            topk: how many passages are asked for.
            timeout: how long a search may take, in seconds.
            message_format: how the server is asked: "msgpack", as upstream's servers are, or
                "json", as Search-R1's are.
        """
        super().__init__(num_workers)
        self._search_url = search_url
        self.topk = topk
        self.timeout = timeout
        self.message_format = message_format

    @property
    def search_url(self) -> str | None:
        """The search server's address as far as it is known."""
        return self._search_url or os.environ.get("SEARCH_URL")

    @search_url.setter
    def search_url(self, url: str | None) -> None:
        self._search_url = url

    def _gem_options(self) -> dict[str, Any]:
        return {
            "search_url": self.search_url,
            "topk": self.topk,
            "timeout": self.timeout,
            "message_format": self.message_format,
        }

    def _gem_wrapper_options(self) -> dict[str, Any]:
        options = self._gem_options()
        if options["search_url"] is None:
            # The server asks this object for it, at each search until it knows one.
            options["search_url"] = self
        return options
