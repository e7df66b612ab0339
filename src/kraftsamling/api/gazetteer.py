"""Looking names up, for other systems."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from kraftsamling.api.places import Latitude, Longitude
from kraftsamling.api.security import requires
from kraftsamling.api.texts import Language, mark_language, wanted_language
from kraftsamling.people.permissions import Scope
from kraftsamling.places.gazetteer import current_gazetteer

router = Router(tags=["places"])


class HitOut(Schema):
    """A public place, a locality, a stretch of street or a square of 100 m: never a dwelling."""

    key: str = Field(examples=["place:portalen", "cell:100mN6495400E568700"])
    kind: Literal["place", "locality", "street", "cell"]
    label: str
    detail: str
    latitude: float
    longitude: float
    score: float
    place: str | None = Field(description="Slug of the place, where it is one.")


class HitsOut(Schema):
    items: list[HitOut]


class GazetteerQuery(Schema):
    q: str = Field(min_length=1, max_length=120, description="What someone typed.")
    latitude: Latitude | None = Field(default=None, description="Where the asker is.")
    longitude: Longitude | None = Field(default=None, description="Goes with latitude.")
    limit: int = Field(default=8, ge=1, le=20, description="The most hits.")


@router.get(
    "/gazetteer",
    response=HitsOut,
    auth=requires(Scope.PLACES_READ),
    summary="Look a name up",
)
def look_up(
    request: HttpRequest, response: HttpResponse, wanted: Query[GazetteerQuery], language: Language
) -> HitsOut:
    """The names most like what was typed, best first; typing errors are tolerated."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)
    near = None
    if wanted.latitude is not None and wanted.longitude is not None:
        near = (wanted.latitude, wanted.longitude)
    found = current_gazetteer().search(
        wanted.q, near=near, limit=wanted.limit, language=shown_in or "sv"
    )
    return HitsOut(
        items=[
            HitOut(
                key=hit.key,
                kind=hit.kind,
                label=hit.label,
                detail=hit.detail,
                latitude=hit.latitude,
                longitude=hit.longitude,
                score=hit.score,
                place=hit.slug if hit.kind == "place" else None,
            )
            for hit in found
        ]
    )
