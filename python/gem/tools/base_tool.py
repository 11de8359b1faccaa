"""What every tool derives from."""

from __future__ import annotations

import abc
from typing import ClassVar


class BaseTool(abc.ABC):
    """Something an agent calls by writing a certain form into its reply.

    A subclass written in Python stays in this process; `ToolEnvWrapper` takes it beside built-in
    tools.
    """

    tool_type: ClassVar[str] = "base"
    """The kind of tool; goes into `info["tool_type"]`."""

    def __init__(self, num_workers: int = 1) -> None:
        """Makes a tool.

        Args:
            num_workers: kept as an attribute; changes nothing here.
        """
        self.num_workers = num_workers

    @abc.abstractmethod
    def instruction_string(self) -> str:
        """Says to the agent what the tool does and how it is called."""

    @abc.abstractmethod
    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        """Looks for a call in an action and runs it.

        Args:
            action: the model's whole reply.

        Returns:
            Whether there was a call, whether it failed, the observation, and the part of the action
            that counts.
        """
