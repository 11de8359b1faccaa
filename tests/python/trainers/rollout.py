"""What trainers do with environments, written as they do it; importable, to be pickled."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import gem
from gem.wrappers.wrapper_factory import get_wrapper_fns

EASY = "game:GuessTheNumber-v0-easy"


class TurnTokenizer:
    """A tokenizer as far as chat wrappers use one."""

    def apply_chat_template(
        self, messages: Any, tokenize: bool = False, add_generation_prompt: bool = True
    ) -> str:
        """Shows roles and contents."""
        assert tokenize is False
        text = "".join(f"<{turn['role']}>{turn['content']}</s>" for turn in messages)
        return text + ("<assistant>" if add_generation_prompt else "")


class Actor:
    """An actor that is initialised and asked for experience by different threads."""

    def __init__(self, env_id: str, wrappers: str, num_env: int, async_env: bool) -> None:
        """Keeps what to make; makes nothing yet."""
        self.args = (env_id, wrappers, num_env, async_env)

    def init(self, actor_id: int) -> None:
        """Makes the vector, as each actor does in its own process."""
        env_id, wrappers, num_env, async_env = self.args
        seed = 42 + 233 ** (actor_id + 1)
        self.env = gem.make_vec(
            [env_id] * num_env,
            vec_kwargs=[{"seed": seed + position} for position in range(num_env)],
            wrappers=get_wrapper_fns(wrappers, tokenizer=TurnTokenizer()),
            async_mode=async_env,
        )

    def collect(self, min_steps: int, act: Callable[[str], str]) -> list[list[dict[str, Any]]]:
        """Plays until whole episodes hold `min_steps` transitions."""
        obs, _ = self.env.reset()
        episodes: list[list[dict[str, Any]]] = [[] for _ in range(self.env.num_envs)]
        finished: list[list[dict[str, Any]]] = []
        while sum(map(len, finished)) < min_steps:
            actions = [act(text) for text in obs]
            next_obs, reward, terminated, truncated, info = self.env.step(actions)
            done = terminated | truncated
            for i in range(self.env.num_envs):
                transition = {
                    "obs": obs[i],
                    "action": actions[i],
                    "reward": reward[i],
                    "done": bool(done[i]),
                    "tools": info[i].get("prev_ep_tool_use_counter", 0) if done[i] else 0,
                }
                episodes[i].append(transition)
                if done[i]:
                    finished.append(deepcopy(episodes[i]))
                    episodes[i].clear()
            obs = next_obs
        return finished


def dataset_size(vector: Any) -> int | None:
    """How many rows the first environment of a vector has, looked for behind its wrappers."""
    env = vector.envs[0]
    while not hasattr(env, "dataset"):
        if not hasattr(env, "env"):
            return None
        env = env.env
    return len(env.dataset)


def in_foreign_thread(call: Callable[..., Any], *args: Any) -> Any:
    """Runs a call in a thread that `threading` did not start, as a pool in C++ does."""
    outcome: list[Any] = []
    done = threading.Event()

    def run() -> None:
        try:
            outcome.append((True, call(*args), type(threading.current_thread()).__name__))
        except BaseException as error:
            outcome.append((False, error, ""))
        done.set()

    _thread.start_new_thread(run, ())
    assert done.wait(timeout=60)
    worked, value, kind = outcome[0]
    if not worked:
        raise value
    assert kind == "_DummyThread"
    return value


@contextmanager
def registered(env_id: str, entry_point: Any, **kwargs: Any) -> Iterator[str]:
    """Registers an environment for a while."""
    from gem._bridge import python_envs

    gem.register(env_id, entry_point, **kwargs)
    try:
        yield env_id
    finally:
        python_envs.REGISTRY.pop(env_id, None)
