"""Rewards of the wiki game."""

from __future__ import annotations

from gem.utils.constants import LanguageGameReward


class WikiGameReward(LanguageGameReward):
    """What the wiki game pays."""

    internal_step_reward = -0.05
    invalid_action_reward = -0.2
    format_error_reward = -0.2
