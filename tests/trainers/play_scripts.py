"""Plays upstream's scripts for other trainers: `python play_scripts.py NAME FILE ...`.

Runs in Oat's Python, which has torch and transformers; prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

AGENTS = 8
ENVIRONMENTS = 16
MOST_STEPS = 12


def loaded(path: str, name: str) -> Any:
    """A script as a module, loaded as trainers load it."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


async def openrlhf(path: str, reply: str) -> Any:
    """Agents of OpenRLHF in one event loop, each with an environment of its own."""
    import openrlhf_agent

    for package in ("openrlhf", "openrlhf.utils"):
        sys.modules[package] = ModuleType(package)
    sys.modules["openrlhf.utils.agent"] = openrlhf_agent
    cls = loaded(path, "agent_func").AgentInstance

    async def play() -> tuple[int, list[float], str]:
        agent = await openrlhf_agent.start(cls)
        await agent.reset({"observation": "prompt", "label": ""})
        rewards: list[float] = []
        done = False
        while not done:
            states = {"observation_text": "", "action_text": reply, "label": ""}
            result = await agent.step(states)
            rewards.append(result["rewards"].item())
            done = result["done"]
        return len(rewards), rewards, str(result["rewards"].dtype)

    return await asyncio.gather(*(play() for _ in range(AGENTS)))


async def rl2(path: str, reply: str) -> Any:
    """RL2's functions `reset` and `step` for as many episodes as there are environments."""
    module = loaded(path, "custom_module")

    async def play(number: int) -> tuple[int, float, bool]:
        extra = {"idx": number}
        state = await module.reset(extra)
        assert isinstance(state, str)
        steps, done = 0, False
        while not done and steps < MOST_STEPS:
            steps += 1
            result = await module.step(state, reply, extra)
            # One script forgets the number.
            extra = {**result["extra_info"], "idx": number}
            state, done = result["next_state"], bool(result["done"])
        return steps, float(result["reward"]), done

    return await asyncio.gather(*(play(number) for number in range(ENVIRONMENTS)))


async def tinker_train(path: str, env_id: str, reply: str, model: str) -> Any:
    """The training script with seeds beyond 64 bits, which the twelfth environment gets."""
    import tinker
    import wandb

    module = loaded(path, "tinker_train")
    tokens = module.get_tokenizer(model).encode(reply, add_special_tokens=False)
    tinker.SamplingClient.reply = tuple(tokens)
    logged: list[dict[str, Any]] = []
    wandb.init = lambda **_: setattr(wandb, "log", logged.append)
    wandb.finish = lambda: None
    sizes = {"num_env": 14, "batch_size": 16, "max_steps": 2}
    await module.main(module.Config(model_name=model, env_id=env_id, wandb_project="p", **sizes))
    return [{name: float(value) for name, value in entry.items()} for entry in logged]


async def cookbook(path: str, env_id: str, reply: str) -> Any:
    """The adapter's dataset, groups and episodes."""
    module = loaded(path, "tinker_cookbook_adapter")
    builder = module.GemDatasetBuilder(
        env_id=env_id,
        model_name_for_tokenizer="",
        renderer_name="",
        group_size=3,
        groups_per_batch=2,
    )
    dataset, _ = await builder()
    groups = [await group.make_envs() for group in dataset.get_batch(0)]
    results = []
    for group in groups:
        prompts = [(await env.initial_observation())[0][0]["content"] for env in group]
        steps = [await env.step(reply) for env in group]
        results.append([len(set(prompts)), [step.reward for step in steps]])
    return results


async def register(_: str) -> Any:
    """The second part of the script that registers environments; the first asks the hub."""
    import gem
    from gem.envs.registration import register

    sys.path.insert(0, str(Path.cwd()))
    register("game:ReverseString", "examples.register_new_env:ReverseStringEnv")
    env = gem.make("game:ReverseString")
    env.reset(seed=1)
    right = env.step("\\boxed{" + env.gt_str[::-1] + "}")
    vector = gem.make_vec(["game:ReverseString"] * 2, async_mode=True)
    vector.reset()
    wrong = vector.step(["nothing", "\\boxed{no}"])
    return right[0], right[1:], type(wrong[1][0]).__name__, wrong[1].tolist()


PLAYS: dict[str, Callable[..., Coroutine[Any, Any, Any]]] = {
    "openrlhf": openrlhf,
    "rl2": rl2,
    "tinker_train": tinker_train,
    "cookbook": cookbook,
    "register": register,
}

if __name__ == "__main__":
    output = asyncio.run(PLAYS[sys.argv[1]](*sys.argv[2:]))
    # Environments of Ray's actors are never closed either, and their processes are killed.
    sys.stdout.write(f"\n{json.dumps(output)}\n")
    sys.stdout.flush()
    os._exit(0)
