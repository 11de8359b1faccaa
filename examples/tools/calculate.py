"""Agents with tools: word problems solved with Python code, and a tool of your own beside it.

    python examples/tools/calculate.py

A scripted agent stands for the model: it writes what one would write, and reads what comes back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import gem
from gem.core import Env
from gem.tools.base_tool import BaseTool
from gem.tools.python_code_tool import PythonCodeTool
from gem.tools.tool_env_wrapper import ToolEnvWrapper
from gem.wrappers.wrapper_factory import get_wrapper_fns

PROBLEMS = [
    {"problem": "A crate holds 48 bottles. How many do 37 crates hold?", "answer": "1776"},
    {"problem": "What is the sum of the squares of 1 to 20?", "answer": "2870"},
    {"problem": "How many dozens of eggs are 1,536 eggs?", "answer": "128"},
]
PROGRAMS = {
    "crate": "print(48 * 37)",
    "squares": "print(sum(n * n for n in range(1, 21)))",
    "dozens": "print(1536 // factor)",
}
"""What the agent writes, by a word of the problem; `factor` is what it asks the other tool for."""


class UnitTool(BaseTool):
    """A tool in Python: `<unit>dozen</unit>` says how many pieces a dozen has."""

    tool_type = "unit"
    sizes = {"dozen": 12, "score": 20, "gross": 144}  # noqa: RUF012

    def instruction_string(self) -> str:
        """What the agent is told about it."""
        return "Write <unit>name</unit> to learn how many pieces a unit has."

    def execute_action(self, action: str) -> tuple[bool, bool, str, str]:
        """Whether the action calls this tool, whether that failed, the answer, the call itself."""
        found = re.search(r"<unit>(.*?)</unit>", action)
        if found is None:
            return False, True, "", ""
        size = self.sizes.get(found[1].strip())
        text = f"No unit is called {found[1]!r}." if size is None else f"{found[1]} = {size}"
        return True, size is None, text, action[: found.end()]


def agent(observation: str) -> str:
    """The scripted agent: asks for what it lacks, computes, then answers with what it read."""
    results = re.findall(r"Code execution result: (\d+)", observation)
    if results:
        return f"The program says {results[-1]}, so the answer is \\boxed{{{results[-1]}}}."
    program = next(code for word, code in PROGRAMS.items() if word in observation)
    if "factor" in program:
        known = re.search(r"dozen = (\d+)", observation)
        if known is None:
            return "I have to know what a dozen is. <unit>dozen</unit>"
        program = f"factor = {known[1]}\n{program}"
    return f"I compute it.\n```python\n{program}\n```"


def with_tools(env: Env) -> Env:
    """Two tools around an environment; a use that goes well earns a little."""
    tools = [PythonCodeTool(timeout=5), UnitTool()]
    return ToolEnvWrapper(env, tools=tools, tool_success_reward=0.05, max_tool_uses=4)


def play(show: Callable[[str], object]) -> list[float]:
    """Plays one episode of each problem in a vector; their returns."""
    wrappers = [with_tools, *get_wrapper_fns("concat_with_action,episode_tracking")]
    vec = gem.make_vec(
        ["math:GSM8K"] * len(PROBLEMS),
        vec_kwargs=[{"dataset": [problem]} for problem in PROBLEMS],
        wrappers=wrappers,
        async_mode=True,
    )
    observations, _ = vec.reset(seed=0)
    returns = [0.0] * len(PROBLEMS)
    playing = list(range(len(PROBLEMS)))
    while playing:
        actions = [agent(observations[index]) for index in playing]
        after, rewards, terminated, truncated, infos = vec.step(
            dict(zip(playing, actions, strict=True))
        )
        for slot, index in enumerate(playing):
            observations[index] = after[slot]
            returns[index] += float(rewards[slot])
            show(f"{index}: {actions[slot]!r} earned {rewards[slot]:.2f}")
            if "gem" in infos[slot]:
                show(f"{index}: {infos[slot]['gem']}")
        done = terminated | truncated
        playing = [index for index, ended in zip(playing, done, strict=True) if not ended]
    vec.close()
    return returns


def main() -> None:
    """Plays and prints."""
    returns = play(print)
    print("returns:", ", ".join(f"{value:.2f}" for value in returns))


if __name__ == "__main__":
    main()
