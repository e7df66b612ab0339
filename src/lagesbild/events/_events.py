"""Events: what happened, where and when, as columns.

Coordinates are metres (SWEREF 99 TM, EPSG:3006, or any metric plane); times are numpy datetime64
in local time without a zone. An event known only within an interval has `start` < `end`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import finite, rows_where, same_length
from lagesbild._results import fingerprint

_SWEREF_99_TM = "EPSG:3006"
_WGS_84 = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Events:
    """n events as columns, each of shape (n,).

    x, y        metres, east and north
    start, end  datetime64; `end` None: the moment is known
    category    any labels; weight  zero or more; location  ids of places that repeat
    excluded    rows that a reader left out, counted by reason

    Raises ValueError naming the column and rows for lengths that differ, values that are not
    finite, `end` before `start`, negative weights, or coordinates that are degrees within Sweden;
    warns when they may be degrees elsewhere.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64] | None = None
    category: NDArray[Any] | None = None
    weight: NDArray[np.float64] | None = None
    location: NDArray[Any] | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        # In one piece each: columns of a table read twice as slowly, and compile loops anew.
        set_field(self, "x", np.ascontiguousarray(finite("x", self.x)))
        set_field(self, "y", np.ascontiguousarray(finite("y", self.y)))
        set_field(self, "start", _times("start", self.start))
        if self.end is not None:
            set_field(self, "end", _times("end", self.end))
        if self.weight is not None:
            set_field(self, "weight", finite("weight", self.weight))
        for name in ("category", "location"):
            if getattr(self, name) is not None:
                set_field(self, name, np.asarray(getattr(self, name)))
        same_length(
            x=self.x, y=self.y, start=self.start, end=self.end, category=self.category,
            weight=self.weight, location=self.location,
        )  # fmt: skip
        self._check_values()
        for name in ("x", "y", "start", "end", "category", "weight", "location"):
            column = getattr(self, name)
            if column is not None:
                view = column.view()
                view.flags.writeable = False
                set_field(self, name, view)

    def _check_values(self) -> None:
        if self.end is not None and (reversed_ := self.end < self.start).any():
            raise ValueError(f"end: before start in {rows_where(reversed_)}")
        if self.weight is not None and (negative := self.weight < 0).any():
            raise ValueError(f"weight: negative in {rows_where(negative)}")
        if len(self) and _in_sweden_by_degrees(self.x, self.y):
            raise ValueError(
                "x, y: these are degrees of longitude and latitude, not metres; "
                "use Events.from_lonlat(...)"
            )
        if len(self) > 1 and _may_be_degrees(self.x, self.y):
            warnings.warn(
                "x, y: these may be degrees, not metres; then use Events.from_lonlat(...)",
                stacklevel=4,
            )

    def __len__(self) -> int:
        return int(self.x.shape[0])

    @property
    def fingerprint(self) -> str:
        """The same for the same columns, whatever they were read from."""
        return fingerprint(
            self.x, self.y, self.start, self.end, self.category, self.weight, self.location
        )

    @property
    def weights(self) -> NDArray[np.float64]:
        """`weight`, or ones."""
        return np.ones(len(self)) if self.weight is None else self.weight

    def take(self, rows: NDArray[Any]) -> Events:
        """The events in `rows`: a mask or indices."""
        columns = {
            name: None if getattr(self, name) is None else getattr(self, name)[rows]
            for name in ("x", "y", "start", "end", "category", "weight", "location")
        }
        return Events(**columns, excluded=self.excluded)  # type: ignore[arg-type]

    @classmethod
    def read(cls, path: str | os.PathLike[str], **options: Any) -> Events:
        """The events of a CSV, Parquet or GeoJSON file; `excluded` counts the rows left out.

        Options and errors as in `lagesbild.events.read`, which tells more about what was read.
        """
        from lagesbild.events._reading import read  # Polars: only when a file is read

        return read(path, **options).events

    @classmethod
    def from_lonlat(cls, longitude: ArrayLike, latitude: ArrayLike, **columns: Any) -> Events:
        """Events from WGS 84 degrees, projected to SWEREF 99 TM.

        Raises ValueError for degrees outside their range, and warns when the two seem swapped.
        """
        from pyproj import Transformer  # heavy, and only needed here

        lon, lat = finite("longitude", longitude), finite("latitude", latitude)
        for name, values, bound in (("longitude", lon, 180), ("latitude", lat, 90)):
            if (outside := np.abs(values) > bound).any():
                raise ValueError(f"{name}: outside ±{bound} in {rows_where(outside)}")
        if lon.size and np.median(lon) > 50 and 8 < np.median(lat) < 26:
            warnings.warn(
                "longitude, latitude: for places in Sweden these seem to be swapped", stacklevel=2
            )
        transformer = Transformer.from_crs(_WGS_84, _SWEREF_99_TM, always_xy=True)
        x, y = transformer.transform(lon, lat)
        return cls(x=x, y=y, **columns)


def _times(name: str, values: ArrayLike) -> NDArray[np.datetime64]:
    array = np.asarray(values)
    if array.dtype.kind != "M":
        if array.dtype.kind == "O" and any(getattr(v, "tzinfo", None) for v in array.ravel()):
            raise ValueError(
                f"{name}: times with a zone; convert them to local time and drop the zone first"
            )
        try:
            array = array.astype("datetime64[s]")
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: not times ({error})") from error
    if array.ndim != 1:
        raise ValueError(f"{name}: 1 dimension wanted, {array.ndim} given")
    missing = np.isnat(array)
    if missing.any():
        raise ValueError(f"{name}: missing in {rows_where(missing)}")
    return array.astype("datetime64[s]") if array.dtype != "datetime64[s]" else array


def _in_sweden_by_degrees(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """All within Sweden's longitudes and latitudes, in either order: no metric plane has that."""
    for east, north in ((x, y), (y, x)):
        if east.min() > 10 and east.max() < 25 and north.min() > 55 and north.max() < 70:
            return True
    return False


def _may_be_degrees(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """All within ±180/±90, with fractions, less than 10 apart, and beyond the unit square."""
    if np.abs(x).max() > 180 or np.abs(y).max() > 90:
        return False
    spread = max(float(np.ptp(x)), float(np.ptp(y)))
    has_fractions = bool((x != np.floor(x)).any() and (y != np.floor(y)).any())
    is_beyond_unit = max(float(np.abs(x).max()), float(np.abs(y).max())) > 10
    return 0 < spread < 10 and has_fractions and is_beyond_unit
