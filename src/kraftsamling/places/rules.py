"""When a place is open. Plain Python, on the wall clock of the city.

A day's hours are the regular ones of its weekday, unless an exception says otherwise. Where
several exceptions meet, the order is closed, moved, open: a closed door beats every other word.
Free entry changes no hours; it is said beside them. A place is open as well while another place's
exception moves that one here, unless its own door is closed by an exception. Hours belong to the
day on which they begin, also the part after midnight. Holidays are not assumed: a place that keeps
other hours on one has an exception saying so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
class Guest:
    """Another place that moves here on some days, with all that decides its own hours.

    `moves` are those of its exceptions that lead here. All of them are needed: where the guest is
    closed as well, it comes to nobody; where its move gives no times, its regular hours hold.
    """

    subject: Any
    moves: tuple[Deviation, ...]
    regular: tuple[RegularHours, ...] = ()
    exceptions: tuple[Deviation, ...] = ()


@dataclass(frozen=True)
class Visit:
    """That another place is here on a day, and when; no spans where nobody has said when."""

    guest: Guest
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class DayHours:
    """What holds on one day: `spans` of its own here, what the regular ones were, and why.

    A place that has moved has no spans here; `spans_elsewhere` are the hours where it went.
    `visits` are other places that are here. `has_regular` tells whether anybody has given regular
    hours for the place at all: without them, no spans means unknown and not closed.
    """

    day: date
    spans: tuple[Span, ...]
    regular: tuple[Span, ...]
    because: tuple[Deviation, ...] = ()
    free_entry: tuple[Deviation, ...] = ()
    spans_elsewhere: tuple[Span, ...] = ()
    visits: tuple[Visit, ...] = ()
    has_regular: bool = True

    @property
    def kind(self) -> str:
        """Which sort of exception decided: 'closed', 'moved', 'open', or '' for the regular."""
        return self.because[0].kind if self.because else ""

    @property
    def is_known(self) -> bool:
        """Whether anybody has said when the place itself is open on this day, or that it is not."""
        return self.has_regular or bool(self.because)

    @property
    def all_spans(self) -> tuple[Span, ...]:
        """When people are here: the place's own hours and those of its visits, in order."""
        visiting = (span for visit in self.visits for span in visit.spans)
        return tuple(sorted({*self.spans, *visiting}))

    @property
    def is_open(self) -> bool:
        return bool(self.all_spans)


def hours_on(
    day: date,
    *,
    regular: Iterable[RegularHours],
    exceptions: Iterable[Deviation],
    guests: Iterable[Guest] = (),
) -> DayHours:
    """The hours of one day. The order in which hours and exceptions are given does not matter."""
    regular = tuple(regular)
    own = _own_hours(day, regular, exceptions)
    return replace(
        own,
        visits=() if own.kind == CLOSED else tuple(_visits(day, guests)),
        has_regular=bool(regular),
    )


def _visits(day: date, guests: Iterable[Guest]) -> Iterator[Visit]:
    """Who is here on a day, the first to come first."""
    found = []
    for guest in guests:
        away = _own_hours(day, guest.regular, guest.exceptions)
        moves = [each for each in away.because if each.kind == MOVED and each in guest.moves]
        if moves:
            spans = merged(each.span for each in moves if each.span) or away.regular
            found.append(Visit(guest, spans))
    yield from sorted(found, key=lambda visit: visit.spans or (Span(time.max, time.max),))


def _own_hours(
    day: date, regular: Iterable[RegularHours], exceptions: Iterable[Deviation]
) -> DayHours:
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
    at: datetime,
    *,
    regular: Sequence[RegularHours],
    exceptions: Sequence[Deviation],
    guests: Sequence[Guest] = (),
) -> bool:
    """Whether the doors are open at a moment of the city's wall clock, also through a visit."""
    today, before = _today_and_before(at, regular, exceptions, guests)
    return _is_within(at, today.all_spans, before.all_spans)


def visit_at(
    at: datetime,
    *,
    regular: Sequence[RegularHours],
    exceptions: Sequence[Deviation],
    guests: Sequence[Guest],
) -> Visit | None:
    """The visit that alone keeps the doors open; None where they are closed, or open anyway."""
    today, before = _today_and_before(at, regular, exceptions, guests)
    if _is_within(at, today.spans, before.spans):
        return None
    here = (visit for visit in today.visits if _is_within(at, visit.spans, ()))
    stayed = (visit for visit in before.visits if _is_within(at, (), visit.spans))
    return next(here, None) or next(stayed, None)


def _today_and_before(
    at: datetime,
    regular: Sequence[RegularHours],
    exceptions: Sequence[Deviation],
    guests: Sequence[Guest],
) -> tuple[DayHours, DayHours]:
    today, before = (
        hours_on(day, regular=regular, exceptions=exceptions, guests=guests)
        for day in (at.date(), at.date() - _ONE_DAY)
    )
    return today, before


def _is_within(at: datetime, today: Iterable[Span], before: Iterable[Span]) -> bool:
    """Whether a moment lies in one of its day's spans, or in one of the night before it."""
    minute = _minute(at.time())
    return any(start <= minute < end for start, end in map(Span.minutes, today)) or any(
        minute + _MINUTES_A_DAY < end for _start, end in map(Span.minutes, before)
    )


def next_opening(
    at: datetime,
    *,
    regular: Sequence[RegularHours],
    exceptions: Sequence[Deviation],
    guests: Sequence[Guest] = (),
    within_days: int = 60,
) -> tuple[date, Span] | None:
    """The first opening that begins after `at`, or None within the days looked at."""
    for number in range(within_days + 1):
        day = at.date() + timedelta(days=number)
        hours = hours_on(day, regular=regular, exceptions=exceptions, guests=guests)
        for span in hours.all_spans:
            if number > 0 or span.opens > at.time():
                return day, span
    return None


def week_of(
    monday: date,
    *,
    regular: Sequence[RegularHours],
    exceptions: Sequence[Deviation],
    guests: Sequence[Guest] = (),
) -> list[DayHours]:
    """Seven days of hours."""
    days = (monday + timedelta(days=number) for number in range(7))
    return [hours_on(day, regular=regular, exceptions=exceptions, guests=guests) for day in days]


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
