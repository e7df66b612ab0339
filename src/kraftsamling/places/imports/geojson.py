"""GeoJSON from strangers: measured before it is parsed, in any coordinate system it names."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from kraftsamling.kit.tabular.decoding import decode
from kraftsamling.kit.tabular.problems import Problem, unreadable

_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_AUTHORITY_CODE = re.compile(r"(?:^|:)(EPSG)(?::[\d.]*)?:{1,2}(\d{4,6})$", re.IGNORECASE)
_LONGITUDE_FIRST = re.compile(r"CRS:?84$", re.IGNORECASE)
WGS84 = 4326


@dataclass(frozen=True)
class GeoJsonLimits:
    """How much of a GeoJSON file is taken in; the operator's command may raise it."""

    bytes: int = 5 * 1024 * 1024
    vertices: int = 50_000
    depth: int = 20
    features: int = 20_000


@dataclass(frozen=True)
class Features:
    """The features of a file and the EPSG code of its coordinates (None: it does not say)."""

    features: tuple[dict[str, Any], ...]
    epsg: int | None


def looks_like_json(data: bytes) -> bool:
    """Whether the first sign is a brace or a bracket, whatever mark or space comes before it."""
    head = data[:200].replace(b"\x00", b"")
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"[")


def read_features(data: bytes, *, limits: GeoJsonLimits) -> Features:
    """The features of a GeoJSON file. Raises UnreadableFile; geometries are not yet looked at."""
    if len(data) > limits.bytes:
        raise unreadable(
            "too_large",
            _("Filen är %(size)s MB. Gränsen är %(limit)s MB.")
            % {"size": round(len(data) / 2**20, 1), "limit": round(limits.bytes / 2**20, 1)},
            _("Förenkla gränserna eller dela upp filen. Driften kan läsa in större filer."),
        )
    text = decode(data).text
    _refuse_too_deep(text.encode("utf-8", "surrogatepass"), limits.depth)
    content = _parse(text)
    features = _features_of(content)
    if len(features) > limits.features:
        raise unreadable(
            "too_many_features",
            _("Filen har %(count)s objekt. Gränsen är %(limit)s.")
            % {"count": len(features), "limit": limits.features},
            _("Dela upp filen i flera."),
        )
    _refuse_too_many_vertices(features, limits.vertices)
    return Features(tuple(features), _epsg_of(content.get("crs")))


def _refuse_too_deep(data: bytes, limit: int) -> None:
    depth = 0
    for match in _STRUCTURE.finditer(data):
        sign = match.group()[:1]
        if sign in b"[{":
            depth += 1
        elif sign in b"]}":
            depth -= 1
        if depth > limit:
            raise unreadable(
                "too_deep",
                _("Filen är nästlad i fler än %(limit)s nivåer.") % {"limit": limit},
                _("Exportera den på nytt som vanlig GeoJSON."),
                row=data.count(b"\n", 0, match.start()) + 1,
            )


def _parse(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text.lstrip("\ufeff"), parse_constant=_no_such_number)
    except json.JSONDecodeError as error:
        is_cut_off = error.pos >= len(text.rstrip()) - 1
        raise unreadable(
            "broken_json",
            _("Filen är avklippt: den slutar mitt i.")
            if is_cut_off
            else _("Filen är inte giltig JSON (rad %(line)s, tecken %(column)s).")
            % {"line": error.lineno, "column": error.colno},
            _("Hämta eller exportera filen på nytt och kontrollera att hela följde med."),
            row=error.lineno,
        ) from error
    except RecursionError as error:
        raise unreadable(
            "too_deep",
            _("Filen är nästlad i för många nivåer."),
            _("Exportera den på nytt som vanlig GeoJSON."),
        ) from error
    if not isinstance(content, dict):
        _refuse_kind()
    return content


def _no_such_number(text: str) -> NoReturn:
    raise unreadable(
        "not_finite",
        _("Filen innehåller %(value)s, som inte är ett tal.") % {"value": text},
        _("Ta bort objekt som saknar läge, eller rätta koordinaten."),
        value=text,
    )


def _features_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    features = [content] if content.get("type") == "Feature" else content.get("features")
    if content.get("type") not in ("Feature", "FeatureCollection") or not isinstance(
        features, list
    ):
        _refuse_kind()
    if not features:
        raise unreadable(
            "empty", _("Filen har inga objekt."), _("Exportera på nytt och kontrollera urvalet.")
        )
    if not all(isinstance(feature, dict) for feature in features):
        _refuse_kind()
    return list(features)


def _refuse_kind() -> NoReturn:
    raise unreadable(
        "not_geojson",
        _("Filen är inte GeoJSON med en samling objekt (FeatureCollection)."),
        _("Exportera från kartprogrammet som GeoJSON."),
    )


def _refuse_too_many_vertices(features: list[dict[str, Any]], limit: int) -> None:
    count = 0
    for number, feature in enumerate(features, start=1):
        geometry = feature.get("geometry")
        if isinstance(geometry, dict):
            count += sum(1 for _position in positions(geometry.get("coordinates")))
        if count > limit:
            raise unreadable(
                "too_many_vertices",
                _("Gränserna har fler än %(limit)s brytpunkter.") % {"limit": limit},
                _("Förenkla gränserna (5–10 meter räcker) eller dela upp filen."),
                row=number,
            )


def positions(coordinates: Any) -> Iterator[list[Any]]:
    """Every position, however deep it lies: a list whose first member is not a list."""
    if isinstance(coordinates, list) and coordinates:
        if isinstance(coordinates[0], list):
            for part in coordinates:
                yield from positions(part)
        else:
            yield coordinates


def _epsg_of(crs: Any) -> int | None:
    """The EPSG code that an old `crs` member names; None where there is none or it is null."""
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    named = properties.get("name", properties.get("code", ""))
    name = f"EPSG:{named}" if isinstance(named, int) else str(named).strip()[:200]
    if _LONGITUDE_FIRST.search(name):
        return WGS84
    match = _AUTHORITY_CODE.search(name)
    epsg = int(match.group(2)) if match else 0
    # Only codes are looked up, never texts or links: pyproj would open files and addresses.
    try:
        system = CRS.from_epsg(epsg)
        if not (system.is_geographic or system.is_projected):
            raise CRSError(name)
    except CRSError as error:
        raise unreadable(
            "unknown_crs",
            _("Koordinatsystemet ”%(name)s” är okänt.") % {"name": name or "?"},
            _("Exportera i SWEREF 99 TM (EPSG:3006) eller WGS 84 (EPSG:4326)."),
            value=name,
        ) from error
    return epsg


def swapped(*, row: int | None, value: str, column: str = "") -> Problem:
    return Problem(
        "swapped_coordinates",
        _("Latitud och longitud verkar ha bytt plats."),
        _("Byt plats på dem. I Sverige är latitud 55–69 och longitud 10–25."),
        row=row,
        column=column,
        value=value,
    )


def metres(*, row: int | None, value: str, column: str = "") -> Problem:
    return Problem(
        "metres_given",
        _("Talen ser ut som meter i SWEREF 99 TM, inte grader."),
        _("Välj koordinatsystemet SWEREF 99 TM, så räknas de om."),
        row=row,
        column=column,
        value=value,
    )
