"""Adding, changing and taking away places."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.ids import to_free_slug
from kraftsamling.kit.texts import Texts
from kraftsamling.people.models import Organisation
from kraftsamling.places import addresses
from kraftsamling.places.actions.hours import set_opening_hours
from kraftsamling.places.actions.shared import PUBLIC_TEXTS, derive, mark_change, place_values
from kraftsamling.places.events import (
    PlaceAdded,
    PlaceChanged,
    PlaceDeactivated,
    PlaceReactivated,
)
from kraftsamling.places.kinds import RESERVED_SLUGS, CoordinateQuality, PlaceKind
from kraftsamling.places.models import Place
from kraftsamling.places.queries.doubts import Unconfirmed, doubts_about, texts_of
from kraftsamling.places.rules import RegularHours
from kraftsamling.privacy.refusing import personal_data_in
from kraftsamling.trail.actions import record


@dataclass(frozen=True)
class PlaceDetails:
    """All that someone says of a place; its cell, areas and slug follow from it."""

    name: Texts
    kind: str
    latitude: float
    longitude: float
    coordinate_quality: str = CoordinateQuality.MAPPED
    address: str = ""
    owner: Organisation | None = None
    description: Texts = field(default_factory=Texts)
    accessibility: Texts = field(default_factory=Texts)
    step_free: bool | None = None
    accessible_toilet: bool | None = None
    hearing_loop: bool | None = None
    source: str = ""


def add_place(
    details: PlaceDetails,
    *,
    by: Actor,
    at: datetime,
    slug: str = "",
    hours: Sequence[RegularHours] | None = None,
    confirmed: Collection[str] = (),
) -> Place:
    """Add a place, with its regular hours if given. Raises ValidationError by field.

    Raises Unconfirmed where something looks wrong and its quote is not among `confirmed`.
    """
    place = Place(slug=slug or _free_slug(details.name))
    _fill(place, details)
    _refuse_unconfirmed(place, confirmed)
    with transaction.atomic():
        place.validate_unique()
        derive(place)
        place.save(force_insert=True)
        _finish(place, "places.add_place", None, by=by, at=at)
        announce(PlaceAdded(place.slug))
        if hours is not None:
            _set_hours(place, hours, by=by, at=at)
    return place


def change_place(
    place: Place,
    *,
    details: PlaceDetails,
    by: Actor,
    at: datetime,
    reason: str = "",
    hours: Sequence[RegularHours] | None = None,
    confirmed: Collection[str] = (),
) -> Place:
    """Give a place new details, and hours if given; what does not differ is not recorded.

    Raises ValidationError naming each wrong field, and Unconfirmed where something new looks wrong
    and its quote is not among `confirmed`; what was stored before is not asked about again.
    """
    with transaction.atomic():
        place = Place.objects.select_for_update().get(pk=place.pk)
        before = place_values(place)
        stored = (place.latitude, place.longitude, texts_of(place))
        _fill(place, details)
        if place_values(place) != before:
            _refuse_unconfirmed(place, confirmed, stored)
            derive(place)
            place.save()
            _finish(place, "places.change_place", before, by=by, at=at, reason=reason)
            announce(PlaceChanged(place.slug))
        if hours is not None:
            _set_hours(place, hours, by=by, at=at)
    return place


def _set_hours(place: Place, hours: Sequence[RegularHours], *, by: Actor, at: datetime) -> None:
    try:
        set_opening_hours(place, hours=hours, source=place.source, by=by, at=at)
    except ValidationError as error:
        raise ValidationError({"opening_hours": error}) from error


def deactivate_place(place: Place, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take a place out of lists, maps and search; its history and what refers to it stay."""
    if _set_active(place, False, "places.deactivate_place", by=by, at=at, reason=reason):
        announce(PlaceDeactivated(place.slug))


def reactivate_place(place: Place, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Bring a place back: the way to undo `deactivate_place`."""
    if _set_active(place, True, "places.reactivate_place", by=by, at=at, reason=reason):
        announce(PlaceReactivated(place.slug))


@transaction.atomic
def _set_active(
    place: Place, is_active: bool, act: str, *, by: Actor, at: datetime, reason: str
) -> bool:
    stored = Place.objects.select_for_update().get(pk=place.pk)
    if stored.is_active == is_active:
        return False
    before = place_values(stored)
    stored.is_active = place.is_active = is_active
    stored.save(update_fields=("is_active",))
    _finish(stored, act, before, by=by, at=at, reason=reason)
    return True


def _finish(
    place: Place,
    act: str,
    before: Mapping[str, Any] | None,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    mark_change()
    record(
        act=act, by=by, at=at, on=("place", place.slug), before=before,
        after=place_values(place), reason=reason,
    )  # fmt: skip


def _free_slug(name: Texts) -> str:
    taken = {*RESERVED_SLUGS, *Place.objects.values_list("slug", flat=True)}
    try:
        return to_free_slug(str(name), taken)
    except ValueError:
        return to_free_slug("plats", taken)


def _fill(place: Place, details: PlaceDetails) -> None:
    """Put details on a place and check them. Raises ValidationError by field."""
    problems: dict[str, list[Any]] = {}
    if not details.name.has("sv"):
        problems["name"] = [_("Skriv platsens namn på svenska.")]
    if place.slug in RESERVED_SLUGS:
        problems["slug"] = [_("Välj ett annat kortnamn.")]
    if details.kind not in PlaceKind.values:
        problems["kind"] = [_("Välj vilket slags plats det är.")]
    if addresses.names_dwelling(details.address):
        problems["address"] = [_("Skriv bara gata och nummer. En plats är aldrig en lägenhet.")]
    for name in PUBLIC_TEXTS:
        if found := personal_data_in(getattr(details, name)):
            problems.setdefault(name, []).extend(found)
    for name, value in vars(details).items():
        setattr(place, name, value)
    place.latitude, place.longitude = round(place.latitude, 6), round(place.longitude, 6)
    try:
        place.clean_fields(exclude=("h3_cell", "regso", "est_area", "public_id", *problems))
        _refuse_off_the_earth(place)
    except ValidationError as error:
        problems |= error.message_dict
    if problems:
        raise ValidationError(problems)


def _refuse_unconfirmed(
    place: Place,
    confirmed: Collection[str],
    stored: tuple[float, float, Mapping[str, str | Texts]] | None = None,
) -> None:
    doubts = doubts_about(place.latitude, place.longitude, texts_of(place))
    if doubts and stored:
        known = {(doubt.field, doubt.quote) for doubt in doubts_about(*stored)}
        doubts = tuple(doubt for doubt in doubts if (doubt.field, doubt.quote) not in known)
    if unconfirmed := [doubt for doubt in doubts if doubt.quote not in confirmed]:
        raise Unconfirmed(doubts, unconfirmed)


def _refuse_off_the_earth(place: Place) -> None:
    # Written so that NaN, which compares false with everything, is refused as well.
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise ValidationError({"latitude": _("Läget finns inte på jorden.")})
