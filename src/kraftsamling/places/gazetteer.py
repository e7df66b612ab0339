"""Finding places by name, offline and in spite of typing errors.

What comes back is a public place, a locality, a stretch of a street or a square of 100 m: never
a dwelling. Apartments, stairs and door codes are cut off before anything is looked up, a house
number only chooses the stretch of its street, and a stretch with too few houses to hide one is
given as its square.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from kraftsamling.kit.languages import SOURCE_LANGUAGE
from kraftsamling.kit.texts import Texts
from kraftsamling.places import addresses, geometry
from kraftsamling.places.kinds import PlaceKind
from kraftsamling.places.locating import PLACES, mark_of
from kraftsamling.places.models import Locality, Place, StreetSegment
from kraftsamling.places.texts import fold
from kraftsamling.places.words import WordIndex

HitKind = Literal["place", "locality", "street", "cell"]
PLACE: HitKind = "place"
LOCALITY: HitKind = "locality"
STREET: HitKind = "street"
CELL: HitKind = "cell"
# A stretch with fewer house numbers than this would nearly be an address.
FEWEST_NUMBERS = 8
SNAP_TO_PLACE_METRES = 60
SNAP_TO_STREET_METRES = 80
LONGEST_QUERY = 120
_NEAR_METRES = 1500.0
_COORDINATES = re.compile(r"^\s*(-?\d{1,2}[.,]\d+)\s*[,; ]\s*(-?\d{1,3}[.,]\d+)\s*$")


@dataclass(frozen=True)
class Hit:
    """One answer. `key` names it for good: 'place:portalen', 'street:Bredgatan:10', ...

    `latitude` and `longitude` are those of the place or locality, the middle of the stretch of
    street, or the centre of the square.
    """

    key: str
    kind: HitKind
    label: str
    detail: str
    latitude: float
    longitude: float
    score: float = 1.0
    slug: str = ""
    matched: str = ""


@dataclass(frozen=True)
class _Entry:
    kind: HitKind
    key: str
    names: Texts
    detail: str
    latitude: float
    longitude: float
    slug: str = ""


@dataclass(frozen=True)
class _Segment:
    street: str
    number_from: int
    number_until: int
    latitude: float
    longitude: float

    @property
    def key(self) -> str:
        return f"{STREET}:{self.street}:{self.number_from}"

    @property
    def hides_a_house(self) -> bool:
        return self.number_until - self.number_from + 1 >= FEWEST_NUMBERS

    def distance_to(self, number: int) -> int:
        return max(self.number_from - number, number - self.number_until, 0)


class Gazetteer:
    """All names of one revision, in memory. Threads may share it: it is never changed."""

    def __init__(
        self, entries: Sequence[_Entry], segments: Iterable[_Segment], mark: UUID | None = None
    ) -> None:
        self.mark = mark
        self._segments: defaultdict[str, list[_Segment]] = defaultdict(list)
        for segment in segments:
            self._segments[segment.street].append(segment)
        streets = [_street_entry(street, found) for street, found in self._segments.items()]
        self._entries = [*entries, *streets]
        named = [
            (number, name)
            for number, entry in enumerate(self._entries)
            for name in dict.fromkeys(entry.names.by_language.values())
        ]
        self._owners = np.array([number for number, _name in named], dtype=np.int64)
        self._names = [name for _number, name in named]
        self._words = WordIndex([fold(name) for name in self._names])
        self._latitudes = np.array([entry.latitude for entry in self._entries], dtype=float)
        self._longitudes = np.array([entry.longitude for entry in self._entries], dtype=float)
        self._by_key = {entry.key: entry for entry in self._entries}

    def __len__(self) -> int:
        return len(self._entries)

    def search(
        self,
        text: str,
        *,
        near: tuple[float, float] | None = None,
        limit: int = 8,
        language: str = SOURCE_LANGUAGE,
    ) -> list[Hit]:
        """The best answers to what someone typed, best first; [] where nothing is like it.

        `near` is (latitude, longitude) of where the asker is: close names come first among equals.
        """
        text = text[:LONGEST_QUERY]
        if match := _COORDINATES.match(text):
            point = [float(part.replace(",", ".")) for part in match.groups()]
            return [self.snap(*point, language=language)] if -90 <= point[0] <= 90 else []
        address = addresses.to_street_address(text)
        wanted = address.street if address.number else addresses.without_dwelling(text)
        scores = self._words.scores(fold(wanted))
        if near is not None and scores.size:
            scores = np.where(scores > 0, scores + self._nearness(near)[self._owners], 0)
        return self._best(scores, address.number, limit, language, fold(wanted))

    def snap(self, latitude: float, longitude: float, *, language: str = SOURCE_LANGUAGE) -> Hit:
        """What is kept instead of a point: a public place close by, a stretch of street, a square.

        Raises ValueError for a point that is not on earth.
        """
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError(f"not on earth: {latitude}, {longitude}")
        for kind, reach in ((PLACE, SNAP_TO_PLACE_METRES), (STREET, SNAP_TO_STREET_METRES)):
            if (hit := self._closest(kind, latitude, longitude, reach, language)) is not None:
                return hit
        return self._cell(latitude, longitude, language)

    def resolve(self, key: str, *, language: str = SOURCE_LANGUAGE) -> Hit | None:
        """The answer that `key` names, as given by an earlier search or snap; None when gone."""
        if key.startswith(f"{CELL}:") and (match := re.fullmatch(r"cell:100mN(\d+)E(\d+)", key)):
            corner = [int(part) + geometry.GRID_METRES / 2 for part in match.groups()]
            if not geometry.looks_like_sweref(corner[1], corner[0]):
                return None
            return self._cell(*geometry.from_sweref(corner[1], corner[0]), language)
        if key.startswith(f"{STREET}:"):
            street, _colon, number = key.removeprefix(f"{STREET}:").rpartition(":")
            for segment in self._segments.get(street, ()):
                if str(segment.number_from) == number:
                    return self._street_hit(segment)
        entry = self._by_key.get(key)
        return self._hit(entry, language) if entry else None

    def names(self) -> frozenset[str]:
        """Every name, in every language: what a text may mention without naming a person."""
        return frozenset(self._names)

    # --- ranking -----------------------------------------------------------------------------

    def _best(
        self, scores: NDArray[Any], number: int | None, limit: int, language: str, wanted: str
    ) -> list[Hit]:
        hits: list[Hit] = []
        seen: set[int] = set()
        for row in np.argsort(-scores, kind="stable")[: limit * 6]:
            score, owner = float(scores[row]), int(self._owners[row])
            if score <= 0 or len(hits) == limit:
                break
            if owner in seen:
                continue
            seen.add(owner)
            entry = self._entries[owner]
            if number is not None and entry.kind != STREET:
                # 'Fallskärmen 3' is a place's name; 'Bredgatan 3' should not find a place first.
                score -= 0.1
            hits.append(self._scored_hit(entry, number, score, language, self._names[row]))
        return sorted(hits, key=lambda hit: -hit.score)

    def _scored_hit(
        self, entry: _Entry, number: int | None, score: float, language: str, matched: str
    ) -> Hit:
        if entry.kind == STREET:
            segment = self._segment_for(entry.slug, number)
            return self._street_hit(segment, score=score, is_numbered=number is not None)
        return self._hit(entry, language, score=score, matched=matched)

    def _nearness(self, near: tuple[float, float]) -> NDArray[Any]:
        metres = geometry.metres_between(*near, self._latitudes, self._longitudes)
        bonus: NDArray[Any] = 0.08 * np.exp(-metres / _NEAR_METRES)
        return bonus

    # --- answers -----------------------------------------------------------------------------

    def _hit(self, entry: _Entry, language: str, *, score: float = 1.0, matched: str = "") -> Hit:
        label = entry.names.in_language(language).text
        return Hit(
            entry.key, entry.kind, label, _detail(entry), entry.latitude, entry.longitude,
            round(score, 3), entry.slug, matched if matched != label else "",
        )  # fmt: skip

    def _segment_for(self, street: str, number: int | None) -> _Segment:
        segments = self._segments[street]
        if number is None:
            return sorted(segments, key=lambda each: each.number_from)[len(segments) // 2]
        return min(segments, key=lambda each: each.distance_to(number))

    def _street_hit(
        self, segment: _Segment, *, score: float = 1.0, is_numbered: bool = True
    ) -> Hit:
        label, point = segment.street, (segment.latitude, segment.longitude)
        if not segment.hides_a_house:
            cell = geometry.grid_cell(*point)
            point = cell.latitude, cell.longitude
        elif is_numbered:
            label = f"{segment.street} {segment.number_from}–{segment.number_until}"
        return Hit(segment.key, STREET, label, _("gata"), *point, round(score, 3))

    def _closest(
        self, kind: str, latitude: float, longitude: float, reach: float, language: str
    ) -> Hit | None:
        if not self._entries:
            return None
        if kind == STREET:
            segments = [each for found in self._segments.values() for each in found]
            latitudes = np.array([each.latitude for each in segments])
            longitudes = np.array([each.longitude for each in segments])
            metres = geometry.metres_between(latitude, longitude, latitudes, longitudes)
            if metres.size and metres.min() <= reach:
                return self._street_hit(segments[int(metres.argmin())])
            return None
        metres = geometry.metres_between(latitude, longitude, self._latitudes, self._longitudes)
        is_kind = np.array([entry.kind == kind for entry in self._entries])
        metres = np.where(is_kind, metres, np.inf)
        closest = int(metres.argmin())
        return self._hit(self._entries[closest], language) if metres[closest] <= reach else None

    def _cell(self, latitude: float, longitude: float, language: str) -> Hit:
        cell = geometry.grid_cell(latitude, longitude)
        label = _("Ruta på 100 meter")
        if name := self._locality_near(cell.latitude, cell.longitude, language):
            label = _("Ruta på 100 meter, nära %(name)s") % {"name": name}
        return Hit(f"{CELL}:{cell.code}", CELL, label, _("ruta"), cell.latitude, cell.longitude)

    def _locality_near(self, latitude: float, longitude: float, language: str) -> str:
        if not self._entries:
            return ""
        metres = geometry.metres_between(latitude, longitude, self._latitudes, self._longitudes)
        is_locality = np.array([entry.kind == LOCALITY for entry in self._entries])
        metres = np.where(is_locality, metres, np.inf)
        closest = int(metres.argmin())
        if metres[closest] > 3000:
            return ""
        return self._entries[closest].names.in_language(language).text


def _detail(entry: _Entry) -> str:
    """What stands beside the name: the kind, and the part of town where it is known."""
    kind = str(PlaceKind(entry.detail.split("|")[0]).label) if entry.kind == PLACE else _("område")
    area = entry.detail.partition("|")[2]
    return f"{kind}, {area}" if area else kind


def _street_entry(street: str, segments: Sequence[_Segment]) -> _Entry:
    return _Entry(
        STREET,
        f"{STREET}:{street}",
        Texts.of(street),
        "",
        sum(each.latitude for each in segments) / len(segments),
        sum(each.longitude for each in segments) / len(segments),
        slug=street,
    )


_lock = Lock()
_current: Gazetteer | None = None


def current_gazetteer() -> Gazetteer:
    """The gazetteer of the newest revision: one small query while nothing has changed."""
    global _current  # one per process; replaced as a whole, so readers need no lock
    mark = mark_of(PLACES)
    gazetteer = _current
    if gazetteer is None or mark is None or gazetteer.mark != mark:
        with _lock:
            _current = gazetteer = _load(mark)
    return gazetteer


def _load(mark: UUID | None) -> Gazetteer:
    rows = Place.objects.filter(is_active=True).values_list(
        "slug", "name", "kind", "latitude", "longitude", "est_area__name", "regso__name"
    )
    places = [
        _Entry(PLACE, f"{PLACE}:{slug}", name, f"{kind}|{est or regso or ''}", lat, lon, slug)
        for slug, name, kind, lat, lon, est, regso in rows
    ]
    localities = [
        _Entry(LOCALITY, f"{LOCALITY}:{slug}", Texts.of(name), "", lat, lon, slug)
        for slug, name, lat, lon in Locality.objects.values_list(
            "slug", "name", "latitude", "longitude"
        )
    ]
    segments = StreetSegment.objects.values_list(
        "street", "number_from", "number_until", "latitude", "longitude"
    )
    return Gazetteer([*places, *localities], [_Segment(*row) for row in segments], mark)
