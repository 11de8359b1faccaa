"""Environments for the tests of `gem.check_env`: those that keep the contract and others."""

from __future__ import annotations

import random
import threading
from typing import Any, ClassVar

import numpy as np

from gem.core import Env
from gem.errors import ClosedError, ResetNeededError

Step = tuple[Any, Any, Any, Any, Any]


class GoodEnv(Env):
    """Guess a number from 1 to 9, with a generator of its own; ends after `length` guesses."""

    def __init__(self, length: int = 4) -> None:
        self.length = length
        self.random = random.Random()
        self.turn = -1
        self.target = 0

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        if seed is not None:
            self.random.seed(seed)
        self.target = self.random.randint(1, 9)
        self.turn = 0
        return f"guess, hint {self.target % 3}", {
            "suffix": "?",
            "history": [],
            "half": (0.5, 2.0),
        }

    def step(self, action: Any) -> Step:
        self.turn += 1
        if str(self.target) == action:
            return "yes", 1.0, True, False, {"turn": self.turn}
        done = self.turn >= self.length
        return (
            f"no, {self.turn}",
            0.0,
            done,
            done,
            {"turn": self.turn, "seen": {"last": [1]}},
        )

    def sample_random_action(self) -> str:
        return str(self.random.randint(1, 9))


class StrictEnv(GoodEnv):
    """Refuses to step before a reset, as built-in environments do."""

    def step(self, action: Any) -> Step:
        if self.turn < 0:
            raise ResetNeededError("Reset it first.")
        return super().step(action)

    def sample_random_action(self) -> str:
        if self.turn < 0:
            raise ResetNeededError("Reset it first.")
        return super().sample_random_action()


class ArrayEnv(GoodEnv):
    """Observes an array."""

    def step(self, action: Any) -> Step:
        _, *rest = super().step(action)
        return (np.arange(3) * self.turn, *rest)


class MuteEnv(Env):
    """Offers no random actions and draws nothing."""

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        return "say something", {}

    def step(self, action: Any) -> Step:
        return "well", len(action or "") / 2, True, False, {}


class ShortStepEnv(GoodEnv):
    """Gives four values where five belong."""

    def step(self, action: Any) -> Any:
        return super().step(action)[:4]


class RaisingEnv(GoodEnv):
    """Raises at each step."""

    def step(self, action: Any) -> Step:
        raise ValueError("the board fell down")


class PickyEnv(GoodEnv):
    """Raises at what is no number."""

    def step(self, action: Any) -> Step:
        int(action)
        return super().step(action)

    def sample_random_action(self) -> str:
        return "3"


class Marker:
    """An object of a class of its own."""


class MarkedInfoEnv(GoodEnv):
    """Has an object in its info."""

    def step(self, action: Any) -> Step:
        *rest, info = super().step(action)
        return (*rest, {**info, "marker": Marker()})


class NumpyInfoEnv(GoodEnv):
    """Has one of NumPy's numbers in its info."""

    def step(self, action: Any) -> Step:
        *rest, info = super().step(action)
        return (*rest, {**info, "score": np.float64(0.5)})


class SameInfoEnv(GoodEnv):
    """Gives the same info each time."""

    def __init__(self) -> None:
        super().__init__()
        self.info: dict[str, Any] = {}

    def step(self, action: Any) -> Step:
        *rest, _ = super().step(action)
        return (*rest, self.info)


class EntropyEnv(GoodEnv):
    """Seeds itself from the operating system, whatever it is told."""

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        if seed is not None:
            self.random.seed(random.SystemRandom().getrandbits(64))
        return super().reset()


class RestartingEnv(GoodEnv):
    """Starts over from its seed when it is reset without one."""

    last = 0

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        self.last = self.last if seed is None else seed
        return super().reset(self.last)


class GlobalRandomEnv(Env):
    """Draws from Python's global generator, as upstream's environments do."""

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed)
        return f"rolled {random.random()}", {}

    def step(self, action: Any) -> Step:
        return f"rolled {random.random()}", 0.0, False, False, {}


class SharingCopiesEnv(GoodEnv):
    """Its copies share its generator."""

    def __deepcopy__(self, memo: dict[int, Any]) -> SharingCopiesEnv:
        new = type(self)(self.length)
        vars(new).update(vars(self))
        return new

    def get_state(self) -> Any:
        return self.random

    def set_state(self, state: Any) -> None:
        self.random = state


class UncopiableEnv(GoodEnv):
    """Holds what cannot be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()


class InfiniteEnv(GoodEnv):
    """Its reward is not finite now and then."""

    def step(self, action: Any) -> Step:
        observation, _, *rest = super().step(action)
        return (observation, float("inf") if self.turn == 3 else 0.0, *rest)


class NumberActionEnv(GoodEnv):
    """Offers numbers as actions."""

    def sample_random_action(self) -> Any:
        return 3


class CloseOnceEnv(GoodEnv):
    """Cannot be closed when it is new."""

    def close(self) -> None:
        if self.turn < 0:
            raise ClosedError("It is not open yet.")


class SleepingEnv(GoodEnv):
    """Does not come back from its third step until it is woken."""

    wake: ClassVar[threading.Event] = threading.Event()

    def step(self, action: Any) -> Step:
        if self.turn == 2:
            self.wake.wait()
        return super().step(action)


class ExitingEnv(GoodEnv):
    """Wants to end the process."""

    def step(self, action: Any) -> Step:
        raise SystemExit(3)


class BrokenConstructorEnv(GoodEnv):
    """Cannot be made."""

    def __init__(self) -> None:
        raise OSError("no such file: board.txt")
