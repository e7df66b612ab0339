"""Places in lists and on maps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import cos, radians
from operator import and_

from django.db.models import Count, Q, QuerySet

from kraftsamling.places.kinds import AreaKind
from kraftsamling.places.models import Area, Place
from kraftsamling.places.queries.hours import is_open_on
from kraftsamling.places.queries.wording import Meaning, words_of
from kraftsamling.places.texts import sort_key

MOST_ON_A_MAP = 5000


@dataclass(frozen=True)
class PlaceFilter:
    """What someone looks for; empty fields do not narrow.

    `meanings` are what the words of `text` may stand for besides names (see wording.py); `today`
    is the day on which a word for being open counts.
    """

    text: str = ""
    kind: str = ""
    area: str = ""
    owner: str = ""
    open_on: date | None = None
    step_free: bool = False
    is_active: bool | None = True
    meanings: tuple[Meaning, ...] = ()
    today: date | None = None


def all_places() -> QuerySet[Place]:
    """Every place, hidden ones too, for the counts below."""
    return Place.objects.all()


def places_matching(wanted: PlaceFilter | None = None) -> QuerySet[Place]:
    """Active places in alphabetical order, with owner and areas: one query."""
    return narrowed(Place.objects.all(), wanted or PlaceFilter())


def narrowed(places: QuerySet[Place], wanted: PlaceFilter) -> QuerySet[Place]:
    """Of `places`, those that a filter lets through, alphabetically, with owner and areas."""
    places = places.select_related("owner", "regso", "est_area").order_by("sort_key", "slug")
    return places.filter(*_conditions(wanted).values())


def counts_without(places: QuerySet[Place], wanted: PlaceFilter) -> dict[str, int]:
    """For each field of a filter that narrows, how many places there would be without it.

    One query. A field that lets nothing through even when left out is in the answer with 0.
    """
    return _counts(places, wanted, lambda name, other: other != name)


def counts_with_only(places: QuerySet[Place], wanted: PlaceFilter) -> dict[str, int]:
    """For each field of a filter that narrows, how many places it lets through alone. One query."""
    return _counts(places, wanted, lambda name, other: other == name)


def _counts(
    places: QuerySet[Place], wanted: PlaceFilter, is_asked: Callable[[str, str], bool]
) -> dict[str, int]:
    conditions = _conditions(wanted)
    always = conditions.pop("is_active", Q())
    if not conditions:
        return {}
    # An alias must not be called as the column that another count asks about.
    counts = {
        f"number_{name}": Count(
            "pk",
            filter=reduce(
                and_,
                (each for other, each in conditions.items() if is_asked(name, other)),
                Q(pk__isnull=False),
            ),
        )
        for name in conditions
    }
    found = places.filter(always).order_by().aggregate(**counts)
    return {name.removeprefix("number_"): count for name, count in found.items()}


def _conditions(wanted: PlaceFilter) -> dict[str, Q]:
    """What each field that narrows asks of a place, by the field's name."""
    conditions = {}
    if wanted.is_active is not None:
        conditions["is_active"] = Q(is_active=wanted.is_active)
    if words := words_of(wanted.text):
        conditions["text"] = reduce(and_, (_says(word, wanted) for word in words))
    if wanted.kind:
        conditions["kind"] = Q(kind=wanted.kind)
    if wanted.area:
        conditions["area"] = in_area(wanted.area)
    if wanted.owner:
        conditions["owner"] = Q(owner__slug=wanted.owner)
    if wanted.open_on:
        conditions["open_on"] = is_open_on(wanted.open_on)
    if wanted.step_free:
        conditions["step_free"] = Q(step_free=True)
    return conditions


def _says(word: str, wanted: PlaceFilter) -> Q:
    """The condition that a place is called so, or is what the word may stand for."""
    condition = Q(search_text__contains=word)
    meaning = next((each for each in wanted.meanings if each.word == word), None)
    if meaning is None:
        return condition
    if meaning.kinds:
        condition |= Q(kind__in=meaning.kinds)
    if meaning.areas:
        condition |= Q(regso__in=meaning.areas) | Q(est_area__in=meaning.areas)
    if meaning.is_open and wanted.today:
        condition |= is_open_on(wanted.today)
    if meaning.is_step_free:
        condition |= Q(step_free=True)
    return condition


def places_near(place: Place, *, degrees: float, most: int) -> list[Place]:
    """Other active places in a square around one, the nearest first. One query.

    `degrees` is half the square's height; its width is the same on the ground.
    """
    across = degrees / max(0.1, cos(radians(place.latitude)))
    found = Place.objects.filter(
        is_active=True,
        latitude__range=(place.latitude - degrees, place.latitude + degrees),
        longitude__range=(place.longitude - across, place.longitude + across),
    ).exclude(pk=place.pk)
    return sorted(found, key=lambda each: _offset(place, each))[:most]


def _offset(one: Place, other: Place) -> tuple[float, str]:
    """How far apart two places are, for sorting: a tie goes by name."""
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return (north * north + east * east, other.sort_key)


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
