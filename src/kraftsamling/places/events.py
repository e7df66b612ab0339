"""What happens to places and areas, as the floors above hear it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceAdded:
    slug: str


@dataclass(frozen=True)
class PlaceChanged:
    """Name, position, facts or regular hours are new."""

    slug: str


@dataclass(frozen=True)
class PlaceDeactivated:
    slug: str


@dataclass(frozen=True)
class PlaceReactivated:
    slug: str


@dataclass(frozen=True)
class OpeningExceptionChanged:
    """An exception was added, changed, taken back or restored."""

    slug: str


@dataclass(frozen=True)
class PlacesImported:
    """A file changed places: how many were added and changed."""

    created: int
    changed: int


@dataclass(frozen=True)
class AreasImported:
    """Areas have new borders or names; places have been assigned anew."""

    created: int
    changed: int
