"""What a roster may not do, and in which words that is said. Times are whole seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np

HOUR = 3600
WEEK = 7 * 24 * HOUR
_MONDAY = 4 * 24 * HOUR  # 5 January 1970
Span = tuple[int, int]
Reason = Literal[
    "skill", "availability", "other work", "rest", "hours", "weekly hours", "weekly rest"
]


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Work that wants people.

    name        of its own
    start, end  times without zone, anything numpy's datetime64 reads
    need        people wanted; those with `skill` only, where it is given. Where one of three must
                know first aid, that is two shifts at the same time.
    fewest      with fewer than so many nobody goes at all: nobody walks alone at night
    priority    of its hours against those of other shifts
    burden      hours that it counts when work is shared fairly; None: as long as it is
    place       for whoever reads the roster
    """

    name: str
    start: Any
    end: Any
    need: int = 1
    skill: str | None = None
    fewest: int = 1
    priority: float = 1.0
    burden: float | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be asked.

    available       (from, until) spans, each shift wholly inside one; None: always
    skills          what they can
    max_hours       in the whole roster; max_week_hours from Monday to Sunday, by a shift's start
    busy            (from, until) other work: nothing at the same time, and rest before and after
    wishes          by the shift's name: above 0 gladly, below 0 rather not; 1 weighs as an hour
    share           of the work against others: 0.5 for half time
    """

    name: str
    available: Sequence[tuple[Any, Any]] | None = None
    skills: Collection[str] = ()
    max_hours: float | None = None
    max_week_hours: float | None = None
    busy: Sequence[tuple[Any, Any]] = ()
    wishes: Mapping[str, float] = field(default_factory=dict)
    share: float = 1.0


@dataclass(frozen=True)
class Rules:
    """Rest in seconds; `weekly` 0: no rule."""

    rest: int
    weekly: int


@dataclass(frozen=True)
class Times:
    """A person's or a shift's times as seconds."""

    spans: tuple[Span, ...] | None
    busy: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Demand and people, checked, with their times in seconds."""

    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    when: tuple[Span, ...]
    times: tuple[Times, ...]
    rules: Rules

    def hours(self, shift: int) -> float:
        start, end = self.when[shift]
        return (end - start) / HOUR

    def burden(self, shift: int) -> float:
        given = self.shifts[shift].burden
        return self.hours(shift) if given is None else float(given)

    def hindrance(self, person: int, shift: int) -> Reason | None:
        """Why this person can never have this shift, whatever the rest of the roster."""
        who, work = self.people[person], self.shifts[shift]
        start, end = self.when[shift]
        if work.skill is not None and work.skill not in who.skills:
            return "skill"
        spans = self.times[person].spans
        if spans is not None and not any(a <= start and end <= b for a, b in spans):
            return "availability"
        if any(self.near((start, end), other) for other in self.times[person].busy):
            return "other work"
        if who.max_hours is not None and self.hours(shift) > who.max_hours:
            return "hours"
        if who.max_week_hours is not None and self.hours(shift) > who.max_week_hours:
            return "weekly hours"
        return None if self.has_weekly_rest(person, [shift]) else "weekly rest"

    def near(self, one: Span, other: Span) -> bool:
        """Whether there is too little rest between the two, or none."""
        return one[0] < other[1] + self.rules.rest and other[0] < one[1] + self.rules.rest

    def has_weekly_rest(self, person: int, shifts: Sequence[int]) -> bool:
        """Whether each week that the shifts touch has its rest, beside the person's other work."""
        if not self.rules.weekly:
            return True
        work = [self.when[shift] for shift in shifts]
        taken = sorted([*work, *self.times[person].busy])
        return all(
            any(not overlaps(rest, taken) for rest in self.rests(week, taken))
            for week in weeks_of(work)
        )

    def rests(self, week: int, taken: Sequence[Span]) -> Iterator[Span]:
        """Where a week's rest can begin: if it fits at all it does at one of these."""
        begin, end = week, week + WEEK
        for start in sorted({begin, *(b for _, b in taken if begin < b < end)}):
            if start + self.rules.weekly <= end:
                yield start, start + self.rules.weekly

    def broken(self, person: int, shifts: Sequence[int]) -> tuple[Reason, str] | None:
        """The first rule that these shifts together break for the person, and its words."""
        who = self.people[person].name
        for shift in shifts:
            reason = self.hindrance(person, shift)
            if reason is not None:
                return reason, f"{who}: {self.shifts[shift].name!r}, {WORDS[reason]}"
        ordered = sorted(shifts, key=lambda shift: self.when[shift])
        for one, other in pairwise(ordered):
            if self.near(self.when[one], self.when[other]):
                names = f"{self.shifts[one].name!r} and {self.shifts[other].name!r}"
                return "rest", f"{who}: {names}, {WORDS['rest']}"
        total = sum(self.hours(shift) for shift in shifts)
        most = self.people[person].max_hours
        if most is not None and total > most + 1e-9:
            return "hours", f"{who}: {total:g} hours, {WORDS['hours']} ({most:g})"
        most = self.people[person].max_week_hours
        for week in weeks_of([self.when[shift] for shift in shifts]):
            inside = [s for s in shifts if week <= self.when[s][0] < week + WEEK]
            worked = sum(self.hours(shift) for shift in inside)
            if most is not None and worked > most + 1e-9:
                words = WORDS["weekly hours"]
                return "weekly hours", f"{who}: {worked:g} hours in a week, {words} ({most:g})"
        if not self.has_weekly_rest(person, shifts):
            return "weekly rest", f"{who}: {WORDS['weekly rest']}"
        return None


WORDS: Mapping[Reason, str] = {
    "skill": "without the skill it wants",
    "availability": "not available then",
    "other work": "other work at or too near that time",
    "rest": "too little rest between",
    "hours": "more than the hours to be had",
    "weekly hours": "more than a week's hours to be had",
    "weekly rest": "no weekly rest left",
}


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def week_of(moment: int) -> int:
    """The second at which the moment's week began, on a Monday."""
    return (moment - _MONDAY) // WEEK * WEEK + _MONDAY


def weeks_of(spans: Sequence[Span]) -> list[int]:
    """The weeks that the spans touch."""
    found = {week for start, end in spans for week in range(week_of(start), end, WEEK)}
    return sorted(found)


def problem(
    demand: Sequence[Shift], people: Sequence[Person], rest_hours: float, weekly: float | None
) -> Problem:
    """Demand and people with their times read. Raises ValueError naming what does not fit."""
    rules = Rules(round(rest_hours * HOUR), round((weekly or 0.0) * HOUR))
    _unique("demand", [shift.name for shift in demand])
    _unique("people", [person.name for person in people])
    when = tuple(_span(f"demand: {shift.name!r}", shift.start, shift.end) for shift in demand)
    for shift, (start, end) in zip(demand, when, strict=True):
        _check_shift(shift, (end - start) / HOUR, rest_hours)
    times = tuple(_times(person) for person in people)
    known = {shift.name for shift in demand}
    for person in people:
        _check_person(person, known)
    return Problem(tuple(demand), tuple(people), when, times, rules)


def _times(person: Person) -> Times:
    name = f"people: {person.name!r}"
    return Times(
        None
        if person.available is None
        else _merged([_span(f"{name}, available", *span) for span in person.available]),
        tuple(_span(f"{name}, busy", *span) for span in person.busy),
    )


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """Spans that touch are one: two free evenings in a row are a free night between."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)


def _span(name: str, start: Any, end: Any) -> Span:
    seconds = []
    for moment in (start, end):
        if getattr(moment, "tzinfo", None) is not None:
            raise ValueError(f"{name}: a time with a zone; give local times without one")
        try:
            read = np.datetime64(moment, "s")
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: a time wanted, {moment!r} given") from error
        if np.isnat(read):
            raise ValueError(f"{name}: a time wanted, {moment!r} given")
        seconds.append(int(read.astype(np.int64)))
    if seconds[1] <= seconds[0]:
        raise ValueError(f"{name}: ends at or before its start")
    return seconds[0], seconds[1]


def _unique(name: str, names: list[str]) -> None:
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise ValueError(f"{name}: more than one is called {', '.join(map(repr, twice))}")


def _check_shift(shift: Shift, hours: float, rest_hours: float) -> None:
    name = f"demand: {shift.name!r}"
    for field_name in ("need", "fewest"):
        value = getattr(shift, field_name)
        if not isinstance(value, int | np.integer) or value < 0:
            raise ValueError(f"{name}, {field_name}: zero or more people wanted, {value!r} given")
    if shift.fewest > max(1, shift.need):
        raise ValueError(f"{name}: goes with {shift.fewest} at the fewest, but needs {shift.need}")
    if not np.isfinite(shift.priority) or shift.priority <= 0:
        raise ValueError(f"{name}, priority: above zero wanted, {shift.priority!r} given")
    if shift.burden is not None and not 0 <= shift.burden < np.inf:
        raise ValueError(f"{name}, burden: zero or more wanted, {shift.burden!r} given")
    if hours + rest_hours > 24:
        raise ValueError(
            f"{name}: {hours:g} hours long, which leaves less than {rest_hours:g} hours of rest in "
            "a day; split it, or ask for less rest"
        )


def _check_person(person: Person, known: set[str]) -> None:
    name = f"people: {person.name!r}"
    for field_name in ("max_hours", "max_week_hours"):
        value = getattr(person, field_name)
        if value is not None and not value >= 0:
            raise ValueError(f"{name}, {field_name}: zero or more wanted, {value!r} given")
    if not 0 <= person.share < np.inf:
        raise ValueError(f"{name}, share: zero or more wanted, {person.share!r} given")
    unknown = sorted(set(person.wishes) - known)
    if unknown:
        raise ValueError(f"{name}, wishes: no shift is called {', '.join(map(repr, unknown))}")
    if not all(np.isfinite(wish) for wish in person.wishes.values()):
        raise ValueError(f"{name}, wishes: finite numbers wanted")
