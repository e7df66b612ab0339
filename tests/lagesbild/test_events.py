"""Events: what is accepted, what is refused, and in which words."""

from datetime import UTC, datetime

import numpy as np
import pytest

from lagesbild.events import Events

TIMES = np.array(["2026-03-01T10:00", "2026-03-02T11:00"], dtype="datetime64[s]")


def test_columns_become_arrays_that_nobody_can_change() -> None:
    events = Events(x=[569_000, 570_000], y=[6_495_000, 6_496_000], start=TIMES)
    assert len(events) == 2
    with pytest.raises(ValueError, match="read-only"):
        events.x[0] = 0


def test_the_fingerprint_follows_the_data() -> None:
    one = Events(x=[1, 2000], y=[3, 4000], start=TIMES)
    same = Events(x=[1.0, 2000.0], y=[3.0, 4000.0], start=TIMES.astype("datetime64[ms]"))
    other = Events(x=[1, 2001], y=[3, 4000], start=TIMES)
    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_degrees_are_projected_to_sweref_99_tm() -> None:
    events = Events.from_lonlat([16.1858, 16.2], [58.5932, 58.6], start=TIMES)
    assert events.x[0] == pytest.approx(568_940, abs=200)
    assert events.y[0] == pytest.approx(6_495_420, abs=1_500)


def test_swapped_degrees_are_noticed() -> None:
    with pytest.warns(UserWarning, match="swapped"):
        Events.from_lonlat([58.59, 58.6], [16.18, 16.2], start=TIMES)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"x": [1, np.nan], "y": [1, 2], "start": TIMES}, "x: not finite in row 1"),
        ({"x": [1, 2, 3], "y": [1, 2], "start": TIMES}, "different lengths: x 3"),
        ({"x": [16.1858, 16.2], "y": [58.59, 58.6], "start": TIMES}, "degrees"),
        ({"x": [1, 2], "y": [1, 2], "start": TIMES, "end": TIMES[::-1]}, "end: before start"),
        ({"x": [1, 2], "y": [1, 2], "start": TIMES, "weight": [1, -1]}, "weight: negative"),
        ({"x": [1, 2], "y": [1, 2], "start": ["2026-01-01", "NaT"]}, "start: missing in row 1"),
        ({"x": ["a", "b"], "y": [1, 2], "start": TIMES}, "x: not numbers"),
        (
            {"x": [1, 2], "y": [1, 2], "start": [datetime(2026, 1, 1, tzinfo=UTC)] * 2},
            "start: times with a zone",
        ),
    ],
)
def test_bad_columns_are_refused_by_name_and_row(columns: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Events(**columns)


def test_degrees_elsewhere_are_warned_about() -> None:
    with pytest.warns(UserWarning, match="may be degrees"):
        Events(x=[-1.55, -1.51], y=[53.8, 53.9], start=TIMES)


def test_no_events_at_all_are_events_too() -> None:
    assert len(Events(x=[], y=[], start=[])) == 0
