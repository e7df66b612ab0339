"""Areas, who lives in them, and their borders for a map."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import QuerySet

from kraftsamling.places import geometry
from kraftsamling.places.kinds import AreaKind
from kraftsamling.places.models import Area, Population
from kraftsamling.places.texts import sort_key

# About 20 m: finer than a line on an overview map is thick.
_OVERVIEW_TOLERANCE = 0.0002
_KIND_ORDER = {kind: number for number, kind in enumerate(
    (AreaKind.MUNICIPALITY, AreaKind.DISTRICT, AreaKind.EST, AreaKind.REGSO, AreaKind.DESO)
)}  # fmt: skip


@dataclass(frozen=True)
class AgeBand:
    """How many live in an area, from an age until before another (None: and older)."""

    age_from: int
    age_until: int | None
    men: int
    women: int

    @property
    def total(self) -> int:
        return self.men + self.women


@dataclass(frozen=True)
class Residents:
    """The newest population of an area. `summed_from` names the areas it was added up from."""

    year: int
    bands: tuple[AgeBand, ...]
    source: str
    summed_from: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(band.total for band in self.bands)


def areas_by_kind() -> list[tuple[str, list[Area]]]:
    """All areas without their borders, by kind from large to small, then alphabetically."""
    by_kind: defaultdict[str, list[Area]] = defaultdict(list)
    for area in areas_without_borders():
        by_kind[area.kind].append(area)
    return [
        (kind, sorted(by_kind[kind], key=lambda area: sort_key(str(area))))
        for kind in sorted(by_kind, key=lambda kind: _KIND_ORDER.get(AreaKind(kind), 9))
    ]


def areas_without_borders(*, kind: str = "") -> QuerySet[Area]:
    """Areas with their parents, without their borders: one query."""
    found = Area.objects.defer("geometry", "parent__geometry").select_related("parent")
    return found.filter(kind=kind) if kind else found


def residents_of(area: Area) -> Residents | None:
    """The newest population of an area, else the sum of the RegSO that lie in it."""
    own = _residents_in([area.pk])
    if own is not None:
        return own
    inside = areas_inside(area)
    if not inside:
        return None
    return _residents_in(
        [each.pk for each in inside], summed_from=tuple(str(each) for each in inside)
    )


def _residents_in(area_ids: list[int], summed_from: tuple[str, ...] = ()) -> Residents | None:
    rows = list(
        Population.objects.filter(area_id__in=area_ids).values_list(
            "year", "age_from", "age_until", "sex", "count", "area__source"
        )
    )
    if not rows:
        return None
    newest = max(row[0] for row in rows)
    counts: defaultdict[tuple[int, int | None], list[int]] = defaultdict(lambda: [0, 0])
    for year, age_from, age_until, sex, count, _source in rows:
        if year == newest:
            counts[age_from, age_until][sex - 1] += count
    bands = tuple(
        AgeBand(age_from, age_until, *counts[age_from, age_until])
        for age_from, age_until in sorted(counts, key=lambda band: (band[0], band[1] or 999))
    )
    return Residents(newest, bands, rows[0][5], summed_from)


def areas_inside(area: Area) -> list[Area]:
    """The RegSO whose middle lies in a larger area, in alphabetical order."""
    if area.kind not in (AreaKind.MUNICIPALITY, AreaKind.DISTRICT, AreaKind.EST):
        return []
    smaller = list(
        Area.objects.filter(
            kind=AreaKind.REGSO,
            west__lt=area.east, east__gt=area.west, south__lt=area.north, north__gt=area.south,
        )
    )  # fmt: skip
    whole = shapely.from_geojson(area.geometry)
    middles = shapely.point_on_surface(shapely.from_geojson([each.geometry for each in smaller]))
    inside = shapely.contains(whole, middles)
    found = [each for each, is_inside in zip(smaller, inside, strict=True) if is_inside]
    return sorted(found, key=lambda each: sort_key(str(each)))


def to_feature_collection(
    areas: Iterable[Area],
    *,
    language: str,
    url_of: Callable[[Area], str] | None = None,
    simplified: bool = True,
) -> dict[str, Any]:
    """Areas as GeoJSON for a map; borders are simplified to about 20 m unless asked not to."""
    return {
        "type": "FeatureCollection",
        "features": [_to_feature(area, language, url_of, simplified) for area in areas],
    }


def _to_feature(
    area: Area, language: str, url_of: Callable[[Area], str] | None, simplified: bool
) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "code": area.code,
        "name": area.name.in_language(language).text or area.code,
        "kind": area.kind,
        "kind_name": str(area.get_kind_display()),
    }
    if url_of:
        properties["url"] = url_of(area)
    border = _simplified(area.geometry) if simplified else json.loads(area.geometry)
    return {
        "type": "Feature",
        "id": area.pk,
        "bbox": [area.west, area.south, area.east, area.north],
        "geometry": border,
        "properties": properties,
    }


def _simplified(geometry_text: str) -> Any:
    shape = shapely.from_geojson(geometry_text).simplify(_OVERVIEW_TOLERANCE)
    rounded = shapely.transform(shape, lambda corners: corners.round(geometry.DECIMALS - 1))
    return json.loads(shapely.to_geojson(rounded))


def areas_on_map(kinds: Iterable[str]) -> list[Area]:
    """Areas of some kinds with their borders: one query."""
    return list(Area.objects.filter(kind__in=list(kinds)))
