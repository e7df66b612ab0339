"""When a place is open. Plain Python, on the wall clock of the city.

A day's hours are the regular ones of its weekday, unless an exception says otherwise. Where
several exceptions meet, the order is closed, moved, open: a closed door beats every other word.
Free entry changes no hours; it is said beside them. Hours belong to the day on which they begin,
also the part after midnight. Holidays are not assumed: a place that keeps other hours on one has
an exception saying so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

OPEN, CLOSED, MOVED, FREE_ENTRY = "open", "closed", "moved", "free_entry"
_MINUTES_A_DAY = 24 * 60
_ONE_DAY = timedelta(days=1)
# Nobody who keeps a door open past midnight means later than this, or longer.
_LATEST_CLOSING = time(6)
_LONGEST_NIGHT = 16 * 60


@dataclass(frozen=True, order=True)
class Span:
    """From one time of day until another; `closes` at or before `opens` is on the next day."""

    opens: time
    closes: time

    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes after the day's midnight; the end may exceed 24 hours."""
        start, end = _minute(self.opens), _minute(self.closes)
        return start, end if end > start else end + _MINUTES_A_DAY

    def is_likely(self) -> bool:
        """Whether somebody may mean this: 18:00 to 02:00 and around the clock, not 10:00 to 09:00.

        Only what runs past midnight is doubted: until six in the morning, at most sixteen hours.
        """
        if self.closes >= self.opens or self.closes == time(0):
            return True
        start, end = self.minutes()
        return self.closes <= _LATEST_CLOSING and end - start <= _LONGEST_NIGHT


@dataclass(frozen=True)
class RegularHours:
    """Hours on a weekday (0 = Monday), for days from `valid_from` until before `valid_until`."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def span(self) -> Span:
        return Span(self.opens, self.closes)

    def covers(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day < self.valid_until)
        )


@dataclass(frozen=True)
class Deviation:
    """What differs from a day until before another; times are needed only for 'open'.

    `subject` is whatever the caller wants back: the stored exception, for its reason and place.
    """

    kind: str
    days_from: date
    days_until: date
    opens: time | None = None
    closes: time | None = None
    subject: Any = None

    def covers(self, day: date) -> bool:
        return self.days_from <= day < self.days_until

    @property
    def span(self) -> Span | None:
        if self.opens is None or self.closes is None:
            return None
        return Span(self.opens, self.closes)


@dataclass(frozen=True)
class DayHours:
    """What holds on one day: `spans` here, what the regular ones were, and why they differ.

    A place that has moved has no spans here; `spans_elsewhere` are the hours where it went.
    """

    day: date
    spans: tuple[Span, ...]
    regular: tuple[Span, ...]
    because: tuple[Deviation, ...] = ()
    free_entry: tuple[Deviation, ...] = ()
    spans_elsewhere: tuple[Span, ...] = ()

    @property
    def kind(self) -> str:
        """Which sort of exception decided: 'closed', 'moved', 'open', or '' for the regular."""
        return self.because[0].kind if self.because else ""

    @property
    def is_open(self) -> bool:
        return bool(self.spans)


def hours_on(
    day: date, *, regular: Iterable[RegularHours], exceptions: Iterable[Deviation]
) -> DayHours:
    """The hours of one day. The order in which hours and exceptions are given does not matter."""
    usual = merged(hours.span for hours in regular if hours.covers(day))
    here = [deviation for deviation in exceptions if deviation.covers(day)]
    free = tuple(_of_kind(here, FREE_ENTRY))
    if closed := _of_kind(here, CLOSED):
        return DayHours(day, (), usual, closed, free)
    if moved := _of_kind(here, MOVED):
        elsewhere = merged(each.span for each in moved if each.span) or usual
        return DayHours(day, (), usual, moved, free, elsewhere)
    if opened := _of_kind(here, OPEN):
        spans = merged(each.span for each in opened if each.span)
        return DayHours(day, spans, usual, opened, free)
    return DayHours(day, usual, usual, (), free)


def is_open(
    at: datetime, *, regular: Sequence[RegularHours], exceptions: Sequence[Deviation]
) -> bool:
    """Whether the doors are open at a moment of the city's wall clock."""
    minute = at.hour * 60 + at.minute
    today = hours_on(at.date(), regular=regular, exceptions=exceptions)
    if any(start <= minute < end for start, end in map(Span.minutes, today.spans)):
        return True
    before = hours_on(at.date() - _ONE_DAY, regular=regular, exceptions=exceptions)
    return any(minute + _MINUTES_A_DAY < end for _start, end in map(Span.minutes, before.spans))


def next_opening(
    at: datetime,
    *,
    regular: Sequence[RegularHours],
    exceptions: Sequence[Deviation],
    within_days: int = 60,
) -> tuple[date, Span] | None:
    """The first opening that begins after `at`, or None within the days looked at."""
    for number in range(within_days + 1):
        day = at.date() + timedelta(days=number)
        for span in hours_on(day, regular=regular, exceptions=exceptions).spans:
            if number > 0 or span.opens > at.time():
                return day, span
    return None


def week_of(
    monday: date, *, regular: Sequence[RegularHours], exceptions: Sequence[Deviation]
) -> list[DayHours]:
    """Seven days of hours."""
    days = (monday + timedelta(days=number) for number in range(7))
    return [hours_on(day, regular=regular, exceptions=exceptions) for day in days]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that meet or overlap joined; around the clock at most once."""
    joined: list[list[int]] = []
    for start, end in sorted(span.minutes() for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return tuple(
        Span(_time(start), _time(min(end, start + _MINUTES_A_DAY))) for start, end in joined
    )


def overlapping(hours: Sequence[RegularHours]) -> tuple[RegularHours, RegularHours] | None:
    """Two rows that hold at the same time of some day, or None."""
    for number, one in enumerate(hours):
        for other in hours[number + 1 :]:
            if _share_days(one, other) and _share_minutes(one.span, other.span):
                return one, other
    return None


def _share_days(one: RegularHours, other: RegularHours) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    ends = min(one.valid_until or date.max, other.valid_until or date.max)
    return one.weekday == other.weekday and begins < ends


def _share_minutes(one: Span, other: Span) -> bool:
    (start, end), (other_start, other_end) = one.minutes(), other.minutes()
    return start < other_end and other_start < end


def _of_kind(deviations: Iterable[Deviation], kind: str) -> tuple[Deviation, ...]:
    found = (deviation for deviation in deviations if deviation.kind == kind)
    return tuple(sorted(found, key=lambda each: (each.days_from, each.opens or time(0))))


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
