"""When a place is open: what the rules promise, on examples and on all that hypothesis finds."""

import random
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.places.rules import (
    Deviation,
    Guest,
    RegularHours,
    Span,
    hours_on,
    is_open,
    merged,
    next_opening,
    overlapping,
    visit_at,
    week_of,
)

SUNDAY = date(2026, 5, 24)
WEEK = [RegularHours(day, time(10), time(18)) for day in range(5)]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  # the wall clock


def differs(kind: str, day: date = SUNDAY, days: int = 1, **times) -> Deviation:
    return Deviation(kind, day, day + timedelta(days=days), **times)


OPEN_11_18 = {"opens": time(11), "closes": time(18)}
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
clock_times = st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
regular_hours = st.builds(
    RegularHours, weekday=st.integers(0, 6), opens=clock_times, closes=clock_times
)
deviations = st.builds(
    lambda kind, day, length, opens, closes: Deviation(
        kind, day, day + timedelta(days=length), opens, closes
    ),
    st.sampled_from(["open", "closed", "moved", "free_entry"]),
    days,
    st.integers(1, 30),
    clock_times,
    clock_times,
)
schedules = st.tuples(st.lists(regular_hours, max_size=10), st.lists(deviations, max_size=6))


def test_the_letters_sunday_reads_open_11_to_18_instead_of_closed():
    found = hours_on(SUNDAY, regular=WEEK, exceptions=[differs("open", **OPEN_11_18)])
    assert found.spans == (Span(time(11), time(18)),)
    assert (found.kind, found.regular) == ("open", ())


def test_the_letters_move_closes_the_old_door_and_tells_the_hours_at_the_new():
    move = differs("moved", opens=time(12), closes=time(18))
    found = hours_on(SUNDAY, regular=WEEK, exceptions=[move])
    assert (found.spans, found.spans_elsewhere) == ((), (Span(time(12), time(18)),))
    friday = SUNDAY - timedelta(days=2)
    found = hours_on(friday, regular=WEEK, exceptions=[differs("moved", friday)])
    assert found.spans_elsewhere == (Span(time(10), time(18)),)


@pytest.mark.parametrize("order", range(6))
def test_closed_beats_moved_beats_open_in_whatever_order_they_are_given(order):
    all_three = [differs("open", **OPEN_11_18), differs("moved"), differs("closed")]
    random.Random(order).shuffle(all_three)
    assert hours_on(SUNDAY, regular=WEEK, exceptions=all_three).kind == "closed"
    rest = [each for each in all_three if each.kind != "closed"]
    assert hours_on(SUNDAY, regular=WEEK, exceptions=rest).kind == "moved"


def test_free_entry_is_said_and_changes_no_hours():
    monday = date(2026, 5, 18)
    found = hours_on(monday, regular=WEEK, exceptions=[differs("free_entry", monday)])
    assert (found.spans, found.kind) == ((Span(time(10), time(18)),), "")
    assert len(found.free_entry) == 1


def test_hours_past_midnight_belong_to_the_day_they_begin():
    friday = date(2026, 5, 22)
    bar = [RegularHours(4, time(18), time(2))]
    assert is_open(at(friday, 23), regular=bar, exceptions=[])
    assert is_open(at(friday + timedelta(days=1), 1, 59), regular=bar, exceptions=[])
    assert not is_open(at(friday + timedelta(days=1), 2), regular=bar, exceptions=[])
    assert not is_open(at(friday, 1), regular=bar, exceptions=[])
    # A Saturday that is closed does not throw Friday's last guests out.
    closed = [differs("closed", friday + timedelta(days=1))]
    assert is_open(at(friday + timedelta(days=1), 1), regular=bar, exceptions=closed)


def test_the_door_opens_on_the_minute_and_closes_on_the_minute():
    monday = date(2026, 5, 18)
    assert not is_open(at(monday, 9, 59), regular=WEEK, exceptions=[])
    assert is_open(at(monday, 10), regular=WEEK, exceptions=[])
    assert is_open(at(monday, 17, 59), regular=WEEK, exceptions=[])
    assert not is_open(at(monday, 18), regular=WEEK, exceptions=[])


def test_hours_that_hold_for_a_summer_hold_from_its_first_day_until_before_its_last():
    summer = [RegularHours(0, time(8), time(20), date(2026, 6, 1), date(2026, 6, 15))]
    open_days = [
        day for day in (date(2026, 5, 25) + timedelta(weeks=n) for n in range(5))
        if hours_on(day, regular=summer, exceptions=[]).is_open
    ]  # fmt: skip
    assert open_days == [date(2026, 6, 1), date(2026, 6, 8)]


def test_holidays_are_not_assumed():
    christmas_eve = date(2026, 12, 24)
    assert hours_on(christmas_eve, regular=WEEK, exceptions=[]).is_open


def test_the_next_opening_is_after_now_and_skips_closed_days():
    friday = date(2026, 5, 22)
    closed = [differs("closed", date(2026, 5, 25))]
    day, span = next_opening(at(friday, 10), regular=WEEK, exceptions=closed)
    assert (day, span.opens) == (date(2026, 5, 26), time(10))
    assert next_opening(at(friday, 9), regular=WEEK, exceptions=closed)[0] == friday
    assert next_opening(at(friday, 9), regular=[], exceptions=[]) is None


def test_overlapping_rows_are_found_and_those_that_only_meet_are_not():
    assert overlapping([RegularHours(0, time(10), time(14)), RegularHours(0, time(13), time(18))])
    assert not overlapping(
        [RegularHours(0, time(10), time(14)), RegularHours(0, time(14), time(18))]
    )
    assert not overlapping(
        [
            RegularHours(0, time(10), time(14), None, date(2026, 6, 1)),
            RegularHours(0, time(10), time(14), date(2026, 6, 1)),
        ]
    )


def test_a_week_has_seven_days_from_monday():
    week = week_of(date(2026, 5, 18), regular=WEEK, exceptions=[])
    assert [day.day.weekday() for day in week] == list(range(7))
    assert [day.is_open for day in week] == [True] * 5 + [False] * 2


def guest(*exceptions: Deviation, regular=()) -> Guest:
    moves = tuple(each for each in exceptions if each.kind == "moved")
    return Guest("Portalen", moves, tuple(regular), exceptions)


def test_a_place_is_open_through_another_that_moves_there():
    visitor = guest(differs("moved", opens=time(12), closes=time(18)))
    given_ = {"regular": WEEK, "exceptions": [], "guests": [visitor]}
    found = hours_on(SUNDAY, **given_)
    assert (found.spans, found.all_spans) == ((), (Span(time(12), time(18)),))
    assert found.is_open
    assert is_open(at(SUNDAY, 16, 30), **given_)
    assert not is_open(at(SUNDAY, 18), **given_)
    assert visit_at(at(SUNDAY, 16, 30), **given_).guest is visitor
    assert next_opening(at(SUNDAY, 9), **given_) == (SUNDAY, Span(time(12), time(18)))


def test_a_visit_without_times_keeps_the_hours_of_the_one_who_comes():
    friday = SUNDAY - timedelta(days=2)
    visitor = guest(differs("moved", friday, 3), regular=WEEK)
    given_ = {"regular": [], "exceptions": [], "guests": [visitor]}
    assert hours_on(friday, **given_).all_spans == (Span(time(10), time(18)),)
    assert not hours_on(SUNDAY, **given_).is_open


def test_one_who_is_closed_visits_nobody_and_a_closed_host_receives_nobody():
    move, closed = differs("moved", **OPEN_11_18), differs("closed")
    assert not hours_on(SUNDAY, regular=[], exceptions=[], guests=[guest(move, closed)]).visits
    assert not hours_on(SUNDAY, regular=[], exceptions=[closed], guests=[guest(move)]).is_open


def test_a_visit_while_the_place_itself_is_open_is_not_what_keeps_it_open():
    monday = date(2026, 5, 18)
    visitor = guest(differs("moved", monday, opens=time(12), closes=time(20)))
    given_ = {"regular": WEEK, "exceptions": [], "guests": [visitor]}
    assert visit_at(at(monday, 13), **given_) is None
    assert visit_at(at(monday, 19), **given_).guest is visitor


def test_no_hours_means_closed_only_where_somebody_has_given_hours():
    assert hours_on(SUNDAY, regular=WEEK, exceptions=[]).is_known
    assert hours_on(SUNDAY, regular=[], exceptions=[differs("closed")]).is_known
    assert not hours_on(SUNDAY, regular=[], exceptions=[]).is_known


@given(days, schedules, st.randoms())
def test_the_order_of_rows_never_matters(day, schedule, chance):
    regular, exceptions = schedule
    shuffled = chance.sample(regular, len(regular)), chance.sample(exceptions, len(exceptions))
    one = hours_on(day, regular=regular, exceptions=exceptions)
    other = hours_on(day, regular=shuffled[0], exceptions=shuffled[1])
    assert (one.spans, one.kind, one.spans_elsewhere) == (
        other.spans, other.kind, other.spans_elsewhere,
    )  # fmt: skip


@given(days, schedules)
def test_a_closed_or_moved_day_has_no_hours_here(day, schedule):
    regular, exceptions = schedule
    found = hours_on(day, regular=regular, exceptions=exceptions)
    kinds = {each.kind for each in exceptions if each.covers(day)}
    if kinds & {"closed", "moved"}:
        assert found.spans == ()
    assert (found.kind == "closed") == ("closed" in kinds)


@given(days, schedules)
def test_free_entry_never_changes_the_hours(day, schedule):
    regular, exceptions = schedule
    without = [each for each in exceptions if each.kind != "free_entry"]
    assert (
        hours_on(day, regular=regular, exceptions=exceptions).spans
        == hours_on(day, regular=regular, exceptions=without).spans
    )


@given(days, clock_times, schedules)
def test_open_at_a_moment_means_inside_a_span_of_that_day_or_the_night_before(
    day, moment, schedule
):
    regular, exceptions = schedule
    now = datetime.combine(day, moment)
    inside = False
    for start_day in (day, day - timedelta(days=1)):
        for span in hours_on(start_day, regular=regular, exceptions=exceptions).spans:
            begins = datetime.combine(start_day, span.opens)
            ends = datetime.combine(start_day, span.closes)
            if ends <= begins:
                ends += timedelta(days=1)
            inside = inside or begins <= now < ends
    assert is_open(now, regular=regular, exceptions=exceptions) == inside


@given(days, clock_times, schedules)
def test_the_next_opening_lies_ahead_and_is_an_opening(day, moment, schedule):
    regular, exceptions = schedule
    now = datetime.combine(day, moment)
    found = next_opening(now, regular=regular, exceptions=exceptions)
    if found is not None:
        opening_day, span = found
        begins = datetime.combine(opening_day, span.opens)
        assert begins > now
        assert is_open(begins, regular=regular, exceptions=exceptions)


@given(st.lists(st.builds(Span, clock_times, clock_times), max_size=8))
def test_merged_spans_are_in_order_apart_and_cover_the_same_minutes(spans):
    found = merged(spans)
    minutes = [span.minutes() for span in found]
    assert minutes == sorted(minutes)
    if len(found) > 1:
        assert all(earlier[1] < later[0] for earlier, later in pairwise(minutes))
    assert merged(found) == found


@pytest.mark.parametrize(
    ("opens", "closes", "is_likely"),
    [
        (time(10), time(18), True),
        (time(6), time(23), True),
        (time(18), time(2), True),
        (time(22), time(6), True),
        (time(5), time(0), True),
        (time(0), time(0), True),
        (time(10), time(10), True),
        (time(10), time(9), False),
        (time(22), time(6, 1), False),
        (time(10), time(2, 1), False),
    ],
)
def test_only_a_night_closes_before_it_opens(opens, closes, is_likely):
    assert Span(opens, closes).is_likely() is is_likely
