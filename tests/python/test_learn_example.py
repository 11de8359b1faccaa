"""The example that learns: its parts, its committed figure, and with PyTorch a tiny run."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples.learn.experiment import score_table, scores_of
from examples.learn.play import bounds, evaluate, random_texts, reference_policies
from examples.learn.plot import band, draw, smooth
from examples.learn.tokens import END, PAD, Tokenizer

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "learn"

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None,
    reason="PyTorch is not installed: pip install -r examples/learn/requirements.txt",
)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """What the figure was drawn from."""
    loaded: dict[str, Any] = json.loads((FOLDER / "results.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Observations of random play."""
    return random_texts(seed=5)


def test_every_text_survives_its_tokens(texts: list[str]) -> None:
    tokenizer = Tokenizer(texts)
    for text in [*texts, "", "Never seen: 731 \\boxed{12} }{\n\n", "\\boxed{3}"]:
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.encode("naïve")) == "na?ve"
    assert tokenizer.decode([PAD, END]) == ""


def test_instructions_and_numbers_are_single_tokens(texts: list[str]) -> None:
    tokenizer = Tokenizer(texts)
    instruction = texts[0].splitlines(keepends=True)[0]
    assert len(tokenizer.encode(instruction)) == 1
    assert len(tokenizer.encode("\\boxed{10}")) == 3
    assert max(len(tokenizer.encode(text)) for text in texts) <= 48


def test_hints_bound_what_is_left() -> None:
    assert bounds("") == (1, 10)
    assert bounds("number is higher than 3.\nnumber is lower than 9.") == (4, 8)
    assert bounds("is higher than 5. is higher than 2.") == (6, 10)


@pytest.mark.parametrize(
    ("name", "mean_return", "success"),
    [
        ("malformed", -0.1, 0.0),
        # By enumerating all hidden numbers and guesses: three blind tries, then 1 - distance / 9.
        ("uniform", 0.7327, 0.3439),
        ("uniform in the feasible range", 0.9592, 0.7620),
        ("binary search", 1.0, 1.0),
    ],
)
def test_reference_policies_earn_what_can_be_computed(
    name: str, mean_return: float, success: float
) -> None:
    score = evaluate(reference_policies()[name])
    assert score.mean_return == pytest.approx(mean_return, abs=1e-9 + 4 * score.standard_error)
    assert score.success == pytest.approx(success, abs=4 * (success * (1 - success) / 1_024) ** 0.5)


def test_curves_are_smoothed_over_the_past() -> None:
    assert smooth([1.0, 2.0, 6.0, 4.0], 2).tolist() == [1.0, 1.5, 4.0, 5.0]


def test_the_band_is_students_interval() -> None:
    mean, low, high = band(np.array([[1.0], [2.0], [3.0]]))
    assert mean.tolist() == [2.0]
    # t of two degrees of freedom, standard deviation 1, three runs.
    assert high[0] - 2.0 == pytest.approx(4.303 / 3**0.5)
    assert 2.0 - low[0] == pytest.approx(4.303 / 3**0.5)


def test_the_figure_is_drawn_from_the_results(results: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    draw(results, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_committed_results_say_what_the_figure_shows(results: Any) -> None:
    uniform = results["references"]["uniform"]
    assert len(results["runs"]) == 3
    for run in results["runs"]:
        score = run["evaluation"]
        error = (score["standard_error"] ** 2 + uniform["standard_error"] ** 2) ** 0.5
        assert score["mean_return"] > uniform["mean_return"] + 5 * error
        assert score["success"] > uniform["success"]
    control = results["control"]
    assert control["evaluation"]["mean_return"] < 0.3
    spread = np.std(control["returns"])
    trend = np.mean(control["returns"][-20:]) - np.mean(control["returns"][:20])
    assert abs(trend) < spread
    assert f"```\n{score_table(scores_of(results))}\n```" in (FOLDER / "README.md").read_text()
    assert (FOLDER / "curve.png").read_bytes().startswith(b"\x89PNG")


def tiny(**changes: Any) -> Any:
    """Settings of a run of a second."""
    from examples.learn.model import Size
    from examples.learn.training import Settings

    size = Size(width=16, layers=1, heads=2)
    settings = Settings(updates=3, envs=8, turns=24, batch=16, warmup=10, size=size)
    return replace(settings, **changes)


@needs_torch
def test_a_run_repeats_bit_for_bit() -> None:
    from examples.learn.training import train

    def run(seed: int) -> tuple[Any, list[bytes]]:
        player, history = train(seed, tiny())
        weights = [value.detach().numpy().tobytes() for value in player.model.parameters()]
        return [replace(update, seconds=0.0) for update in history], weights

    assert run(3) == run(3)
    assert run(3) != run(4)


@needs_torch
def test_without_a_learning_rate_nothing_is_learned() -> None:
    from examples.learn.training import train

    def weights(updates: int) -> list[bytes]:
        player, _ = train(3, tiny(updates=updates, rate=0.0))
        return [value.detach().numpy().tobytes() for value in player.model.parameters()]

    assert weights(0) == weights(2)


@needs_torch
def test_replies_are_scored_in_learning_as_they_were_drawn(texts: list[str]) -> None:
    import torch
    from examples.learn.model import LanguageModel, Size
    from examples.learn.policy import Player
    from examples.learn.training import reply_scores

    tokenizer = Tokenizer(texts)
    player = Player(LanguageModel(len(tokenizer), Size(), seed=1), tokenizer, seed=2)
    prompts = [tokenizer.encode(text) for text in texts[:12]]
    replies = player.reply(prompts)
    with torch.no_grad():
        scores = reply_scores(player.model, prompts, replies.tokens)
    scores = scores.gather(-1, replies.tokens[..., None])[..., 0] * replies.used
    assert torch.allclose(scores, replies.log_probabilities, atol=1e-5)
