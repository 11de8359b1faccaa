"""Grading mathematical answers."""

from __future__ import annotations

from gem._bridge.not_yet import not_yet_function

_MODULE = "gem.utils.math_grader"

answer_tag_reward_fn = not_yet_function(_MODULE, "answer_tag_reward_fn")
boxed_reward_fn = not_yet_function(_MODULE, "boxed_reward_fn")
