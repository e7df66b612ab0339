"""Opening hours as rules read them: stored rows in, plain values out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kraftsamling.places import rules
from kraftsamling.places.kinds import ExceptionKind
from kraftsamling.places.models import OpeningException, OpeningHours, Place


@dataclass(frozen=True)
class Schedule:
    """All that decides when a place is open."""

    regular: tuple[rules.RegularHours, ...] = ()
    exceptions: tuple[rules.Deviation, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.regular or self.exceptions)

    def on(self, day: date) -> rules.DayHours:
        return rules.hours_on(day, regular=self.regular, exceptions=self.exceptions)

    def week(self, monday: date) -> list[rules.DayHours]:
        return rules.week_of(monday, regular=self.regular, exceptions=self.exceptions)

    def is_open(self, at: datetime) -> bool:
        return rules.is_open(at, regular=self.regular, exceptions=self.exceptions)

    def next_opening(self, at: datetime) -> tuple[date, rules.Span] | None:
        return rules.next_opening(at, regular=self.regular, exceptions=self.exceptions)


def schedules_of(places: Iterable[Place], *, from_day: date | None = None) -> dict[int, Schedule]:
    """The schedule of each place, by its id: two queries however many places.

    Exceptions that ended before `from_day` are left out.
    """
    ids = [place.pk for place in places]
    regular: defaultdict[int, list[rules.RegularHours]] = defaultdict(list)
    for row in OpeningHours.objects.filter(place_id__in=ids):
        regular[row.place_id].append(
            rules.RegularHours(row.weekday, row.opens, row.closes, row.valid_from, row.valid_until)
        )
    exceptions: defaultdict[int, list[rules.Deviation]] = defaultdict(list)
    for found in current_exceptions(from_day).filter(place_id__in=ids):
        exceptions[found.place_id].append(to_deviation(found))
    return {
        place_id: Schedule(tuple(regular[place_id]), tuple(exceptions[place_id]))
        for place_id in ids
    }


def schedule_of(place: Place, *, from_day: date | None = None) -> Schedule:
    """One place's schedule: two queries."""
    return schedules_of([place], from_day=from_day)[place.pk]


def to_deviation(exception: OpeningException) -> rules.Deviation:
    return rules.Deviation(
        exception.kind,
        exception.days_from,
        exception.days_until,
        exception.opens,
        exception.closes,
        subject=exception,
    )


def current_exceptions(from_day: date | None = None) -> QuerySet[OpeningException]:
    """Exceptions that hold, soonest first, with the place each one moves to."""
    found = OpeningException.objects.filter(removed_at=None).select_related("moved_to")
    return found.filter(days_until__gt=from_day) if from_day else found


def exceptions_of(place: Place) -> QuerySet[OpeningException]:
    """All exceptions of a place, those taken back included, newest first."""
    return place.opening_exceptions.select_related("moved_to").order_by("-days_from", "-id")


def arrivals_at(place: Place, *, from_day: date) -> Sequence[OpeningException]:
    """Moves that bring another place here, from `from_day` on."""
    return list(
        current_exceptions(from_day)
        .filter(moved_to=place, kind=ExceptionKind.MOVED, place__is_active=True)
        .select_related("place")
    )


def is_open_on(day: date) -> Q:
    """The condition that a place has hours on a day: what `rules.hours_on` says, in SQL."""
    here = OpeningException.objects.filter(
        place=OuterRef("pk"), removed_at=None, days_from__lte=day, days_until__gt=day
    )
    shut = here.filter(kind__in=(ExceptionKind.CLOSED, ExceptionKind.MOVED))
    usual = OpeningHours.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_until=None) | Q(valid_until__gt=day),
        place=OuterRef("pk"),
        weekday=day.weekday(),
    )
    opened = here.filter(kind=ExceptionKind.OPEN)
    return ~Q(Exists(shut)) & (Q(Exists(opened)) | Q(Exists(usual)))
