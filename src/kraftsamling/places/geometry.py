"""Points and polygons: which area, which H3 cell, which square of the metric grid.

Storage is WGS 84 (RFC 7946: longitude first, six decimals); metric work is in SWEREF 99 TM.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import h3
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

H3_RESOLUTION = 9
GRID_METRES = 100
DECIMALS = 6
_METRES_PER_DEGREE = 111_195.0

# Sweden with a margin, for telling swapped or metric coordinates; never for refusing a place.
SWEDEN_LATITUDES = (55.0, 69.3)
SWEDEN_LONGITUDES = (10.3, 24.5)
SWEREF_NORTHINGS = (6_100_000.0, 7_700_000.0)
SWEREF_EASTINGS = (200_000.0, 1_000_000.0)


@dataclass(frozen=True)
class GridCell:
    """A square of 100 × 100 m. `latitude` and `longitude` are its centre, in WGS 84."""

    code: str
    latitude: float
    longitude: float
    easting: int
    northing: int


def h3_cell(latitude: float, longitude: float) -> int:
    """The H3 cell of resolution 9 as a signed 64-bit integer, which both databases can hold."""
    return int(h3.str_to_int(h3.latlng_to_cell(latitude, longitude, H3_RESOLUTION)))


def h3_text(cell: int) -> str:
    """The cell's usual name, such as '8908866c2a3ffff'."""
    text: str = h3.int_to_str(cell)
    return text


@cache
def _to_sweref() -> Transformer:
    return Transformer.from_crs(4326, 3006, always_xy=True)


@cache
def _from_sweref() -> Transformer:
    return Transformer.from_crs(3006, 4326, always_xy=True)


def to_sweref(latitude: float, longitude: float) -> tuple[float, float]:
    """(easting, northing) in metres, SWEREF 99 TM."""
    easting, northing = _to_sweref().transform(longitude, latitude)
    return float(easting), float(northing)


def from_sweref(easting: float, northing: float) -> tuple[float, float]:
    """(latitude, longitude) in degrees, rounded to six decimals."""
    longitude, latitude = _from_sweref().transform(easting, northing)
    return round(float(latitude), DECIMALS), round(float(longitude), DECIMALS)


def many_from_sweref(
    eastings: Sequence[float], northings: Sequence[float]
) -> list[tuple[float, float]]:
    """(latitude, longitude) of many points at once."""
    longitudes, latitudes = _from_sweref().transform(
        np.asarray(eastings, dtype=float), np.asarray(northings, dtype=float)
    )
    return [
        (round(float(latitude), DECIMALS), round(float(longitude), DECIMALS))
        for latitude, longitude in zip(latitudes, longitudes, strict=True)
    ]


def to_wgs84(epsg: int, first: float, second: float) -> tuple[float, float]:
    """(latitude, longitude) of a point given in another system, easting or longitude first."""
    longitude, latitude = transformer(epsg).transform(first, second)
    return round(float(latitude), DECIMALS), round(float(longitude), DECIMALS)


@lru_cache(maxsize=16)
def transformer(epsg: int) -> Transformer:
    """From an EPSG code to WGS 84, longitude first on both sides as in GeoJSON."""
    return Transformer.from_crs(epsg, 4326, always_xy=True)


def grid_cell(latitude: float, longitude: float) -> GridCell:
    """The 100 m square that holds a point: what is kept where a point would be a dwelling."""
    easting, northing = to_sweref(latitude, longitude)
    east = math.floor(easting / GRID_METRES) * GRID_METRES
    north = math.floor(northing / GRID_METRES) * GRID_METRES
    centre = from_sweref(east + GRID_METRES / 2, north + GRID_METRES / 2)
    # Named by its south-west corner, as the European grid names its squares.
    return GridCell(f"100mN{north}E{east}", *centre, easting=east, northing=north)


def metres_between(
    latitude: float, longitude: float, latitudes: NDArray[Any], longitudes: NDArray[Any]
) -> NDArray[Any]:
    """Distances from one point to many, in metres; the plane will do at a city's scale."""
    shrink = math.cos(math.radians(latitude))
    distances: NDArray[Any] = np.hypot(
        (latitudes - latitude) * _METRES_PER_DEGREE,
        (longitudes - longitude) * _METRES_PER_DEGREE * shrink,
    )
    return distances


def is_in_sweden(latitude: float, longitude: float) -> bool:
    return (
        SWEDEN_LATITUDES[0] <= latitude <= SWEDEN_LATITUDES[1]
        and SWEDEN_LONGITUDES[0] <= longitude <= SWEDEN_LONGITUDES[1]
    )


def looks_like_sweref(easting: float, northing: float) -> bool:
    return (
        SWEREF_EASTINGS[0] <= easting <= SWEREF_EASTINGS[1]
        and SWEREF_NORTHINGS[0] <= northing <= SWEREF_NORTHINGS[1]
    )


class AreaIndex:
    """Finds the areas that hold points, many points in one sweep."""

    def __init__(self, areas: Iterable[tuple[int, str, str]]) -> None:
        """`areas` are (id, code, geometry as GeoJSON text)."""
        # In order of code: a point on a border belongs to the lowest code, always the same one.
        ordered = sorted(areas, key=lambda area: area[1])
        self._ids = [area_id for area_id, _code, _geometry in ordered]
        self._shapes = shapely.from_geojson([geometry for _id, _code, geometry in ordered])
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._ids)

    def area_ids(self, latitudes: Sequence[float], longitudes: Sequence[float]) -> list[int | None]:
        """For each point the id of the area that holds it, or None."""
        found: list[int | None] = [None] * len(latitudes)
        if not self._ids or not found:
            return found
        points = shapely.points(np.asarray(longitudes, float), np.asarray(latitudes, float))
        point_numbers, area_numbers = self._tree.query(points, predicate="intersects")
        # Backwards, so that the lowest code is written last and stays.
        for position in np.lexsort((area_numbers, point_numbers))[::-1]:
            found[point_numbers[position]] = self._ids[area_numbers[position]]
        return found

    def metres_to(self, latitudes: Sequence[float], longitudes: Sequence[float]) -> list[float]:
        """For each point how far the nearest area is; 0 inside one, infinite without areas.

        The plane will do: a few per cent off at the distances of neighbouring municipalities.
        """
        return [
            self._metres_to(latitude, longitude)
            for latitude, longitude in zip(latitudes, longitudes, strict=True)
        ]

    def _metres_to(self, latitude: float, longitude: float) -> float:
        if not self._ids:
            return math.inf
        scale = np.array([math.cos(math.radians(latitude)), 1.0]) * _METRES_PER_DEGREE
        point = shapely.Point(longitude * scale[0], latitude * scale[1])
        shapes = shapely.transform(self._shapes, lambda corners: corners * scale)
        return float(shapely.distance(shapes, point).min())
