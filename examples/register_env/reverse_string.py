"""An environment of your own: the agent reverses a word, and a random or a perfect one plays it.

    python examples/register_env/reverse_string.py

It is an ordinary class in this process. Registered, it works wherever a built-in one does: in
vectors, beside built-in games, under every wrapper, and `gem.check_env` holds it to the contract.
"""

from __future__ import annotations

import random
from typing import Any

import gem
from gem.utils.parsing import extract_last_boxed_answer
from gem.wrappers.wrapper_factory import get_wrapper_fns

WORDS = ("environment", "gymnasium", "language", "observation", "policy", "reward", "trainer")


class ReverseStringEnv(gem.Env):
    r"""Shows a word; the reply `\boxed{…}` with its letters in reverse order earns 1, another 0.

    Two turns. A wrong answer is told how many letters are in place.
    """

    def __init__(self, seed: int | None = None, max_turns: int = 2, **_: Any) -> None:
        """Trainers pass the same keyword arguments to every environment: unknown ones are taken."""
        super().__init__()
        self.max_turns, self.turns = max_turns, 0
        self.word = ""
        self._random = random.Random(seed)

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        """Starts an episode; the same seed shows the same word."""
        super().reset(seed)
        if seed is not None:
            self._random.seed(seed)
        self.word, self.turns = self._random.choice(WORDS), 0
        text = f"Reverse the letters of '{self.word}'. Answer with \\boxed{{…}}."
        return text, {"suffix": "Your answer?"}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Judges an answer."""
        self.turns += 1
        # A generation that failed may come as None.
        answer = extract_last_boxed_answer(action or "") or ""
        wanted = self.word[::-1]
        if answer == wanted:
            return "Right.", 1.0, True, False, {}
        in_place = sum(a == b for a, b in zip(answer, wanted, strict=False))
        text = f"{in_place} of {len(wanted)} letters are in place."
        return text, 0.0, False, self.turns >= self.max_turns, {"suffix": "Your answer?"}

    def sample_random_action(self) -> str:
        """The letters in random order."""
        return f"\\boxed{{{''.join(self._random.sample(self.word, len(self.word)))}}}"

    def get_state(self) -> dict[str, Any]:
        """Everything that decides how the episode goes on."""
        return {"word": self.word, "turns": self.turns, "random": self._random.getstate()}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from a state of `get_state`."""
        self.word, self.turns = state["word"], state["turns"]
        self._random.setstate(state["random"])

    def spawn(self, same_state: bool = False, **options: Any) -> ReverseStringEnv:
        """Another environment like this one, for groups that share a start."""
        other = ReverseStringEnv(**{"max_turns": self.max_turns, **options})
        if same_state:
            other.set_state(self.get_state())
        return other


def play(perfect: bool, seed: int = 0) -> float:
    """The mean reward over a vector's first steps."""
    wrappers = get_wrapper_fns("concat,episode_tracking")
    vec = gem.make_vec(["my:ReverseString-v0"] * 16, wrappers=wrappers, async_mode=True)
    vec.reset(seed=seed)
    envs = [vec.envs[index].unwrapped for index in range(vec.num_envs)]
    actions = [
        f"\\boxed{{{env.word[::-1]}}}" if perfect else env.sample_random_action() for env in envs
    ]
    return float(vec.step(actions)[1].mean())


def main() -> None:
    """Registers, checks, plays."""
    gem.register("my:ReverseString-v0", ReverseStringEnv)
    print(gem.check_env("my:ReverseString-v0"))
    print(f"mean reward of shuffled letters: {play(perfect=False):.2f}")
    print(f"mean reward of reversed letters: {play(perfect=True):.2f}")


if __name__ == "__main__":
    main()
