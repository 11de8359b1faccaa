"""What this process's objects answered during a call, so that none is asked twice for one thing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gem._bridge.objects import NeedItem

_PURE = frozenset({"apply_chat_template"})
"""What may be asked again, and so need not be kept."""

_NO_ANSWER = object()
_REFUSED = [False, ["ReplayError", "This was not asked when the call was made first.", 0]]


class Answers:
    """The answers of one call, in the order given; a call that is repeated gets them again."""

    __slots__ = ("_again", "_given")

    def __init__(self, earlier: Answers | None = None) -> None:
        """Starts with what an earlier attempt at the call was answered."""
        self._given: list[tuple[int, str, Any]] = []
        self._again: dict[tuple[int, str], deque[Any]] = {}
        for ref, method, outcome in () if earlier is None else earlier._all():
            self._again.setdefault((ref, method), deque()).append(outcome)

    def __len__(self) -> int:
        """Counts what was answered."""
        return len(self._given)

    def take(
        self, items: Sequence[NeedItem], ask: Callable[[Sequence[NeedItem]], Sequence[Any]]
    ) -> list[Any]:
        """Gives one outcome for each item of a need; `ask` gives those of what is new."""
        outcomes = [self._known(item) for item in items]
        missing = [index for index, outcome in enumerate(outcomes) if outcome is _NO_ANSWER]
        if missing:
            for index, outcome in zip(missing, ask([items[i] for i in missing]), strict=True):
                outcomes[index] = outcome
        for item, outcome in zip(items, outcomes, strict=True):
            if item[1] not in _PURE:
                self._given.append((item[0], item[1], outcome))
        return outcomes

    def _all(self) -> list[tuple[int, str, Any]]:
        """What was given, and what was to be given again and has not been asked for yet."""
        rest = [
            (ref, method, outcome)
            for (ref, method), outcomes in self._again.items()
            for outcome in outcomes
        ]
        return self._given + rest

    def _known(self, item: NeedItem) -> Any:
        again = self._again.get((item[0], item[1]))
        return again.popleft() if again else _NO_ANSWER


class Played(Answers):
    """The answers of a call that was played to its end: nobody is asked anything new."""

    __slots__ = ()

    def take(
        self, items: Sequence[NeedItem], ask: Callable[[Sequence[NeedItem]], Sequence[Any]]
    ) -> list[Any]:
        """Gives what was answered then; what is new, and might do something, fails."""

        def ask_pure(new: Sequence[NeedItem]) -> list[Any]:
            return [ask([item])[0] if item[1] in _PURE else _REFUSED for item in new]

        return super().take(items, ask_pure)


class Silence(Answers):
    """Answers everything with nothing, without asking anybody."""

    __slots__ = ()

    def take(
        self, items: Sequence[NeedItem], ask: Callable[[Sequence[NeedItem]], Sequence[Any]]
    ) -> list[Any]:
        """Gives None for each item."""
        return [[True, None] for _ in items]
