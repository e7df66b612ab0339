"""What every act in this room does at its end."""

import uuid
from typing import Any

from kraftsamling.places.locating import AREAS, PLACES, locate
from kraftsamling.places.models import Area, OpeningException, Place, Revision
from kraftsamling.places.texts import search_text, sort_key

PLACE_FIELDS = (
    "kind", "latitude", "longitude", "coordinate_quality", "address", "owner_id", "step_free",
    "accessible_toilet", "hearing_loop", "source", "is_active",
)  # fmt: skip
PLACE_TEXTS = ("name", "description", "accessibility")
# What everybody reads of a place and somebody wrote freely.
PUBLIC_TEXTS = (*PLACE_TEXTS, "address", "source")


def place_values(place: Place) -> dict[str, Any]:
    """A place as the trail remembers it."""
    values = {name: getattr(place, name) for name in PLACE_FIELDS}
    values |= {name: getattr(place, name).to_json() for name in PLACE_TEXTS}
    return values


def exception_values(exception: OpeningException) -> dict[str, Any]:
    """An exception as the trail remembers it."""
    return {
        "exception": str(exception.public_id),
        "kind": exception.kind,
        "days_from": exception.days_from.isoformat(),
        "days_until": exception.days_until.isoformat(),
        "opens": exception.opens and exception.opens.isoformat(timespec="minutes"),
        "closes": exception.closes and exception.closes.isoformat(timespec="minutes"),
        "moved_to": exception.moved_to.slug if exception.moved_to else None,
        "reason": exception.reason.to_json(),
        "is_removed": exception.removed_at is not None,
    }


def area_values(area: Area) -> dict[str, Any]:
    """An area as the trail remembers it; the border by its bounds, not its thousand corners."""
    return {
        "kind": area.kind,
        "name": area.name.to_json(),
        "parent_id": area.parent_id,
        "source": area.source,
        "bounds": [area.west, area.south, area.east, area.north],
    }


def derive(*places: Place) -> None:
    """Set what follows from a place's name, address and position. Does not save."""
    locations = locate([p.latitude for p in places], [p.longitude for p in places])
    for place, location in zip(places, locations, strict=True):
        place.h3_cell = location.h3_cell
        place.regso_id = location.regso_id
        place.est_area_id = location.est_area_id
        place.search_text = search_text(place.name, place.address)
        place.sort_key = sort_key(str(place.name))


def mark_change(part: str = PLACES) -> None:
    """Tell everyone who keeps something made from this part that it is old now."""
    Revision.objects.update_or_create(part=part, defaults={"mark": uuid.uuid4()})


def mark_area_change() -> None:
    mark_change(AREAS)
    mark_change(PLACES)
