"""What the front page tells: what is different in the coming days, and what is open today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from kraftsamling.places.kinds import ExceptionKind, PlaceKind
from kraftsamling.places.queries.hours import current_exceptions, schedules_of
from kraftsamling.places.queries.places import PlaceFilter, places_matching
from kraftsamling.places.rules import Span
from kraftsamling.web.place_words import span_text, spans_text

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
    """One exception, and the hours it brings in words: '11–18', or nothing."""

    exception: Any
    hours: str


@dataclass(frozen=True)
class NewsDay:
    """What begins to differ on a day, or does so already today."""

    day: date
    is_today: bool
    items: tuple[NewsItem, ...]


@dataclass(frozen=True)
class OpenPlace:
    """A place with hours today, and whether its doors are open at this moment."""

    place: Any
    hours: str
    is_open_now: bool


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
    return [
        NewsDay(day, day == today, tuple(NewsItem(each, _hours(each)) for each in found))
        for day, found in by_day
    ]


def _hours(exception: Any) -> str:
    if exception.opens is None or exception.closes is None:
        return ""
    return span_text(Span(exception.opens, exception.closes))


def open_today(at: datetime) -> tuple[list[OpenPlace], int]:
    """Some places with hours today, those that are open now first, and how many there are."""
    places = list(places_matching(PlaceFilter(open_on=at.date())))
    schedules = schedules_of(places, from_day=at.date())
    found = [
        OpenPlace(
            place,
            spans_text(schedules[place.pk].on(at.date()).spans),
            schedules[place.pk].is_open(at),
        )
        for place in places
    ]
    found.sort(key=lambda each: (not each.is_open_now, _rank(each.place.kind)))
    return found[:MOST_OPEN], len(found)


def _rank(kind: str) -> int:
    ranks = {first.value: rank for rank, first in enumerate(_FIRST_KINDS)}
    return ranks.get(kind, len(ranks))
