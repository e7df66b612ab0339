"""Opening hours as rules read them: stored rows in, plain values out."""

from collections import defaultdict
from collections.abc import Iterable
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
    guests: tuple[rules.Guest, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is said about when people are here, on whatever day."""
        return bool(self.regular or self.exceptions or self.guests)

    def on(self, day: date) -> rules.DayHours:
        return rules.hours_on(day, **vars(self))

    def week(self, monday: date) -> list[rules.DayHours]:
        return rules.week_of(monday, **vars(self))

    def is_open(self, at: datetime) -> bool:
        return rules.is_open(at, **vars(self))

    def visit_at(self, at: datetime) -> rules.Visit | None:
        """The visit that alone keeps the place open at a moment."""
        return rules.visit_at(at, **vars(self))

    def next_opening(self, at: datetime) -> tuple[date, rules.Span] | None:
        return rules.next_opening(at, **vars(self))

    def has_ended(self, at: datetime) -> bool:
        """Whether the hours of a moment's day are over, and nothing more opens on it."""
        if self.is_open(at) or not self.on(at.date()).is_open:
            return False
        coming = self.next_opening(at)
        return coming is None or coming[0] > at.date()


def schedules_of(places: Iterable[Place], *, from_day: date | None = None) -> dict[int, Schedule]:
    """The schedule of each place, by its id: three queries however many places.

    Exceptions that ended before `from_day` are left out, for the guests of a place too.
    """
    ids = [place.pk for place in places]
    moves = list(arrivals_at(ids, from_day=from_day))
    concerned = {*ids, *(move.place_id for move in moves)}
    regular: defaultdict[int, list[rules.RegularHours]] = defaultdict(list)
    for row in OpeningHours.objects.filter(place_id__in=concerned):
        regular[row.place_id].append(
            rules.RegularHours(row.weekday, row.opens, row.closes, row.valid_from, row.valid_until)
        )
    exceptions: defaultdict[int, list[rules.Deviation]] = defaultdict(list)
    for found in current_exceptions(from_day).filter(place_id__in=concerned):
        exceptions[found.place_id].append(to_deviation(found))
    hosted: defaultdict[int | None, defaultdict[Place, list[rules.Deviation]]]
    hosted = defaultdict(lambda: defaultdict(list))
    for move in moves:
        hosted[move.moved_to_id][move.place].append(to_deviation(move))
    return {
        place_id: Schedule(
            tuple(regular[place_id]),
            tuple(exceptions[place_id]),
            tuple(
                rules.Guest(guest, tuple(found), tuple(regular[guest.pk]),
                            tuple(exceptions[guest.pk]))
                for guest, found in hosted[place_id].items()
            ),
        )
        for place_id in ids
    }  # fmt: skip


def schedule_of(place: Place, *, from_day: date | None = None) -> Schedule:
    """One place's schedule: three queries."""
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


def arrivals_at(
    place_ids: Iterable[int], *, from_day: date | None = None
) -> QuerySet[OpeningException]:
    """Moves that bring other places to some, soonest first, with the place that comes."""
    return (
        current_exceptions(from_day)
        .filter(moved_to_id__in=list(place_ids), kind=ExceptionKind.MOVED, place__is_active=True)
        .select_related("place")
    )


def is_open_on(day: date) -> Q:
    """The condition that people are at a place on a day: what `rules.hours_on` says, in SQL."""
    here = _exceptions_on(day, place=OuterRef("pk"))
    closed = here.filter(kind=ExceptionKind.CLOSED)
    moved = here.filter(kind=ExceptionKind.MOVED)
    opened = here.filter(kind=ExceptionKind.OPEN)
    own = ~Q(Exists(moved)) & (Q(Exists(opened)) | Q(Exists(_usual_on(day, OuterRef("pk")))))
    return ~Q(Exists(closed)) & (own | Q(Exists(_visits_on(day))))


def _visits_on(day: date) -> QuerySet[OpeningException]:
    """Moves to the outer place whose hours are known, by places that are not closed that day."""
    closed_there = _exceptions_on(day, place=OuterRef("place")).filter(kind=ExceptionKind.CLOSED)
    arriving = _exceptions_on(day, moved_to=OuterRef("pk")).filter(
        kind=ExceptionKind.MOVED, place__is_active=True
    )
    has_times = Q(opens__isnull=False, closes__isnull=False)
    return arriving.filter(
        ~Q(Exists(closed_there)), has_times | Q(Exists(_usual_on(day, OuterRef("place"))))
    )


def _exceptions_on(day: date, **of: OuterRef) -> QuerySet[OpeningException]:
    return OpeningException.objects.filter(
        removed_at=None, days_from__lte=day, days_until__gt=day, **of
    )


def _usual_on(day: date, place: OuterRef) -> QuerySet[OpeningHours]:
    return OpeningHours.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_until=None) | Q(valid_until__gt=day),
        place=place,
        weekday=day.weekday(),
    )
