"""A GEM environment as an agent loop of Verl: a trajectory is an episode.

Verl runs one coroutine for each trajectory of a batch. Here each of them takes an environment of a
vector that all of them share, and asks Verl's server for a reply to every observation.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from examples.verl.seats import Outcome, Seats
from verl.experimental.agent_loop.agent_loop import (
    AgentLoopBase,
    AgentLoopMetrics,
    AgentLoopOutput,
    register,
)
from verl.utils.profiler import simple_timer

NEWEST = ("max_global_steps",)


@register("gem_agent")
class GemAgentLoop(AgentLoopBase):  # type: ignore[misc, unused-ignore]
    """Plays episodes of an environment.

    A row of the data set has the messages before the first observation as `prompt`, and
    `extra_info={"seed": …}`: the samples of a row begin from the same state, as GRPO wants it.
    `extra_info["env_id"]` takes the place of the loop's own.
    """

    _seats: ClassVar[dict[tuple[str, str, int], Seats]] = {}
    """By environment, wrappers and number: one vector for all trajectories of a process."""

    def __init__(
        self,
        *args: Any,
        env_id: str = "game:GuessTheNumber-v0-easy",
        wrappers: str = "",
        seats: int = 64,
        **kwargs: Any,
    ) -> None:
        """Takes Verl's arguments, and those of agent_loops.yaml.

        Args:
            *args: Verl's.
            env_id: what to play.
            wrappers: a comma-separated list of keys of `WRAPPER_FACTORY`. None that repeats earlier
                turns: the messages have them already.
            seats: how many environments a worker process has; further trajectories wait.
            **kwargs: Verl's.
        """
        super().__init__(*args, **kwargs)
        self._env_id, self._wrappers, self._count = env_id, wrappers, seats
        self._response_length: int = self.rollout_config.response_length

    async def run(self, sampling_params: dict[str, Any], **row: Any) -> AgentLoopOutput:
        """Plays an episode with replies of the server, and gives its tokens and its return."""
        about = dict(row.get("extra_info") or {})
        seats = self._seats_of(about.get("env_id", self._env_id))
        seed = about.get("seed")
        async with seats.taken() as seat:
            first = await seats.reset(seat, None if seed is None else int(seed))
            return await self._play(seats, seat, first, list(row["raw_prompt"]), sampling_params)

    async def _play(
        self,
        seats: Seats,
        seat: int,
        outcome: Outcome,
        messages: list[dict[str, Any]],
        sampling_params: dict[str, Any],
    ) -> AgentLoopOutput:
        request, metrics = uuid4().hex, dict[str, Any]()
        messages.append(_message(outcome))
        tokens: list[int] = await self.ct_build_initial_tokens(messages)
        mask: list[int] = []
        chances: list[float] | None = None
        scores: list[float] = []
        notes: dict[str, Any] = {}
        while not outcome.is_over and len(mask) < self._response_length:
            with simple_timer("generate_sequences", metrics):
                reply = await self.server_manager.generate(
                    request_id=request, prompt_ids=tokens, sampling_params=sampling_params
                )
            # The first reply's, but for the newest weights that any reply came from.
            newest = {key: reply.extra_fields[key] for key in NEWEST if key in reply.extra_fields}
            notes = {**reply.extra_fields, **notes, **newest}
            if not mask and reply.log_probs:
                chances = []
            merged, mask, chances = await self.ct_merge_assistant_token(
                tokens, reply.token_ids, mask, chances, assistant_logprobs=reply.log_probs or None
            )
            tokens = merged.token_ids
            text = self.tokenizer.decode(reply.token_ids, skip_special_tokens=True)
            with simple_timer("tool_calls", metrics):
                outcome = await seats.step(seat, text)
            scores.append(outcome.reward)
            if outcome.is_over:
                break
            said = [*messages, {"role": "assistant", "content": text}]
            messages = [*said, _message(outcome)]
            context = await self.ct_merge_context_msg(said, messages, tokens, mask, chances)
            if len(context[1]) >= self._response_length:
                break
            merged, mask, chances = context
            tokens = merged.token_ids
        start = len(tokens) - len(mask)
        if not mask:
            # The environment could not begin. Verl puts the score on a response's last token.
            tokens, mask = [*tokens, self.tokenizer.eos_token_id], [0]
            chances = [0.0] if sampling_params.get("logprobs") else None
        if outcome.is_fault:
            # What the tokens would have earned is not known, so none is learned from.
            mask = [0] * len(mask)
        return AgentLoopOutput(
            prompt_ids=tokens[:start],
            response_ids=tokens[start:][: self._response_length],
            response_mask=mask[: self._response_length],
            response_logprobs=chances[: self._response_length] if chances else None,
            reward_score=sum(scores),
            num_turns=2 * len(scores),
            metrics=AgentLoopMetrics(**metrics),
            extra_fields={
                **notes,
                "turn_scores": scores,
                "tool_rewards": [],
                "is_fault": outcome.is_fault,
            },
        )

    def _seats_of(self, env_id: str) -> Seats:
        key = (env_id, self._wrappers, self._count)
        if key not in self._seats:
            self._seats[key] = Seats(env_id, self._count, self._wrappers, self.tokenizer)
        return self._seats[key]


def _message(outcome: Outcome) -> dict[str, Any]:
    """An observation as a turn; some environments say in `suffix` what they ask for."""
    parts = [outcome.observation, outcome.info.get("suffix", "")]
    return {"role": "user", "content": "\n".join(part for part in parts if part)}
