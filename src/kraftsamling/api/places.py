"""Places and their opening hours, for other systems."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, FiniteFloat

from kraftsamling.api.freshness import etag_of, unless_fresh
from kraftsamling.api.pagination import PageOf, Paging, page_of
from kraftsamling.api.problems import Problem, wrong_body
from kraftsamling.api.security import requires
from kraftsamling.api.texts import (
    Language,
    LocalisedText,
    localised,
    mark_language,
    to_texts,
    wanted_language,
)
from kraftsamling.kit.texts import Texts
from kraftsamling.people.permissions import Scope
from kraftsamling.places import access
from kraftsamling.places.actions import (
    PlaceDetails,
    Unconfirmed,
    add_place,
    change_place,
)
from kraftsamling.places.geometry import h3_text
from kraftsamling.places.kinds import CoordinateQuality, ExceptionKind, PlaceKind
from kraftsamling.places.queries import hours, places
from kraftsamling.places.rules import RegularHours

if TYPE_CHECKING:
    from kraftsamling.people.models import Organisation
    from kraftsamling.places.models import OpeningException, Place

router = Router(tags=["places"])
_PLACES_FROM = ("place", "area", "organisation")
_Slug = Annotated[str, Field(max_length=80, pattern=r"^[-a-z0-9]*$")]
Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90, examples=[58.5942])]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180, examples=[16.1826])]


class Accessibility(Schema):
    """What is known; null is unknown, which is not no."""

    step_free: bool | None = None
    accessible_toilet: bool | None = None
    hearing_loop: bool | None = None
    text: LocalisedText


class PlaceOut(Schema):
    """A public place. Coordinates are WGS 84."""

    slug: str = Field(examples=["hageby-bibliotek"], description="Its lasting name in addresses.")
    kind: PlaceKind
    name: LocalisedText
    latitude: float
    longitude: float
    coordinate_quality: CoordinateQuality = Field(
        description="How the position is known; 'estimated' may be wrong by a kilometre."
    )
    h3_cell: str = Field(description="H3 cell of resolution 9.", examples=["8908b31a917ffff"])
    regso: str | None = Field(description="Code of the statistical area it lies in.")
    est_area: str | None = Field(description="Code of the EST area it lies in.")
    address: str
    owner: str | None = Field(description="Slug of the organisation that looks after it.")
    description: LocalisedText
    accessibility: Accessibility
    source: str
    page: str = Field(description="Address of its page for people.")


class HoursSchema(Schema):
    """Hours on a weekday; `closes` at or before `opens` is on the day after."""

    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = Field(default=None, description="The first day outside.")


class ExceptionOut(Schema):
    """What differs from the regular hours, from a day until before another.

    Where several meet on a day, closed goes before moved, and moved before open.
    """

    kind: ExceptionKind
    days_from: date
    days_until: date = Field(description="The first day outside.")
    opens: time | None
    closes: time | None
    moved_to: str | None = Field(description="Slug of the place it moves to.")
    reason: LocalisedText


class PlaceDetailsOut(PlaceOut):
    """A place with its hours and the exceptions that have not ended."""

    opening_hours: list[HoursSchema]
    opening_hours_source: str
    exceptions: list[ExceptionOut]


class PlaceIn(Schema):
    """A place as a program writes it. What is left out becomes empty or unknown."""

    kind: PlaceKind
    name: LocalisedText
    latitude: Latitude
    longitude: Longitude
    coordinate_quality: CoordinateQuality = CoordinateQuality.MAPPED
    address: str = Field(
        default="", max_length=200, description="Street and number; never an apartment."
    )
    owner: _Slug = Field(
        default="",
        description="The token's organisation (the default) or one under it.",
    )
    description: LocalisedText | None = None
    accessibility: Accessibility | None = None
    source: str = Field(default="", max_length=200)
    opening_hours: list[HoursSchema] | None = Field(
        default=None, max_length=200, description="Replaces the regular hours; null keeps them."
    )
    confirmed: list[Annotated[str, Field(max_length=2000)]] = Field(
        default=[],
        max_length=100,
        description="What looks wrong and is right: a position outside the municipality, words "
        "that may name a person. A place with such is refused until each is here, just as the "
        "member `confirm` of the refusal quotes it.",
        examples=[["59.330000; 18.060000"]],
    )


class NewPlaceIn(PlaceIn):
    slug: _Slug = Field(default="", description="Left out, it is made from the Swedish name.")


class PlaceQuery(Schema):
    text: str = Field(default="", max_length=120, description="Words of a name or an address.")
    kind: PlaceKind | None = Field(default=None, description="Only this kind.")
    area: str = Field(default="", max_length=40, description="Code of an area it lies in.")
    owner: _Slug = Field(default="", description="Only places of this organisation.")
    open_on: date | None = Field(default=None, description="Only places with hours on that day.")
    step_free: bool = Field(default=False, description="Only places known to be step-free.")


@router.get(
    "/places", response=PageOf[PlaceOut], auth=requires(Scope.PLACES_READ), summary="List places"
)
def list_places(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Query[PlaceQuery],
    paging: Paging,
    language: Language,
) -> Any:
    """The active places, by slug."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)
    wanted_places = places.PlaceFilter(
        text=wanted.text.replace("\x00", ""),
        kind=wanted.kind.value if wanted.kind else "",
        area=wanted.area.replace("\x00", ""),
        owner=wanted.owner,
        open_on=wanted.open_on,
        step_free=wanted.step_free,
    )

    def make() -> dict[str, Any]:
        return page_of(
            places.places_matching(wanted_places), key="slug", request=request,
            response=response, paging=paging,
            to_item=lambda place: PlaceOut(**_place_values(request, place, shown_in)),
        )  # fmt: skip

    etag = etag_of(request, object_types=_PLACES_FROM, also=shown_in)
    return unless_fresh(request, response, etag, make)


@router.get(
    "/places/{slug:slug}",
    response=PlaceDetailsOut,
    auth=requires(Scope.PLACES_READ),
    summary="Show a place",
)
def show_place(request: HttpRequest, response: HttpResponse, slug: str, language: Language) -> Any:
    """One active place, with its opening hours."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)
    place = access.place_for_reader(slug)
    # Exceptions that have ended fall out at midnight, without anybody changing anything.
    etag = etag_of(request, object_types=_PLACES_FROM, also=f"{shown_in} {_today()}")
    return unless_fresh(request, response, etag, lambda: _details_out(request, place, shown_in))


@router.post(
    "/places",
    response={201: PlaceDetailsOut},
    auth=requires(Scope.PLACES_WRITE),
    summary="Add a place",
)
def create_place(request: HttpRequest, response: HttpResponse, body: NewPlaceIn) -> Any:
    """Add a place that the token's organisation, or one under it, looks after."""
    token = request.auth  # type: ignore[attr-defined]
    details = _details_in(body, token.organisation)
    try:
        place = add_place(
            details,
            slug=body.slug,
            hours=_hours_in(body),
            by=token.as_actor,
            at=_now(),
            confirmed=body.confirmed,
        )
    except ValidationError as error:
        raise _refused(error) from error
    response["Location"] = request.build_absolute_uri(f"/api/places/{place.slug}")
    return 201, _details_out(request, access.place_for_reader(place.slug), "")


@router.put(
    "/places/{slug:slug}",
    response=PlaceDetailsOut,
    auth=requires(Scope.PLACES_WRITE),
    summary="Change a place",
)
def replace_place(request: HttpRequest, slug: str, body: PlaceIn) -> Any:
    """Give a place new details. Sending the same twice changes nothing the second time."""
    token = request.auth  # type: ignore[attr-defined]
    place = access.place_for_token(token.organisation, slug)
    details = _details_in(body, token.organisation)
    try:
        change_place(
            place,
            details=details,
            hours=_hours_in(body),
            by=token.as_actor,
            at=_now(),
            confirmed=body.confirmed,
        )
    except ValidationError as error:
        raise _refused(error) from error
    return _details_out(request, access.place_for_token(token.organisation, slug), "")


def _hours_in(body: PlaceIn) -> list[RegularHours] | None:
    if body.opening_hours is None:
        return None
    return [RegularHours(**row.dict()) for row in body.opening_hours]


def _details_in(body: PlaceIn, organisation: "Organisation") -> PlaceDetails:
    owner = organisation
    if body.owner and body.owner != organisation.slug:
        try:
            owner = access.owner_for_token(organisation, body.owner)
        except access.NotFound as error:
            detail = "is neither the token's organisation nor one under it"
            raise Problem("invalid-fields", errors=[wrong_body("#/owner", detail)]) from error
    facts = body.accessibility
    return PlaceDetails(
        name=to_texts(body.name, pointer="#/name", max_length=200),
        kind=body.kind.value,
        latitude=body.latitude,
        longitude=body.longitude,
        coordinate_quality=body.coordinate_quality.value,
        address=body.address,
        owner=owner,
        description=_texts_in(body.description, "#/description", 2000),
        accessibility=_texts_in(facts.text if facts else None, "#/accessibility/text", 1000),
        step_free=facts.step_free if facts else None,
        accessible_toilet=facts.accessible_toilet if facts else None,
        hearing_loop=facts.hearing_loop if facts else None,
        source=body.source,
    )


def _texts_in(given: LocalisedText | None, pointer: str, max_length: int) -> Texts:
    return to_texts(given, pointer=pointer, max_length=max_length) if given else Texts()


def _refused(error: ValidationError) -> Problem:
    """What an action refused, by field; a slug that is taken is a conflict with what is stored."""
    if isinstance(error, Unconfirmed):
        return Problem(
            "invalid-fields",
            errors=[
                wrong_body(f"#/{doubt.field}", doubt.why) | {"confirm": doubt.quote}
                for doubt in error.unconfirmed
            ],
        )
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    if "slug" in by_field:
        return Problem("conflict", "There is a place with that slug already.")
    return Problem(
        "invalid-fields",
        errors=[
            wrong_body(f"#/{name}" if name else "#", message)
            for name, found in by_field.items()
            for message in found
        ],
    )


def _place_values(request: HttpRequest, place: "Place", language: str) -> dict[str, Any]:
    return {
        "slug": place.slug,
        "kind": place.kind,
        "name": localised(place.name, language),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "coordinate_quality": place.coordinate_quality,
        "h3_cell": h3_text(place.h3_cell),
        "regso": place.regso.code if place.regso else None,
        "est_area": place.est_area.code if place.est_area else None,
        "address": place.address,
        "owner": place.owner.slug if place.owner else None,
        "description": localised(place.description, language),
        "accessibility": Accessibility(
            step_free=place.step_free,
            accessible_toilet=place.accessible_toilet,
            hearing_loop=place.hearing_loop,
            text=localised(place.accessibility, language),
        ),
        "source": place.source,
        "page": request.build_absolute_uri(reverse("city:place", args=[place.slug])),
    }


def _details_out(request: HttpRequest, place: "Place", language: str) -> PlaceDetailsOut:
    schedule = hours.schedule_of(place, from_day=_today())
    return PlaceDetailsOut(
        **_place_values(request, place, language),
        opening_hours=[HoursSchema(**vars(row)) for row in schedule.regular],
        opening_hours_source=place.hours_source,
        exceptions=[_exception_out(each.subject, language) for each in schedule.exceptions],
    )


def _exception_out(exception: "OpeningException", language: str) -> ExceptionOut:
    return ExceptionOut(
        kind=ExceptionKind(exception.kind),
        days_from=exception.days_from,
        days_until=exception.days_until,
        opens=exception.opens,
        closes=exception.closes,
        moved_to=exception.moved_to.slug if exception.moved_to else None,
        reason=localised(exception.reason, language),
    )


def _now() -> datetime:
    return timezone.now()


def _today() -> date:
    return timezone.localdate()
