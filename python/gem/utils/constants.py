"""Values that all environments share."""

from __future__ import annotations

TERMINAL_STATE = "<\uff5cTERMINAL_STATE\uff5c>"
"""What single-turn environments show after their last step (fullwidth vertical bars, U+FF5C)."""


class LanguageGameReward:
    """The rewards that all language games share."""

    success_reward = 1.0
    internal_step_reward = 0.0
    fail_reward = 0.0
    invalid_action_reward = 0.0
    format_error_reward = -0.1
