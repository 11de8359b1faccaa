"""Random streams of objects in a host."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gem._host.streams import Streams


def draw(streams: Streams) -> list[float]:
    with streams:
        return [
            random.random(),
            random.gauss(0, 1),
            float(np.random.random()),
            float(np.random.randn()),
        ]


def alone(seed: int, count: int) -> list[list[float]]:
    streams = Streams(seed)
    return [draw(streams) for _ in range(count)]


@given(st.lists(st.integers(0, 2), min_size=1, max_size=20))
def test_an_object_draws_the_same_whoever_draws_in_between(order: list[int]) -> None:
    all_streams = [Streams(seed) for seed in (1, 2, 3)]
    drawn: list[list[list[float]]] = [[], [], []]
    for which in order:
        drawn[which].append(draw(all_streams[which]))
    for which, seed in enumerate((1, 2, 3)):
        assert drawn[which] == alone(seed, len(drawn[which]))


def test_draws_are_those_of_the_libraries_seeded_alike() -> None:
    streams = Streams(5)
    with streams:
        assert random.random() == random.Random(5).random()
        expected = np.random.RandomState(5)
        assert [np.random.randint(9) for _ in range(3)] == [expected.randint(9) for _ in range(3)]
        streams.seed(6)
        assert random.random() == random.Random(6).random()
        assert np.random.random() == np.random.RandomState(6).random()


def test_a_seed_may_be_of_any_size() -> None:
    with Streams(2**130 + 1):
        assert random.random() == random.Random(2**130 + 1).random()
        assert np.random.random() == np.random.RandomState(1).random()


def test_numpys_global_generator_is_the_same_after_as_before() -> None:
    np.random.seed(1)
    expected = np.random.RandomState(1).random(2)
    assert np.random.random() == expected[0]
    draw(Streams(9))
    assert np.random.random() == expected[1]


def test_a_state_goes_on_the_same_in_another_object() -> None:
    one, other = Streams(1), Streams(2)
    draw(one)
    draw(other)
    with one:
        state = one.get_state()
    with other:
        other.set_state(state)
    assert draw(one) == draw(other)


@pytest.mark.parametrize("inside", [True, False])
def test_streams_that_are_forgotten_disturb_nobody(inside: bool) -> None:
    gone, kept = Streams(1), Streams(2)
    expected = alone(2, 2)
    assert draw(kept) == expected[0]
    if inside:
        draw(gone)
    Streams.forget(gone)
    assert draw(kept) == expected[1]
