"""The weekday and hour picture: nothing is lost, local time is right, intervals hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.aoristic import weekday_hour
from lagesbild.events import Events

HOUR = np.timedelta64(3600, "s")


def between(start: str, end: str | None = None, weight: float | None = None) -> Events:
    return Events(
        x=[0],
        y=[0],
        start=[np.datetime64(start, "s")],
        end=None if end is None else [np.datetime64(end, "s")],
        weight=None if weight is None else [weight],
    )


def test_a_known_moment_falls_wholly_in_its_hour() -> None:
    found = weekday_hour(between("2026-11-20T21:59:59"), replicates=2)  # a Friday
    assert found.weights[4, 21] == 1
    assert found.weights.sum() == 1


def test_a_night_is_spread_over_its_hours() -> None:
    found = weekday_hour(between("2026-11-20T22:00", "2026-11-21T02:00"), replicates=2)
    assert found.weights[4, 22:].tolist() == [0.25, 0.25]
    assert found.weights[5, :2].tolist() == [0.25, 0.25]


def test_parts_of_an_hour_weigh_by_their_length() -> None:
    found = weekday_hour(between("2026-11-20T21:45", "2026-11-20T22:15"), replicates=2)
    assert found.weights[4, 21] == pytest.approx(0.5)
    assert found.weights[4, 22] == pytest.approx(0.5)


def test_the_hour_that_spring_skips_gets_nothing() -> None:
    found = weekday_hour(between("2026-03-29T01:00", "2026-03-29T04:00"), replicates=2)
    assert found.weights[6, 1] == pytest.approx(0.5)
    assert found.weights[6, 2] == 0
    assert found.weights[6, 3] == pytest.approx(0.5)


def test_the_hour_that_autumn_doubles_counts_twice() -> None:
    found = weekday_hour(between("2026-10-25T01:00", "2026-10-25T04:00"), replicates=2)
    assert found.weights[6, 2] == pytest.approx(0.5)
    assert found.weights[6, 1] == pytest.approx(0.25)


def test_an_interval_longer_than_a_week_tells_nothing_of_the_hour() -> None:
    found = weekday_hour(between("2026-06-01T00:00", "2026-06-15T00:00"), replicates=2)
    assert found.weights == pytest.approx(np.full((7, 24), 1 / 168))


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * 365 * 86_400), st.integers(0, 40 * 86_400), st.floats(0, 9)),
        min_size=1,
        max_size=15,
    )
)
def test_weights_sum_to_those_of_the_events(rows: list[tuple[int, int, float]]) -> None:
    start = np.datetime64("2024-01-01", "s") + np.array([row[0] for row in rows])
    events = Events(
        x=np.arange(len(rows)) * 100,
        y=np.zeros(len(rows)),
        start=start,
        end=start + np.array([row[1] for row in rows]),
        weight=[row[2] for row in rows],
    )
    found = weekday_hour(events, replicates=2)
    assert found.weights.sum() == pytest.approx(events.weights.sum())
    assert (found.weights >= 0).all()


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Friday 21-22 has a true rate of 0.2 of all events; 95 % intervals hold it 95 % of times."""
    rng = np.random.default_rng(1)
    held = 0
    for seed in range(200):
        is_peak = rng.random(150) < 0.2
        hours = np.where(is_peak, 4 * 24 + 21, rng.integers(0, 4 * 24, 150))
        start = np.datetime64("2026-11-16T00:30", "s") + hours * HOUR
        events = Events(x=np.arange(150) * 10, y=np.zeros(150), start=start)
        found = weekday_hour(events, replicates=199, seed=seed)
        held += found.lower[4, 21] <= 0.2 * 150 <= found.upper[4, 21]
    assert 0.90 <= held / 200 <= 0.99


def test_intervals_of_many_events_are_as_wide_as_counting_makes_them() -> None:
    """More events than are resampled one by one: the spread of a count is that of a binomial."""
    share = np.r_[np.full(84, 1.5), np.full(84, 0.5)] / 168
    hours = np.random.default_rng(3).choice(168, 9_001, p=share)
    start = np.datetime64("2026-11-16T00:30", "s") + hours * HOUR
    found = weekday_hour(Events(x=np.arange(9_001) * 10, y=np.zeros(9_001), start=start), seed=1)
    width = (found.upper - found.lower).ravel()
    counted = np.bincount(hours, minlength=168) / 9_001
    expected = 2 * 1.96 * np.sqrt(9_001 * counted * (1 - counted))
    assert np.mean(width / expected) == pytest.approx(1.0, abs=0.03)


def test_many_intervals_are_spread_as_each_by_itself() -> None:
    """Also where local time shifts by half an hour, and over its changes."""
    draw = np.random.default_rng(4)
    start = np.datetime64("2026-04-03T00:00", "s") + draw.integers(0, 3 * 24, 40) * HOUR
    columns = {"x": np.arange(40) * 10, "y": np.zeros(40), "start": start,
               "end": start + draw.integers(1, 200_000, 40)}  # fmt: skip
    zone = "Australia/Lord_Howe"
    whole = weekday_hour(Events(**columns), time_zone=zone, replicates=2).weights
    alone = [
        weekday_hour(Events(**columns).take(np.array([row])), time_zone=zone, replicates=2).weights
        for row in range(40)
    ]
    np.testing.assert_allclose(whole, np.sum(alone, axis=0), atol=1e-9)


def test_the_same_seed_gives_the_same_bytes() -> None:
    events = between("2026-11-20T22:00", "2026-11-21T02:00")
    one, two = (weekday_hour(events, seed=5) for _ in range(2))
    assert one.upper.tobytes() == two.upper.tobytes()


def test_no_events_and_wrong_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="events: at least one"):
        weekday_hour(Events(x=[], y=[], start=[]))
    with pytest.raises(ValueError, match="level"):
        weekday_hour(between("2026-11-20T22:00"), level=95)
