"""How conversations become texts."""

from __future__ import annotations

from typing import Any

Message = dict[str, str]


class Renderer:
    """Writes conversations as they are."""

    def get_stop_sequences(self) -> list[str]:
        """Where replies stop."""
        return ["\n"]

    def build_generation_prompt(self, messages: list[Message]) -> list[Message]:
        """Gives the conversation so far."""
        return list(messages)

    def parse_response(self, action: Any) -> tuple[Message, bool]:
        """Reads a reply, which is a text here."""
        return {"role": "assistant", "content": action}, True


def get_renderer(name: str, tokenizer: Any) -> Renderer:
    """Gives the one that there is."""
    return Renderer()
