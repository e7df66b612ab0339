"""The cube: every event is counted once, in the right place, or said to be left out."""

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild import cube
from lagesbild.events import Events
from lagesbild.kde import Grid

MONDAY = np.datetime64("2026-01-05T00:00:00")
DAY = np.timedelta64(86_400, "s")
GRID = Grid(0.0, 0.0, 200.0, 4, 3)


def random_events(n: int, seed: int, days: int = 100) -> Events:
    rng = np.random.default_rng(seed)
    kinds = np.array(["light", "litter", "noise", "åverkan"])
    return Events(
        x=rng.uniform(0, 800, n),
        y=rng.uniform(0, 600, n),
        start=MONDAY + rng.integers(0, days * 86_400, n).astype("timedelta64[s]"),
        category=kinds[rng.integers(0, 4, n)],
        location=rng.integers(1000, 1020, n),
    )


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """What is compiled, or loaded, counts for none of the tests."""
    for grid in (GRID, None):
        cube.count(random_events(5, 1), grid=grid)
    cube.count(random_events(5, 1), areas=np.arange(1000, 1020))


@given(st.integers(1, 200), st.integers(0, 999))
def test_every_event_is_in_the_cell_that_a_calendar_and_a_ruler_say(n: int, seed: int) -> None:
    events = random_events(n, seed)
    slow: Counter[tuple[int, date, str]] = Counter()
    for x, y, start, kind in zip(events.x, events.y, events.start, events.category, strict=True):
        day = start.astype("datetime64[D]").item()
        monday = date.fromordinal(day.toordinal() - day.weekday())
        slow[int(y // 200) * 4 + int(x // 200), monday, str(kind)] += 1
    found = cube.count(events, grid=GRID)
    fast = {
        (area, found.weeks[week].item(), str(found.categories[kind])): int(value)
        for (area, week, kind), value in np.ndenumerate(found.counts)
        if value
    }
    assert fast == slow
    assert found.total == n == found.counts.sum()


@given(st.integers(0, 999))
def test_locations_of_any_kind_give_the_same_counts(seed: int) -> None:
    events = random_events(150, seed)
    columns = {"x": events.x, "y": events.y, "start": events.start, "category": events.category}
    plain = cube.count(events)
    for location in (
        events.location.astype(np.int16),
        events.location.astype(str),
        events.location.astype(object),
        events.location.astype(float),
        np.array([f"plats {label}" for label in events.location], dtype=object),
        events.location * 10**9,
    ):
        other = cube.count(Events(**columns, location=location))
        assert np.array_equal(other.counts, plain.counts)
    assert plain.areas.tolist() == sorted(set(events.location.tolist()))


def test_a_new_week_is_added_as_if_it_had_been_there_from_the_start() -> None:
    events = random_events(3000, 4)
    is_new = events.start >= MONDAY + 70 * DAY
    old = cube.count(events.take(~is_new), grid=GRID)
    grown, whole = cube.added(old, events.take(is_new)), cube.count(events, grid=GRID)
    assert old.weeks.size == 10
    assert whole.weeks.size == 15
    assert np.array_equal(grown.counts, whole.counts)
    assert np.array_equal(grown.weeks, whole.weeks)
    assert grown.basis == whole.basis
    assert cube.added(old, events.take(np.zeros(0, int))).basis == old.basis
    early = cube.added(cube.count(events.take(is_new), grid=GRID), events.take(~is_new))
    assert early.left_out[cube.NO_WEEK] == np.count_nonzero(~is_new)


def test_the_order_of_events_changes_nothing_and_one_moved_event_does() -> None:
    events = random_events(500, 2)
    order = np.random.default_rng(1).permutation(500)
    one, two = cube.count(events), cube.count(events.take(order))
    assert one.basis == two.basis
    assert one.counts.tobytes() == two.counts.tobytes()
    moved = events.location.copy()
    moved[7] = 1000 + (moved[7] - 999) % 20
    three = cube.count(
        Events(x=events.x, y=events.y, start=events.start, category=events.category, location=moved)
    )
    assert three.basis.fingerprint != one.basis.fingerprint


def test_a_cell_with_more_than_16_bits_hold_widens_the_cube() -> None:
    n = 70_000
    events = Events(x=np.ones(n), y=np.ones(n), start=np.full(n, MONDAY))
    found = cube.count(events, grid=GRID)
    assert found.counts.dtype == np.uint32
    assert found.counts[0, 0, 0] == found.total == n
    assert cube.count(events.take(np.arange(65_535)), grid=GRID).counts.dtype == np.uint16


def test_what_lies_outside_the_grid_or_the_weeks_is_counted_by_reason() -> None:
    events = Events(
        x=[0, 800, 801, 5, -1, 5], y=[0, 600, 5, 5, 5, 5],
        start=MONDAY + np.array([0, 6, 0, 7, 7, -1]) * DAY,
    )  # fmt: skip
    found = cube.count(events, grid=GRID, first="2026-01-07", last="2026-01-11")
    assert found.weeks.tolist() == [date(2026, 1, 5)]
    assert np.flatnonzero(found.counts[:, 0, 0]).tolist() == [0, 11]  # the borders belong to it
    assert found.left_out == {cube.NO_AREA: 2, cube.NO_WEEK: 2}
    assert found.total + sum(found.left_out.values()) == len(events) == found.basis.n


def test_events_with_weights_and_intervals_count_as_they_say() -> None:
    events = Events(
        x=[1, 1], y=[1, 1], start=MONDAY + np.array([5, 6]) * DAY,
        end=MONDAY + np.array([6, 10]) * DAY, weight=[3, 2],
    )  # fmt: skip
    found = cube.count(events, grid=GRID, first=MONDAY)
    assert found.weekly()[0].tolist() == [3, 2]
    assert found.total == 5


def test_sums_are_those_of_the_rows() -> None:
    events = random_events(800, 3)
    found = cube.count(events)
    is_noise = events.category == "noise"
    assert found.weekly("noise").sum(axis=1).tolist() == [
        np.count_nonzero(is_noise & (events.location == area)) for area in found.areas
    ]
    recent = found.by_area(first="2026-02-04", last="2026-02-10")
    is_recent = (events.start >= MONDAY + 28 * DAY) & (events.start < MONDAY + 42 * DAY)
    assert recent.sum() == np.count_nonzero(is_recent)
    assert found.to_dict()["total"] == 800


def test_given_labels_keep_their_order_and_unknown_ones_are_named() -> None:
    events = random_events(50, 5)
    wanted = ["noise", "åverkan", "light", "litter", "graffiti"]
    found = cube.count(events, categories=wanted)
    assert found.categories.tolist() == wanted
    assert found.weekly("graffiti").sum() == 0
    assert found.weekly("light").sum() == np.count_nonzero(events.category == "light")
    row = int(np.flatnonzero(events.category == "noise")[0])
    with pytest.raises(ValueError, match=rf"categories: not among .* rows? {row}"):
        cube.count(events, categories=[kind for kind in wanted if kind != "noise"])
    with pytest.raises(ValueError, match=r"areas: not among .* row"):
        cube.count(events, areas=np.arange(1000, 1010))


def test_one_event_and_none_have_a_cube() -> None:
    one = random_events(1, 1)
    assert cube.count(one, grid=GRID).counts.sum() == 1
    none = one.take(np.zeros(0, int))
    empty = cube.count(none, grid=GRID, first="2026-01-05", last="2026-02-01")
    assert empty.counts.shape == (12, 4, 0)
    empty = cube.count(none, grid=GRID, categories=["a", "b"], first=MONDAY, last=MONDAY)
    assert empty.counts.shape == (12, 1, 2)
    assert empty.total == 0


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"grid": GRID, "areas": [1]}, "areas: the areas are the cells"),
        ({"first": "2026-03-01", "last": "2026-02-01"}, "last: before first"),
        ({"first": "NaT"}, "first: not a day"),
        ({"categories": ["a", "a"]}, "categories: a label comes twice"),
        ({"grid": Grid(0.0, 0.0, 1.0, 4000, 2500), "last": "2040-01-01"}, "choose larger areas"),
    ],
)
def test_bad_arguments_are_named(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cube.count(random_events(20, 1), **kwargs)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"category": np.array(["a", None, "b"], dtype=object)}, "categories: missing in row 1"),
        ({"category": np.array([1.0, 2.0, np.nan])}, "categories: missing in row 2"),
        ({"category": np.array(["a", 1, "b"], dtype=object)}, "labels of one kind"),
        ({"weight": [1, 1.5, 2]}, "weight: .* row 1"),
        ({}, "no location"),
    ],
)
def test_rows_that_cannot_be_counted_are_named(column: dict[str, Any], message: str) -> None:
    events = Events(x=[1, 2, 3], y=[1, 2, 3], start=np.full(3, MONDAY), **column)
    with pytest.raises(ValueError, match=message):
        cube.count(events, grid=None if not column else GRID)
    with pytest.raises(ValueError, match="events: none"):
        cube.count(events.take(np.zeros(0, int)), grid=GRID)
