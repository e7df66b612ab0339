"""PAI, PEI and hit rate: published values, bounds, and a method that beats the naive map."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.events import Events
from lagesbild.prediction import accuracy, hit_rate, pai, pei, rolling_evaluation

counts = st.lists(st.integers(0, 9), min_size=2, max_size=20).filter(any)


def test_ptools_example() -> None:
    """ptools test-pai.R: observed 6, 3, 0 where 3, 2, 1 were predicted."""
    observed, predicted, area = [6, 3, 0], [3, 2, 1], [1, 1, 1]
    assert pai(observed, predicted, area) == pytest.approx([2, 1.5, 1])
    assert pei(observed, predicted, area) == pytest.approx([1, 1, 1])
    assert hit_rate(observed, predicted, area) == pytest.approx([6 / 9, 1, 1])


@given(counts, st.integers(0, 999))
def test_no_map_beats_the_best_and_all_area_is_chance(observed: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    area = rng.uniform(0.5, 3, len(observed))
    found = accuracy(observed, rng.uniform(size=len(observed)), area=area)
    assert (found.pei <= 1 + 1e-9).all()
    assert (np.diff(found.hit_rate) >= -1e-12).all()
    assert found.pai[-1] == pytest.approx(1)
    assert found.pei[-1] == pytest.approx(1)
    best = accuracy(observed, np.array(observed) / area, area=area)
    assert best.pei == pytest.approx(np.ones(len(observed)))


def test_a_share_flags_as_many_whole_cells_as_fit() -> None:
    observed, predicted = [5, 3, 2, 0], [4, 3, 2, 1]
    assert hit_rate(observed, predicted, share=0.5) == pytest.approx(0.8)
    assert pai(observed, predicted, share=0.5) == pytest.approx(1.6)
    assert pei(observed, predicted, share=0.7) == pytest.approx(1.0)
    assert hit_rate(observed, predicted, share=0.01) == pytest.approx(0.5)


def drifting_events() -> Events:
    """A hot spot that moves east by 1 km a month, in a town 20 km wide."""
    rng = np.random.default_rng(1)
    day = np.sort(rng.uniform(0, 560, 6000))
    is_hot = rng.random(6000) < 0.5
    x = np.where(is_hot, day / 28 * 1000 + rng.normal(0, 150, 6000), rng.uniform(0, 20e3, 6000))
    y = np.where(is_hot, 5000 + rng.normal(0, 150, 6000), rng.uniform(0, 10e3, 6000))
    return Events(x=x, y=y, start=np.datetime64("2025-01-01", "s") + (day * 86_400).astype(int))


def test_a_method_that_knows_of_the_drift_beats_the_naive_map() -> None:
    def newest_first(past: Events, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        recent = past.take(past.start > past.start.max() - np.timedelta64(14, "D"))
        centre = np.median(recent.x[np.abs(recent.y - 5000) < 500]) + 1000
        return -np.hypot(x - centre, y - 5000)

    found = rolling_evaluation(newest_first, drifting_events(), periods=8, share=0.02)
    assert found.pai_ratio > 1.5
    assert (found.naive_pei <= 1).all()


def test_the_naive_method_is_as_good_as_the_naive_map() -> None:
    def past_counts(past: Events, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.array(
            [
                ((np.abs(past.x - a) <= 125) & (np.abs(past.y - b) <= 125)).sum()
                for a, b in zip(x, y, strict=True)
            ]
        )

    found = rolling_evaluation(past_counts, drifting_events(), periods=2)
    assert found.pai == pytest.approx(found.naive_pai, rel=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: accuracy([0, 0], [1, 2]), "observed: no events"),
        (lambda: accuracy([1, -1], [1, 2]), "observed: negative"),
        (lambda: accuracy([1, 1], [1, 2], area=[1, 0]), "area: above zero"),
        (lambda: accuracy([1, 1], [1, 2, 3]), "different lengths"),
        (lambda: pai([1, 1], [1, 2], share=0), "share"),
        (lambda: rolling_evaluation(lambda *_: [], Events(x=[], y=[], start=[])), "at least one"),
        (lambda: rolling_evaluation(lambda *_: [], drifting_events(), periods=99), "reach back"),
        (lambda: rolling_evaluation(lambda *_: [], drifting_events(), cell_m=1e6), "one cell"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
