"""Maps without a base map: a frame in metres, outlines, a scale bar. North is up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import ArrayLike, NDArray

from lagesbild.plot._sheet import INK, LINE, MUTED, SMALL, WIDTH, Sheet

Floats = NDArray[np.float64]
_LEFT, _BROAD = 10.0, WIDTH - 20.0
_LOWEST, _TALLEST = 190.0, 360.0
SCALE = 26.0  # points that the scale bar takes below the map


@dataclass(frozen=True)
class Ground:
    """What a map shows, west to east and south to north in metres, and how high it is drawn."""

    west: float
    east: float
    south: float
    north: float
    outline: tuple[Floats, ...] = ()

    @classmethod
    def around(
        cls, x: ArrayLike, y: ArrayLike, *, outline: Any = None, air: float = 0.04
    ) -> Ground:
        """All points and outlines, and some air; never higher or lower than a page can bear."""
        rings = rings_of(outline)
        east = np.concatenate([np.ravel(np.asarray(x, float)), *(ring[:, 0] for ring in rings)])
        north = np.concatenate([np.ravel(np.asarray(y, float)), *(ring[:, 1] for ring in rings)])
        broad = max(float(np.ptp(east)), float(np.ptp(north)) * _BROAD / _TALLEST, 1.0)
        high = max(float(np.ptp(north)), broad * _LOWEST / _BROAD)
        broad, high = broad * (1 + 2 * air), high * (1 + 2 * air)
        middle_x, middle_y = (east.max() + east.min()) / 2, (north.max() + north.min()) / 2
        return cls(
            float(middle_x - broad / 2), float(middle_x + broad / 2),
            float(middle_y - high / 2), float(middle_y + high / 2), rings,
        )  # fmt: skip

    @property
    def height(self) -> float:
        """Points of the map itself."""
        return min(_TALLEST, _BROAD * (self.north - self.south) / (self.east - self.west))

    def draw(self, sheet: Sheet, top: float) -> Axes:
        """Axes in metres with the outlines, and a scale bar below."""
        high = self.height
        broad = high * (self.east - self.west) / (self.north - self.south)
        axes = sheet.axes(_LEFT + (_BROAD - broad) / 2, top, broad, high, sides="lbrt")
        axes.set(xlim=(self.west, self.east), ylim=(self.south, self.north), xticks=[], yticks=[])
        for side in axes.spines.values():
            side.set_color(LINE)
        if self.outline:
            axes.add_collection(
                LineCollection(list(self.outline), colors=MUTED, linewidths=0.7, zorder=1.5)
            )
        self._scale(sheet, top + high, _LEFT + (_BROAD - broad) / 2, broad)
        return axes

    def _scale(self, sheet: Sheet, top: float, left: float, broad: float) -> None:
        length = nice(0.3 * (self.east - self.west))
        points = broad * length / (self.east - self.west)
        bar = sheet.axes(left, top + 6, points, 5, sides="lbr")
        bar.set(xticks=[], yticks=[])
        for side in bar.spines.values():
            side.set_color(INK)
        sheet.text(left + points + 6, top + 12, sheet.words.metres(length), fontsize=SMALL)
        sheet.text(left + broad, top + 12, "N ↑", fontsize=SMALL, ha="right")


def nice(length: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is no longer."""
    power = 10.0 ** np.floor(np.log10(length))
    return float(
        max(step * power for step in (1.0, 2.0, 5.0) if step * power <= length * (1 + 1e-9))
    )


def rings_of(outline: Any) -> tuple[Floats, ...]:
    """Rings (n, 2) from arrays, shapely geometries or GeoJSON geometries, one or several.

    Raises ValueError for anything else.
    """
    if outline is None:
        return ()
    geometry = getattr(outline, "__geo_interface__", outline)
    if isinstance(geometry, dict):
        return tuple(_ring(ring) for ring in _geojson(geometry))
    if isinstance(geometry, np.ndarray) and geometry.ndim == 2:
        return (_ring(geometry),)
    if isinstance(geometry, Sequence | np.ndarray) and not isinstance(geometry, str):
        return tuple(ring for part in geometry for ring in rings_of(_as_array(part)))
    raise ValueError(
        f"outline: rings of (x, y) or geometries wanted, {type(outline).__name__} given"
    )


def _as_array(part: Any) -> Any:
    if hasattr(part, "__geo_interface__") or isinstance(part, dict):
        return part
    return np.asarray(part, float)


def _ring(points: Any) -> Floats:
    ring = np.asarray(points, float)
    if ring.ndim != 2 or ring.shape[1] < 2:
        raise ValueError(f"outline: rings (n, 2) wanted, {ring.shape} given")
    return ring[:, :2]


def _geojson(geometry: dict[str, Any]) -> Iterable[Any]:
    """Rings and lines; collections are gone through."""
    kind = geometry.get("type")
    within = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
    if kind in within:
        return [ring for part in geometry[within[kind]] for ring in _geojson(part)]
    if kind == "Feature":
        return _geojson(geometry["geometry"])
    if kind == "MultiPolygon":
        return [ring for polygon in geometry["coordinates"] for ring in polygon]
    if kind in ("Polygon", "MultiLineString"):
        return list(geometry["coordinates"])
    if kind == "LineString":
        return [geometry["coordinates"]]
    raise ValueError(f"outline: areas or lines wanted, {kind!r} given")
