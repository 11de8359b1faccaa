"""The examples for Oat and Verl, driven the way these trainers drive them."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import gem
from support import run_lines
from trainers import agent_loop as stand_in

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EASY = "game:GuessTheNumber-v0-easy"
PROMPT = [{"role": "system", "content": "Guess."}]
LONG = 10_000


@pytest.fixture
def verl_example(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The agent loop, imported with the stand-in for Verl."""
    monkeypatch.syspath_prepend(str(EXAMPLES.parent))
    for name, module in stand_in.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    module = import_module("examples.verl.gem_agent_loop")
    yield module
    for seats in module.GemAgentLoop._seats.values():
        seats.close()
    del sys.modules["examples.verl.gem_agent_loop"]


class Server:
    """Verl's server, as an agent loop sees it: replies to tokens with tokens, when it likes."""

    def __init__(self, replies: list[str], delays: int = 0, log_probs: bool = False) -> None:
        """Replies to the n-th prompt of a trajectory with the n-th of `replies`."""
        self.replies, self.delays, self.log_probs = replies, delays, log_probs
        self.prompts: dict[str, list[str]] = {}
        self.at_once = self.most_at_once = 0

    async def generate(
        self, request_id: str, *, prompt_ids: list[int], sampling_params: dict[str, Any]
    ) -> stand_in.TokenOutput:
        """One reply."""
        prompts = self.prompts.setdefault(request_id, [])
        prompts.append("".join(map(chr, prompt_ids)))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        for _ in range(1 + len(self.prompts) % (self.delays + 1)):
            await asyncio.sleep(0)
        self.at_once -= 1
        tokens = stand_in.encode(self.replies[(len(prompts) - 1) % len(self.replies)])
        return stand_in.TokenOutput(
            [*tokens, ord(stand_in.END)],
            [-0.5] * (len(tokens) + 1) if self.log_probs else None,
            {"global_steps": len(prompts), "max_global_steps": len(prompts)},
        )


async def roll_out(
    module: ModuleType, server: Server, rows: list[dict[str, Any]], **options: Any
) -> list[Any]:
    """As Verl's worker does it: a loop for each row, all of them tasks of one event loop."""
    length = options.pop("response_length", LONG)

    async def one(row: dict[str, Any]) -> Any:
        loop = module.GemAgentLoop(**stand_in.arguments(server, length), **options)
        sampling = {"temperature": 1.0, "logprobs": server.log_probs}
        return await loop.run(sampling, raw_prompt=PROMPT, index=0, **row)

    return list(await asyncio.gather(*map(one, rows)))


def alone(seed: int, replies: list[str]) -> list[float]:
    """The rewards of the same episode without Verl."""
    env = gem.make(EASY)
    env.reset(seed)
    rewards = []
    for turn in range(99):
        _, reward, terminated, truncated, _ = env.step(replies[turn % len(replies)])
        rewards.append(float(reward))
        if terminated or truncated:
            return rewards
    raise AssertionError(rewards)


GUESSES = [f"I say \\boxed{{{number}}}" for number in (5, 8, 3, 7)]


def test_verl_finds_the_agent_loop_by_its_name(verl_example: ModuleType) -> None:
    assert stand_in.REGISTRY["gem_agent"] is verl_example.GemAgentLoop
    listed = (EXAMPLES / "verl" / "agent_loops.yaml").read_text()
    assert "- name: gem_agent\n  _target_: examples.verl.gem_agent_loop.GemAgentLoop\n" in listed


def test_each_trajectory_is_the_episode_of_its_seed_whatever_goes_on_beside_it(
    verl_example: ModuleType,
) -> None:
    server = Server(GUESSES, delays=5)
    rows = [{"extra_info": {"seed": seed // 4}} for seed in range(48)]
    outputs = asyncio.run(roll_out(verl_example, server, rows, seats=8))
    for row, output in zip(rows, outputs, strict=True):
        expected = alone(row["extra_info"]["seed"], GUESSES)
        assert output.extra_fields["turn_scores"] == expected
        assert output.reward_score == pytest.approx(sum(expected))
        assert output.num_turns == 2 * len(expected)
    assert 1 < server.most_at_once <= 8
    assert len({output.reward_score for output in outputs}) > 2


@pytest.mark.parametrize("log_probs", [False, True])
def test_tokens_masks_and_log_probabilities_fit_together(
    verl_example: ModuleType, log_probs: bool
) -> None:
    server = Server(GUESSES, log_probs=log_probs)
    (output,) = asyncio.run(roll_out(verl_example, server, [{"extra_info": {"seed": 2}}]))
    turns = len(output.extra_fields["turn_scores"])
    assert turns > 1
    prompt = "".join(map(chr, output.prompt_ids))
    assert prompt.startswith(f"<system>Guess.{stand_in.END}<user>Guess the hidden integer")
    assert prompt.endswith(f"{stand_in.END}<assistant>")
    assert len(output.response_ids) == len(output.response_mask)
    ours = zip(output.response_ids, output.response_mask, strict=True)
    spoken = "".join(chr(token) for token, own in ours if own)
    assert spoken == "".join(reply + stand_in.END for reply in GUESSES[:turns])
    assert output.response_mask[-1] == 1
    (prompts,) = server.prompts.values()
    assert all(later.startswith(former) for former, later in pairwise(prompts))
    if log_probs:
        chances = zip(output.response_logprobs, output.response_mask, strict=True)
        assert all(chance == (-0.5 if own else 0.0) for chance, own in chances)
    else:
        assert output.response_logprobs is None
    assert output.metrics.generate_sequences == output.metrics.tool_calls == turns
    assert output.extra_fields["global_steps"] == 1
    assert output.extra_fields["max_global_steps"] == turns


def test_a_trajectory_ends_where_no_token_is_left(verl_example: ModuleType) -> None:
    rows = [{"extra_info": {"seed": seed}} for seed in range(8)]
    cut = asyncio.run(roll_out(verl_example, Server(GUESSES), rows, response_length=60))
    for output in cut:
        assert 0 < len(output.response_ids) == len(output.response_mask) <= 60
        assert 1 in output.response_mask


def test_rows_choose_their_environment(verl_example: ModuleType) -> None:
    row = {"extra_info": {"seed": 1, "env_id": "game:Sokoban-v0-easy"}}
    (output,) = asyncio.run(roll_out(verl_example, Server(["no move"]), [row], seats=1))
    assert "Sokoban" in "".join(map(chr, output.prompt_ids))
    assert output.reward_score == pytest.approx(-0.1)


class BrokenEnv(gem.Env):
    """Works in one episode of two; otherwise fails when it begins, or in one of its two turns."""

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed)
        self.seed = seed or 0
        if self.seed % 6 == 5:
            raise RuntimeError("broken")
        self.turn = 0
        return "Say something.", {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        self.turn += 1
        if self.seed % 2 == 1 and self.turn > self.seed % 6 // 2:
            raise RuntimeError("broken")
        return "More.", 1.0, self.turn == 2, False, {}


def test_nothing_is_learned_from_an_episode_whose_environment_failed(
    verl_example: ModuleType,
) -> None:
    gem.register("test:Broken", BrokenEnv)
    server = Server(["yes"], log_probs=True)
    rows = [{"extra_info": {"seed": seed, "env_id": "test:Broken"}} for seed in range(16)]
    outputs = asyncio.run(roll_out(verl_example, server, rows, seats=3))
    for seed, output in enumerate(outputs):
        failed = seed % 2 == 1
        assert output.extra_fields["is_fault"] is failed
        assert (1 in output.response_mask) is not failed
        assert len(output.response_ids) == len(output.response_mask) > 0
        assert len(output.response_logprobs) == len(output.response_mask)
        if not failed:
            assert output.reward_score == 2.0


def test_a_cancelled_trajectory_gives_its_environment_back(verl_example: ModuleType) -> None:
    async def body() -> list[Any]:
        server = Server(GUESSES)
        rows = [{"extra_info": {"seed": seed}} for seed in range(2)]
        for waits in range(6):
            task = asyncio.create_task(roll_out(verl_example, server, rows, seats=2))
            for _ in range(waits):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return await roll_out(verl_example, server, rows, seats=2)

    outputs = asyncio.run(body())
    for seed, output in enumerate(outputs):
        assert output.extra_fields["turn_scores"] == alone(seed, GUESSES)


def test_rows_have_what_verl_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES.parent))
    rows = import_module("examples.verl.make_rows").rows(3, 7)
    assert [row["extra_info"]["seed"] for row in rows] == [7, 8, 9]
    for row in rows:
        assert set(row) == {"agent_name", "data_source", "prompt", "reward_model", "extra_info"}
        assert row["agent_name"] == "gem_agent"


def run_actor(*arguments: str) -> str:
    """The line that the example prints."""
    path = str(EXAMPLES / "oat" / "actor.py")
    script = "import runpy, sys; sys.argv = {argv!r}; runpy.run_path({path!r}, run_name='__main__')"
    (line,) = run_lines(script.format(argv=[path, *arguments], path=path))
    return line


def test_an_actor_collects_whole_episodes_with_wrappers(tmp_path: Path) -> None:
    out = tmp_path / "transitions.jsonl"
    line = run_actor("--num-env", "4", "--transitions", "32", "--out", str(out))
    assert re.fullmatch(r"\d+ episodes, [\d.]+ turns, return [\d.-]+, success [\d.]+", line)
    turns = [json.loads(text) for text in out.read_text().splitlines()]
    assert len(turns) >= 32
    assert turns[-1]["is_last"]
    for turn, following in pairwise(turns):
        later = 0.0 if turn["is_last"] else 0.9 * following["discounted_return"]
        assert turn["discounted_return"] == pytest.approx(turn["reward"] + later)
        if not turn["is_last"]:
            history, _question = turn["observation"].rsplit("\n", 1)
            assert following["observation"].startswith(history)


def test_the_actors_readme_shows_what_it_prints() -> None:
    assert f"```\n{run_actor()}\n```" in (EXAMPLES / "oat" / "README.md").read_text()
