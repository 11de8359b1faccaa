"""What the proxies of all language games share."""

from __future__ import annotations

from gem._bridge.remote_env import RemoteEnv


class GameEnv(RemoteEnv):
    """The proxy of a language game."""

    def get_task_suffix(self) -> str:
        """Gives the text that a wrapper puts after the history: the current board or hint."""
        suffix: str = self._gem.call("call", "get_task_suffix", [])
        return suffix

    def render(self, format: str = "ansi") -> str:
        """Draws the board for people.

        Args:
            format: "ansi" (text with colours for a terminal) or "svg" (a document).

        Raises:
            UnsupportedError: the game has no board.
            InvalidArgumentError: there is no such format.
        """
        picture: str = self._gem.call("call", "render", [format])
        return picture
