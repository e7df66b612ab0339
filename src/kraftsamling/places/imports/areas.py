"""Areas from GeoJSON: repaired where a slip is plain, refused by name where it is not."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.kit.tabular.problems import Problem
from kraftsamling.places import geometry
from kraftsamling.places.imports.geojson import (
    WGS84,
    Features,
    GeoJsonLimits,
    metres,
    positions,
    read_features,
    swapped,
)
from kraftsamling.places.imports.values import area_kind
from kraftsamling.places.texts import fold

# A repair that moves more than this share of the area is a guess, and we do not guess.
_LARGEST_REPAIR = 0.001
_CODE_NAMES = ("code", "kod", "regsokod", "regso", "desokod", "deso", "kommunkod", "omradeskod",
               "omrkod", "id")  # fmt: skip
_NAME_NAMES = ("name", "namn", "regsonamn", "desonamn", "kommunnamn", "omradesnamn", "benamning")
_KIND_NAMES = ("kind", "slag", "typ", "type", "areakind")
_PARENT_NAMES = ("parent", "parentcode", "overordnad", "ingari")
_SOURCE_NAMES = ("source", "kalla", "ursprung")


@dataclass(frozen=True)
class AreaRow:
    """One area as a file gives it; `geometry` is GeoJSON text in WGS 84."""

    number: int
    code: str
    kind: str
    name: Mapping[str, str]
    parent: str
    source: str
    geometry: str
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class CheckedAreas:
    """A file read as areas, with all its problems."""

    rows: tuple[AreaRow, ...]
    problems: tuple[Problem, ...]
    features: int
    epsg: int | None


@dataclass(frozen=True)
class AreaChoices:
    """What the file may leave unsaid: the kind of its areas, the system of its coordinates."""

    kind: str = ""
    epsg: int | None = None
    source: str = ""
    known_codes: frozenset[str] = field(default_factory=frozenset)


def read_areas(
    data: bytes, *, choices: AreaChoices | None = None, limits: GeoJsonLimits | None = None
) -> CheckedAreas:
    """Read and check every feature. Raises UnreadableFile for a file that is not GeoJSON."""
    found = read_features(data, limits=limits or GeoJsonLimits())
    reader = _AreaReader(found, choices or AreaChoices())
    return reader.read()


class _AreaReader:
    def __init__(self, found: Features, choices: AreaChoices) -> None:
        self.found = found
        self.choices = choices
        self.epsg = found.epsg or choices.epsg
        self.problems: list[Problem] = []

    def read(self) -> CheckedAreas:
        rows = [self._area(n, each) for n, each in enumerate(self.found.features, start=1)]
        kept = tuple(row for row in rows if row is not None)
        self._check_codes(kept)
        self._check_parents(kept)
        problems = tuple(sorted(self.problems, key=lambda problem: problem.row or 0))
        return CheckedAreas(kept, problems, len(self.found.features), self.epsg)

    def _add(
        self, code: str, number: int, why: str, advice: str, *, value: str = "", column: str = "",
        is_warning: bool = False,
    ) -> None:  # fmt: skip
        self.problems.append(
            Problem(
                code, why, advice, row=number, column=column, value=value, is_warning=is_warning
            )
        )

    # --- words -------------------------------------------------------------------------------

    def _area(self, number: int, feature: Mapping[str, Any]) -> AreaRow | None:
        given = feature.get("properties")
        properties = {
            fold(str(key)).replace(" ", ""): value
            for key, value in (given if isinstance(given, dict) else {}).items()
        }
        code = _first(properties, _CODE_NAMES) or str(feature.get("id") or "")
        names = self._names(number, properties, code)
        kind = self._kind(number, properties, names.get("sv", code))
        shape = self._shape(number, names.get("sv", code), feature.get("geometry"))
        source = _first(properties, _SOURCE_NAMES) or self.choices.source
        parent = _first(properties, _PARENT_NAMES)
        self._check_lengths(number, code=code, source=source)
        if not code or shape is None or not kind:
            return None
        return AreaRow(number, code, kind, names, parent, source, _to_text(shape), shape.bounds)

    def _names(self, number: int, properties: Mapping[str, Any], code: str) -> dict[str, str]:
        names = {
            language.code: text
            for language in LANGUAGES
            if (text := _first(properties, (f"name{language.code}", f"namn{language.code}")))
        }
        names.setdefault("sv", _first(properties, _NAME_NAMES) or code)
        if not code:
            self._add(
                "missing_code", number, _("Området saknar kod."),
                _("Ge varje område en egen kod i egenskapen ”code” eller ”kod”."),
                value=names["sv"], column="code",
            )  # fmt: skip
        if any(len(text) > 200 for text in names.values()):
            self._add(
                "too_long", number, _("Namnet är längre än 200 tecken."), _("Korta namnet."),
                value=names["sv"], column="name",
            )  # fmt: skip
        return names

    def _kind(self, number: int, properties: Mapping[str, Any], name: str) -> str:
        text = _first(properties, _KIND_NAMES)
        if not text and self.choices.kind:
            return self.choices.kind
        try:
            return area_kind(text)
        except ValueError as error:
            # A `type` of the exporting program is no word of ours, and the form has said the kind.
            if self.choices.kind:
                return self.choices.kind
            self._add(
                "unknown_kind", number,
                _("Det går inte att se vilket slags område %(name)s är.") % {"name": name},
                _("Välj slag för hela filen, eller skriv ett av dessa i ”kind”: %(kinds)s.")
                % {"kinds": error},
                value=text, column="kind",
            )  # fmt: skip
            return ""

    def _check_lengths(self, number: int, *, code: str, source: str) -> None:
        if len(code) > 40:
            self._add(
                "too_long", number, _("Koden är längre än 40 tecken."), _("Korta koden."),
                value=code, column="code",
            )  # fmt: skip
        if len(source) > 200:
            self._add(
                "too_long", number, _("Källan är längre än 200 tecken."), _("Korta texten."),
                value=source, column="source",
            )  # fmt: skip

    def _check_codes(self, rows: tuple[AreaRow, ...]) -> None:
        first: dict[str, int] = {}
        for row in rows:
            if row.code in first:
                self._add(
                    "code_twice", row.number,
                    _("Koden finns redan på objekt %(row)s.") % {"row": first[row.code]},
                    _("Ge varje område en egen kod."), value=row.code, column="code",
                )  # fmt: skip
            first.setdefault(row.code, row.number)

    def _check_parents(self, rows: tuple[AreaRow, ...]) -> None:
        parents = {row.code: row.parent for row in rows}
        for row in rows:
            if not row.parent:
                continue
            if row.parent not in parents and row.parent not in self.choices.known_codes:
                self._add(
                    "unknown_parent", row.number,
                    _("Det överordnade området %(code)s finns inte.") % {"code": row.parent[:40]},
                    _("Läs in det först, eller ha med det i samma fil."),
                    value=row.parent, column="parent",
                )  # fmt: skip
            elif _runs_in_a_circle(row.code, parents):
                self._add(
                    "circular_parent", row.number,
                    _("Området ligger i sig självt, genom sina överordnade."),
                    _("Rätta egenskapen ”parent”."), value=row.parent, column="parent",
                )  # fmt: skip

    # --- shapes ------------------------------------------------------------------------------

    def _shape(self, number: int, name: str, given: Any) -> BaseGeometry | None:
        rings = self._rings(number, name, given)
        if not rings:
            return None
        if not self._is_on_earth(number, name, rings):
            return None
        rings = [[self._to_degrees(ring) for ring in polygon] for polygon in rings]
        if not all(np.isfinite(ring).all() for polygon in rings for ring in polygon):
            self._refuse_shape(
                number, name, _("gränsen går inte att räkna om till WGS 84"),
                _("Kontrollera att filens koordinatsystem stämmer."),
            )  # fmt: skip
            return None
        return self._valid(number, name, rings)

    def _rings(self, number: int, name: str, given: Any) -> list[list[np.ndarray[Any, Any]]]:
        kind = given.get("type") if isinstance(given, dict) else None
        coordinates = given.get("coordinates") if isinstance(given, dict) else None
        polygons = [coordinates] if kind == "Polygon" else coordinates
        if kind not in ("Polygon", "MultiPolygon") or not isinstance(polygons, list):
            self._refuse_shape(
                number, name, _("gränsen är ingen yta"),
                _("Ett område ska vara en Polygon eller MultiPolygon."), value=str(kind or ""),
            )  # fmt: skip
            return []
        try:
            found = [[_ring(ring) for ring in polygon] for polygon in polygons if polygon]
        except (TypeError, ValueError) as error:
            self._refuse_shape(
                number, name, _("gränsen har en koordinat som inte är två tal"),
                _("Rätta koordinaten eller exportera på nytt."), value=str(error),
            )  # fmt: skip
            return []
        if not found or any(len(ring) < 4 for polygon in found for ring in polygon):
            self._refuse_shape(
                number, name, _("gränsen har färre än tre hörn"),
                _("Rita om området i kartprogrammet."),
            )  # fmt: skip
            return []
        self._warn_open_rings(number, name, given)
        return found

    def _warn_open_rings(self, number: int, name: str, given: Mapping[str, Any]) -> None:
        polygons = given["coordinates"] if given["type"] == "MultiPolygon" else [
            given["coordinates"]
        ]  # fmt: skip
        if any(ring[0] != ring[-1] for polygon in polygons for ring in polygon):
            self._repaired(number, name, _("gränsen slutade inte där den började"))

    def _is_on_earth(self, number: int, name: str, rings: list[list[np.ndarray[Any, Any]]]) -> bool:
        if self.epsg not in (None, WGS84):
            return True
        corners = np.vstack([ring for polygon in rings for ring in polygon])
        x, y = (float(value) for value in corners.mean(axis=0))
        sample = f"{corners[0][0]:g}, {corners[0][1]:g}"
        if geometry.looks_like_sweref(x, y) or geometry.looks_like_sweref(y, x):
            self.problems.append(metres(row=number, value=sample, column=name))
            return False
        if not geometry.is_in_sweden(y, x) and geometry.is_in_sweden(x, y):
            self.problems.append(swapped(row=number, value=sample, column=name))
            return False
        if np.abs(corners[:, 0]).max() > 180 or np.abs(corners[:, 1]).max() > 90:
            self._refuse_shape(
                number, name, _("gränsen ligger utanför jorden"),
                _("Longitud är mellan −180 och 180, latitud mellan −90 och 90."), value=sample,
            )  # fmt: skip
            return False
        return True

    def _to_degrees(self, ring: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if self.epsg in (None, WGS84):
            return np.round(ring, geometry.DECIMALS)
        x, y = geometry.transformer(self.epsg).transform(ring[:, 0], ring[:, 1])
        return np.round(np.column_stack([x, y]), geometry.DECIMALS)

    def _valid(
        self, number: int, name: str, rings: list[list[np.ndarray[Any, Any]]]
    ) -> BaseGeometry | None:
        shape = _to_shape(rings)
        if shape.is_valid and shape.area > 0:
            return shapely.orient_polygons(shape)
        repaired = _surfaces_of(shapely.make_valid(shape))
        meant = sum(abs(_signed_area(p[0])) - sum(abs(_signed_area(h)) for h in p[1:])
                    for p in rings)  # fmt: skip
        reason = _why_invalid(shape)
        if repaired is None or abs(repaired.area - meant) > _LARGEST_REPAIR * repaired.area:
            self._refuse_shape(
                number, name, reason, _("Rätta gränsen i kartprogrammet och exportera på nytt.")
            )
            return None
        self._repaired(number, name, reason)
        return shapely.orient_polygons(repaired)

    def _refuse_shape(self, number: int, name: str, why: str, advice: str, value: str = "") -> None:
        self._add(
            "invalid_shape", number, f"{name}: {why}.", advice, value=value, column="geometry"
        )

    def _repaired(self, number: int, name: str, why: str) -> None:
        self._add(
            "repaired", number, _("%(name)s är lagad: %(why)s.") % {"name": name, "why": why},
            _("Kontrollera området på kartan."), column="geometry", is_warning=True,
        )  # fmt: skip


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _runs_in_a_circle(code: str, parents: Mapping[str, str]) -> bool:
    seen = {code}
    current = parents.get(code, "")
    while current:
        if current in seen:
            return True
        seen.add(current)
        current = parents.get(current, "")
    return False


def _ring(ring: Any) -> np.ndarray[Any, Any]:
    """Corners as an array of (x, y), closed. Raises ValueError showing what is no position."""
    if not isinstance(ring, list) or not ring:
        raise ValueError(str(ring)[:60])
    for position in ring:
        is_pair = isinstance(position, list) and len(position) >= 2
        if not is_pair or not all(_is_finite(number) for number in position[:2]):
            raise ValueError(str(position)[:60])
    corners = np.array([position[:2] for position in ring], dtype=float)
    if (corners[0] != corners[-1]).any():
        corners = np.vstack([corners, corners[:1]])
    return corners


def _is_finite(number: Any) -> bool:
    return (
        isinstance(number, int | float)
        and not isinstance(number, bool)
        and abs(number) < 1e12
        and math.isfinite(number)
    )


def _to_shape(rings: list[list[np.ndarray[Any, Any]]]) -> BaseGeometry:
    polygons = [Polygon(polygon[0], polygon[1:]) for polygon in rings]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _surfaces_of(shape: BaseGeometry) -> BaseGeometry | None:
    """Only the surfaces: a repair may leave lines and points behind."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shape))
        if isinstance(part, Polygon) and part.area > 0
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _signed_area(ring: np.ndarray[Any, Any]) -> float:
    # Measured from the first corner: degrees of a small area would lose digits otherwise.
    x, y = (ring - ring[0]).T
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def _why_invalid(shape: BaseGeometry) -> str:
    reason = shapely.is_valid_reason(shape)
    kind, _bracket, where = reason.partition("[")
    words = {
        "Self-intersection": _("gränsen korsar sig själv"),
        "Ring Self-intersection": _("gränsen rör vid sig själv"),
        "Hole lies outside shell": _("ett hål ligger utanför området"),
        "Nested shells": _("en del ligger inuti en annan"),
        "Nested holes": _("ett hål ligger inuti ett annat"),
        "Interior is disconnected": _("hålen delar området"),
        "Duplicate Rings": _("samma gräns finns två gånger"),
    }
    why = words.get(kind.strip(), _("gränsen är inte giltig"))
    corner = where.rstrip("]").split()
    if len(corner) < 2:
        return why
    return _("%(why)s vid %(latitude)s, %(longitude)s") % {
        "why": why,
        "latitude": f"{float(corner[1]):.5f}",
        "longitude": f"{float(corner[0]):.5f}",
    }


def _to_text(shape: BaseGeometry) -> str:
    """GeoJSON text, without spaces; coordinates were rounded to six decimals before."""
    return json.dumps(json.loads(shapely.to_geojson(shape)), separators=(",", ":"))


def count_vertices(geometry_text: str) -> int:
    """How many corners a stored geometry has."""
    return sum(1 for _position in positions(json.loads(geometry_text)["coordinates"]))
