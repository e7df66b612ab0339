"""Points of a GeoJSON file as the rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.problems import unreadable
from kraftsamling.kit.tabular.table import Limits, Table, to_table
from kraftsamling.places import geometry
from kraftsamling.places.imports.geojson import WGS84, GeoJsonLimits, read_features


def table_from_geojson(data: bytes, limits: Limits) -> Table:
    """Points and their properties as a table whose coordinates are in WGS 84 or SWEREF 99 TM."""
    found = read_features(data, limits=GeoJsonLimits(bytes=limits.bytes, vertices=limits.rows * 2))
    names = list(
        dict.fromkeys(
            str(name)
            for feature in found.features
            if isinstance(feature.get("properties"), dict)
            for name in feature["properties"]
        )
    )
    names = [name for name in names if name.lower() not in ("latitude", "longitude")]
    header = [*names, "latitude", "longitude"]
    rows = [
        (number, [*_properties(feature, names), *_point(feature, found.epsg)])
        for number, feature in enumerate(found.features, start=1)
    ]
    if not any(cell.strip() for _number, cells in rows for cell in cells):
        raise unreadable(
            "empty",
            _("Inget objekt i filen har ett läge."),
            _("Varje plats ska vara en punkt med namn och slag. Exportera kartlagret på nytt."),
        )
    return to_table([(0, header), *rows], limits=limits, format="geojson")


def _properties(feature: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    return ["" if properties.get(name) is None else _plain(properties[name]) for name in names]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(value)


def _point(feature: Mapping[str, Any], epsg: int | None) -> tuple[str, str]:
    """(latitude, longitude) as text; what is no point comes out empty and is refused by row."""
    shape = feature.get("geometry")
    coordinates = shape.get("coordinates") if isinstance(shape, dict) else None
    is_point = isinstance(shape, dict) and shape.get("type") == "Point"
    if not is_point or not isinstance(coordinates, list) or len(coordinates) < 2:
        return "", ""
    first, second = coordinates[:2]
    if not all(isinstance(c, int | float) and not isinstance(c, bool) for c in (first, second)):
        return _plain(second), _plain(first)
    if epsg in (None, WGS84):
        return str(second), str(first)
    latitude, longitude = geometry.to_wgs84(epsg, float(first), float(second))
    return str(latitude), str(longitude)
