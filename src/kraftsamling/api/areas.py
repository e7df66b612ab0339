"""Areas, their borders and who lives in them, for other systems."""

import json
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from kraftsamling.api.freshness import etag_of, unless_fresh
from kraftsamling.api.pagination import PageOf, Paging, page_of
from kraftsamling.api.security import requires
from kraftsamling.api.texts import (
    Language,
    LocalisedText,
    localised,
    mark_language,
    wanted_language,
)
from kraftsamling.people.permissions import Scope
from kraftsamling.places import access
from kraftsamling.places.kinds import AreaKind
from kraftsamling.places.queries import areas as area_queries

if TYPE_CHECKING:
    from kraftsamling.places.models import Area

router = Router(tags=["areas"])


class AreaOut(Schema):
    """An area, without its border."""

    code: str = Field(examples=["0581R001"])
    kind: AreaKind
    name: LocalisedText
    parent: str | None = Field(description="Code of the area it lies in.")
    bounds: list[float] = Field(description="west, south, east, north in WGS 84")
    source: str


class AgeBandOut(Schema):
    """How many live there, from an age until before another (null: and older)."""

    age_from: int
    age_until: int | None
    men: int
    women: int


class ResidentsOut(Schema):
    """The newest population. `summed_from` names the areas it was added up from."""

    year: int
    total: int
    bands: list[AgeBandOut]
    summed_from: list[str]


class GeometryOut(Schema):
    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class AreaDetailsOut(AreaOut):
    """An area with its border (GeoJSON, RFC 7946) and who lives there."""

    geometry: GeometryOut
    residents: ResidentsOut | None


class AreaQuery(Schema):
    kind: AreaKind | None = Field(default=None, description="Only this kind.")


@router.get(
    "/areas", response=PageOf[AreaOut], auth=requires(Scope.PLACES_READ), summary="List areas"
)
def list_areas(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Query[AreaQuery],
    paging: Paging,
    language: Language,
) -> Any:
    """All areas, by code."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)

    def make() -> dict[str, Any]:
        return page_of(
            area_queries.areas_without_borders(kind=wanted.kind.value if wanted.kind else ""),
            key="code", request=request, response=response, paging=paging,
            to_item=lambda area: AreaOut(**_area_values(area, shown_in)),
        )  # fmt: skip

    etag = etag_of(request, object_types=("area",), also=shown_in)
    return unless_fresh(request, response, etag, make)


@router.get(
    "/areas/{code}",
    response=AreaDetailsOut,
    auth=requires(Scope.PLACES_READ),
    summary="Show an area",
)
def show_area(request: HttpRequest, response: HttpResponse, code: str, language: Language) -> Any:
    """One area, with its border and its population."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)
    area = access.area_for_reader(code.replace("\x00", "")[:40])
    etag = etag_of(request, object_types=("area",), also=shown_in)
    return unless_fresh(request, response, etag, lambda: _area_details_out(area, shown_in))


def _area_values(area: "Area", language: str) -> dict[str, Any]:
    return {
        "code": area.code,
        "kind": area.kind,
        "name": localised(area.name, language),
        "parent": area.parent.code if area.parent else None,
        "bounds": [area.west, area.south, area.east, area.north],
        "source": area.source,
    }


def _area_details_out(area: "Area", language: str) -> AreaDetailsOut:
    found = area_queries.residents_of(area)
    residents = None
    if found is not None:
        residents = ResidentsOut(
            year=found.year,
            total=found.total,
            bands=[AgeBandOut(**vars(band)) for band in found.bands],
            summed_from=list(found.summed_from),
        )
    return AreaDetailsOut(
        **_area_values(area, language),
        geometry=GeometryOut(**json.loads(area.geometry)),
        residents=residents,
    )
