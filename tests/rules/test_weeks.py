"""ISO weeks, as Swedish calendars count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.kit.weeks import Week

days = st.dates(date(1900, 1, 8), date(2199, 12, 24))
weeks = days.map(Week.containing)


@given(days)
def test_a_day_lies_in_its_week(day):
    week = Week.containing(day)
    assert week.monday <= day < week.next_monday
    assert week.monday.isoweekday() == 1


@given(weeks)
def test_a_week_reads_back_what_it_writes(week):
    assert Week.from_text(str(week)) == week
    assert Week.from_text(f"{week.year}v{week.number}") == week


@given(weeks, st.integers(-500, 500))
def test_a_shifted_week_shifts_back(week, count):
    moved = week.shifted(count)
    assert moved.monday - week.monday == timedelta(weeks=count)
    assert moved.shifted(-count) == week


@given(weeks, weeks)
def test_weeks_are_ordered_as_their_days(one, other):
    assert (one < other) == (one.monday < other.monday)


def test_the_turn_of_the_year_belongs_to_the_week_with_its_thursday():
    assert Week.containing(date(2026, 12, 31)) == Week(2026, 53)
    assert Week.containing(date(2027, 1, 3)) == Week(2026, 53)
    assert Week.containing(date(2024, 12, 30)) == Week(2025, 1)


@pytest.mark.parametrize("text", ["2026-W47", "2026v47", "2026W47"])
def test_a_week_may_be_written_as_people_do(text):
    assert Week.from_text(text) == Week(2026, 47)


@pytest.mark.parametrize(
    "text", ["", "47", "2026", "2026-47", "W47", "2026-W", "2026-W54", "2025-W53", "2026-W00",
             "2026-W4x", "2026-W47-1", "²026-W01", "0000-W01"],
)  # fmt: skip
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Week.from_text(text)


def test_a_week_that_the_year_does_not_have_cannot_be_made():
    with pytest.raises(ValueError, match="week"):
        Week(2025, 53)
