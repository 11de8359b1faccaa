"""GRPO with TRL on any GEM environment: TRL's `environment_factory`, one GEM environment a rollout.

    python examples/trl/train_grpo.py --model Qwen/Qwen3-0.6B --env game:GuessTheNumber-v0-easy

TRL lets the model call the environment's public methods as tools. `GemEnvironment` has one, `act`,
whose text goes through `env.step`; the episode's return is the reward.
"""

from __future__ import annotations

import argparse
import itertools
from typing import Any

import gem
from gem.core import Env
from gem.wrappers.wrapper_factory import get_wrapper_fns

SYSTEM = (
    "You play a game in text. Call the tool `act` with your reply to the newest observation, "
    "as often as it takes, until you are told that the episode is over. Then say 'done'."
)


class GemEnvironment:
    """One GEM environment in the form that TRL drives: `reset`, tools, `get_reward`."""

    _seeds = itertools.count(1)

    def __init__(self, env_id: str, wrappers: str = "", **options: Any) -> None:
        """Makes the environment once; TRL resets it for every rollout."""
        env: Env = gem.make(env_id, **options)
        for wrap in get_wrapper_fns(wrappers):
            env = wrap(env)
        self._env = env
        self._return = 0.0
        self._over = True

    def reset(self, seed: int | None = None, **_: Any) -> str:
        """Starts an episode; what it gives is appended to the prompt.

        Args:
            seed: a column of the dataset. Rollouts of one group get the same prompt, so they get
                the same seed, and with it the same hidden state: what GRPO compares.
        """
        observation, _info = self._env.reset(next(self._seeds) if seed is None else int(seed))
        self._return, self._over = 0.0, False
        return str(observation)

    def act(self, reply: str) -> str:
        """Replies to the newest observation.

        Args:
            reply: The whole reply, with its answer in the form that the observation asks for.

        Returns:
            The next observation.
        """
        if self._over:
            return "The episode is over. Say 'done'."
        observation, reward, terminated, truncated, _info = self._env.step(reply)
        self._return += float(reward)
        self._over = bool(terminated or truncated)
        return f"{observation}\nThe episode is over." if self._over else str(observation)

    def get_reward(self) -> float:
        """The return of the episode."""
        return self._return


def prompts(count: int, first_seed: int) -> list[dict[str, Any]]:
    """Rows of the dataset: one start of the environment each."""
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": ""}]
    return [{"prompt": messages, "seed": first_seed + index} for index in range(count)]


def make_trainer(model: Any, args: argparse.Namespace, **options: Any) -> Any:
    """TRL's trainer over GEM environments; `options` go to it unchanged."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    config = GRPOConfig(
        output_dir=args.out,
        max_steps=args.steps,
        learning_rate=args.rate,
        num_generations=args.group,
        per_device_train_batch_size=args.group,
        max_completion_length=args.completion_length,
        max_tool_calling_iterations=args.turns,
        use_vllm=args.vllm,
        use_cpu=args.cpu,
        bf16=not args.cpu,
        logging_steps=1,
        report_to=args.report_to,
        save_strategy="no",
        seed=args.seed,
    )
    return GRPOTrainer(
        model=model,
        args=config,
        train_dataset=Dataset.from_list(prompts(args.steps * 8, 1000 * args.seed)),
        environment_factory=lambda: GemEnvironment(args.env, args.wrappers),
        **options,
    )


def parse_args(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train a model on a GEM environment with TRL.")
    parser.add_argument("--model", default="Qwen/Qwen3-0.6B", help="a model that can call tools")
    parser.add_argument("--env", default="game:GuessTheNumber-v0-easy", help="id of an environment")
    parser.add_argument("--wrappers", default="", help="GEM wrappers, comma separated")
    parser.add_argument("--steps", type=int, default=200, help="optimizer steps")
    parser.add_argument("--group", type=int, default=8, help="rollouts of one start")
    parser.add_argument("--turns", type=int, default=8, help="tool calls a rollout may make")
    parser.add_argument("--completion-length", type=int, default=2048, help="tokens of a rollout")
    parser.add_argument("--rate", type=float, default=1e-6, help="learning rate")
    parser.add_argument("--seed", type=int, default=0, help="of the trainer and the environments")
    parser.add_argument("--vllm", action="store_true", help="generate with vLLM")
    parser.add_argument("--cpu", action="store_true", help="use no GPU")
    parser.add_argument("--report-to", default="none", help="wandb, tensorboard, …")
    parser.add_argument("--out", default="out/trl", help="folder for what is saved")
    return parser.parse_args(arguments)


def main() -> None:
    """Trains."""
    args = parse_args()
    make_trainer(args.model, args).train()


if __name__ == "__main__":
    main()
