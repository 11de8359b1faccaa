"""The wiki game from Python: options, pages as dicts, faults."""

from __future__ import annotations

import copy

import pytest

import gem
from gem.envs.game_env.wikigame import WikiGameEnv
from gem.envs.game_env.wikigame.rewards import WikiGameReward
from gem.errors import InvalidOptionError, UnavailableError, UnknownOptionError
from support import REPOSITORY

PAGES = {"path": str(REPOSITORY / "tests" / "fixtures" / "wiki")}


def test_pages_are_dicts_and_a_copy_goes_on_alone() -> None:
    env = WikiGameEnv(
        backend="folder", trawler_kwargs=PAGES, page_summary_length=(2, "words"), max_turns=3
    )
    observation, info = env.reset(1)
    page = env.current_page
    assert page == env.start_page == env.page_history[0]
    assert set(page) == {"page_id", "title", "content", "links"}
    assert page["title"] in observation
    assert all(f"\\boxed{{{link}}}" in info["suffix"] for link in page["links"])
    assert (env.page_summary_length, env.page_summary_length_unit) == (2, "words")
    fork = copy.deepcopy(env)
    _, reward, _, _, _ = env.step(f"\\boxed{{{page['links'][0]}}}")
    assert reward in (WikiGameReward.internal_step_reward, WikiGameReward.success_reward)
    assert (env.turn_count, fork.turn_count) == (1, 0)
    assert fork.step("nothing")[1] == WikiGameReward.format_error_reward


def test_wrong_options_are_refused_when_it_is_made() -> None:
    with pytest.raises(UnknownOptionError, match=r'Did you mean "url"\?'):
        gem.make("game:WikiGame-v0-easy", trawler_kwargs={"ulr": "http://localhost"})
    with pytest.raises(InvalidOptionError, match="noregrets"):
        gem.make("game:WikiGame-v0-easy", variant="regrets")


def test_a_page_that_cannot_be_had_is_an_error_of_its_own() -> None:
    env = gem.make("game:WikiGame-v0", backend="zim", trawler_kwargs={"path": "/no/such.zim"})
    with pytest.raises(UnavailableError, match=r"/no/such\.zim cannot be opened") as caught:
        env.reset(1)
    assert caught.value.details["retryable"] is False
