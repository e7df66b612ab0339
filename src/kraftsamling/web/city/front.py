"""What the front page tells: what is different in the coming days, and what is open today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from kraftsamling.kit.texts import Texts
from kraftsamling.places.kinds import ExceptionKind, PlaceKind
from kraftsamling.places.queries.hours import Schedule, current_exceptions, schedules_of
from kraftsamling.places.queries.places import PlaceFilter, places_matching
from kraftsamling.places.rules import Span
from kraftsamling.web.place_words import span_text, today_text

DAYS_AHEAD = 10
MOST_NEWS, MOST_OPEN = 30, 12

# What a resident most often looks for comes first.
_FIRST_KINDS = (
    PlaceKind.YOUTH_CENTRE,
    PlaceKind.MEETING_PLACE,
    PlaceKind.LIBRARY,
    PlaceKind.MUSEUM,
)


@dataclass(frozen=True)
class NewsItem:
    """What differs at one place: its exceptions, and the hours they bring ('11–18', or '')."""

    place: Any
    exceptions: tuple[Any, ...]

    @property
    def hours(self) -> str:
        timed = [each for each in self.exceptions if each.opens and each.closes]
        return span_text(Span(timed[0].opens, timed[0].closes)) if timed else ""

    @property
    def moved_to(self) -> Any:
        return next((each.moved_to for each in self.exceptions if each.moved_to), None)

    @property
    def reason(self) -> Texts:
        return next((each.reason for each in self.exceptions if each.reason), Texts())


@dataclass(frozen=True)
class NewsDay:
    """What begins to differ on a day, or does so already today."""

    day: date
    is_today: bool
    items: tuple[NewsItem, ...]


@dataclass(frozen=True)
class OpenPlace:
    """A place with hours today, and whether its doors are open at this moment, or no more.

    `has_ended` is said of visits too; only a place whose own hours are known `has_closed`.
    """

    place: Any
    hours: str
    is_open_now: bool
    has_ended: bool = False
    has_closed: bool = False


def news(today: date) -> list[NewsDay]:
    """Exceptions of the coming days by the day on which they begin. One query."""
    coming = (
        current_exceptions(today)
        .filter(days_from__lt=today + timedelta(days=DAYS_AHEAD), place__is_active=True)
        .exclude(kind=ExceptionKind.CLOSED, days_until__gt=today + timedelta(days=60))
        .select_related("place", "moved_to")
        .order_by("days_from", "place__sort_key")[:MOST_NEWS]
    )
    by_day = groupby(coming, key=lambda exception: max(exception.days_from, today))
    return [NewsDay(day, day == today, tuple(_by_place(found))) for day, found in by_day]


def _by_place(exceptions: Iterable[Any]) -> Iterator[NewsItem]:
    """One item for each place, in alphabetical order."""
    ordered = sorted(exceptions, key=lambda each: (each.place.sort_key, each.place_id, each.kind))
    for _, found in groupby(ordered, key=lambda each: each.place_id):
        together = tuple(found)
        yield NewsItem(together[0].place, together)


def open_today(at: datetime) -> tuple[list[OpenPlace], int]:
    """Some places with hours today, and how many there are.

    Those that are open now come first, then those that open later, last those that have closed.
    """
    places = list(places_matching(PlaceFilter(open_on=at.date())))
    schedules = schedules_of(places, from_day=at.date())
    found = [_open_place(place, schedules[place.pk], at) for place in places]
    found.sort(key=lambda each: (not each.is_open_now, each.has_ended, _rank(each.place.kind)))
    return found[:MOST_OPEN], len(found)


def _open_place(place: Any, schedule: Schedule, at: datetime) -> OpenPlace:
    day = schedule.on(at.date())
    has_ended = schedule.has_ended(at)
    return OpenPlace(
        place, today_text(day), schedule.is_open(at), has_ended, has_ended and day.is_known
    )


def _rank(kind: str) -> int:
    ranks = {first.value: rank for rank, first in enumerate(_FIRST_KINDS)}
    return ranks.get(kind, len(ranks))
