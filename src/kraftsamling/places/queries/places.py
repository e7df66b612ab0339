"""Places in lists and on maps."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from kraftsamling.places.kinds import AreaKind
from kraftsamling.places.models import Area, Place
from kraftsamling.places.queries.hours import is_open_on
from kraftsamling.places.texts import fold, sort_key

MOST_ON_A_MAP = 5000


@dataclass(frozen=True)
class PlaceFilter:
    """What someone looks for; empty fields do not narrow."""

    text: str = ""
    kind: str = ""
    area: str = ""
    owner: str = ""
    open_on: date | None = None
    step_free: bool = False
    is_active: bool | None = True


def places_matching(wanted: PlaceFilter | None = None) -> QuerySet[Place]:
    """Active places in alphabetical order, with owner and areas: one query."""
    return narrowed(Place.objects.all(), wanted or PlaceFilter())


def narrowed(places: QuerySet[Place], wanted: PlaceFilter) -> QuerySet[Place]:
    """Of `places`, those that a filter lets through, alphabetically, with owner and areas."""
    places = places.select_related("owner", "regso", "est_area").order_by("sort_key", "slug")
    for word in fold(wanted.text).split()[:6]:
        places = places.filter(search_text__contains=word)
    if wanted.is_active is not None:
        places = places.filter(is_active=wanted.is_active)
    if wanted.kind:
        places = places.filter(kind=wanted.kind)
    if wanted.area:
        places = places.filter(in_area(wanted.area))
    if wanted.owner:
        places = places.filter(owner__slug=wanted.owner)
    if wanted.open_on:
        places = places.filter(is_open_on(wanted.open_on))
    if wanted.step_free:
        places = places.filter(step_free=True)
    return places


def move_targets(place: Place) -> QuerySet[Place]:
    """Where a place may move to: every other active one, alphabetically."""
    return places_matching().exclude(pk=place.pk)


def in_area(code: str) -> Q:
    """The condition that a place lies in an area; a municipality holds all its RegSO."""
    return (
        Q(regso__code=code)
        | Q(est_area__code=code)
        | Q(regso__parent__code=code, regso__parent__kind=AreaKind.MUNICIPALITY)
    )


def kinds_in_use() -> list[str]:
    """The kinds that some active place has."""
    return sorted(
        Place.objects.filter(is_active=True).order_by().values_list("kind", flat=True).distinct()
    )


def place_counts() -> dict[int, int]:
    """How many active places lie in each area that places are assigned to, by the area's id."""
    active = Place.objects.filter(is_active=True).order_by()
    return {
        row[column]: row["n"]
        for column in ("regso_id", "est_area_id")
        for row in active.values(column).annotate(n=Count("id"))
        if row[column] is not None
    }


def area_options() -> list[Area]:
    """Areas to choose among in a filter: EST areas first, then RegSO, in alphabetical order."""
    found = Area.objects.filter(kind__in=(AreaKind.EST, AreaKind.REGSO)).defer("geometry")
    return sorted(found, key=lambda area: (area.kind != AreaKind.EST, sort_key(str(area.name))))
