"""Which area a point lies in, by an index that is rebuilt only when areas change."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from kraftsamling.places.geometry import AreaIndex, h3_cell
from kraftsamling.places.kinds import AreaKind
from kraftsamling.places.models import Area, Revision

AREAS, PLACES = "areas", "places"


@dataclass(frozen=True)
class Location:
    """What a point gives a place on write."""

    h3_cell: int
    regso_id: int | None
    est_area_id: int | None


class _Finder:
    """The indexes of one revision of the areas."""

    def __init__(self, mark: UUID | None) -> None:
        self.mark = mark
        rows = Area.objects.values_list("kind", "id", "code", "geometry")
        by_kind: dict[str, list[tuple[int, str, str]]] = {}
        for kind, area_id, code, geometry in rows:
            by_kind.setdefault(kind, []).append((area_id, code, geometry))
        self.indexes = {kind: AreaIndex(areas) for kind, areas in by_kind.items()}

    def area_ids(
        self, kind: str, latitudes: Sequence[float], longitudes: Sequence[float]
    ) -> list[int | None]:
        index = self.indexes.get(kind)
        return index.area_ids(latitudes, longitudes) if index else [None] * len(latitudes)


_lock = Lock()
_finder: _Finder | None = None


def mark_of(part: str) -> UUID | None:
    """The mark of a part of this room, new after every change: one look-up."""
    return Revision.objects.filter(part=part).values_list("mark", flat=True).first()


def locate(latitudes: Sequence[float], longitudes: Sequence[float]) -> list[Location]:
    """Cell and areas of many points; one query while no area has changed."""
    finder = current_finder()
    regso = finder.area_ids(AreaKind.REGSO, latitudes, longitudes)
    est = finder.area_ids(AreaKind.EST, latitudes, longitudes)
    cells = map(h3_cell, latitudes, longitudes)
    return [Location(*found) for found in zip(cells, regso, est, strict=True)]


def municipality_index() -> AreaIndex | None:
    """Where the municipality is; None while its border is not known."""
    return current_finder().indexes.get(AreaKind.MUNICIPALITY)


def current_finder() -> _Finder:
    global _finder  # one index per process; replaced as a whole, so readers need no lock
    mark = mark_of(AREAS)
    finder = _finder
    # Without a mark nothing has been imported yet, and there is nothing to compare.
    if finder is None or mark is None or finder.mark != mark:
        with _lock:
            _finder = finder = _Finder(mark)
    return finder
