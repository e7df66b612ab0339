"""From whatever coordinates a file has to metres, and which they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SWEREF_99_TM, WGS_84, RT_90 = 3006, 4326, 3021
Floats = NDArray[np.float64]
_SWEDEN = (8.0, 26.0, 54.0, 70.0)  # degrees: west, east, south, north
_NORTH, _EAST, _RT_EAST = (6.0e6, 7.8e6), (2.0e5, 1.1e6), (1.1e6, 1.95e6)


@dataclass(frozen=True)
class Placed:
    """Metres, the plane they are in, which rows have none (and why), and what was noticed."""

    x: Floats
    y: Floats
    crs: str
    epsg: int | None
    bad: dict[str, NDArray[np.bool_]]
    notes: tuple[str, ...]


def placed(x: Floats, y: Floats, *, crs: int | None, are_degrees: bool) -> Placed:
    """x, y in metres. `crs`: an EPSG code, said by somebody; `are_degrees`: so the names say."""
    notes: list[str] = []
    zero = (x == 0) & (y == 0)  # what a register writes that does not know the place
    if crs is None:
        crs, swapped, notes = _guessed(x[~zero], y[~zero], are_degrees)
        if swapped:
            x, y = y, x
    bad = {}
    if crs == WGS_84:
        outside = (np.abs(x) > 180) | (np.abs(y) > 90)
        bad["outside ±180 or ±90 degrees"] = outside
    if crs is None:
        return Placed(x, y, "metres as given", None, bad, tuple(notes))
    if zero.any():
        bad["coordinates 0, 0"] = zero
    good = ~np.logical_or.reduce([*bad.values(), np.zeros(x.size, bool)])
    if crs == SWEREF_99_TM:
        return Placed(x, y, "SWEREF 99 TM (EPSG:3006)", crs, bad, tuple(notes))
    target, name = _target(x[good], y[good], crs)
    east, north = np.full(x.size, np.nan), np.full(y.size, np.nan)
    east[good], north[good] = _projected(x[good], y[good], crs, target)
    lost = good & ~(np.isfinite(east) & np.isfinite(north))
    if lost.any():
        bad[f"outside of EPSG:{crs}"] = lost
    return Placed(east, north, f"EPSG:{crs}, projected to {name}", target, bad, tuple(notes))


def _guessed(x: Floats, y: Floats, are_degrees: bool) -> tuple[int | None, bool, list[str]]:
    """The code or None for a metric plane unknown, whether x and y are swapped, and why."""
    if not x.size:
        return (WGS_84 if are_degrees else None), False, []
    middle = float(np.median(x)), float(np.median(y))
    on_globe = bool(np.median(np.abs(x)) <= 180 and np.median(np.abs(y)) <= 90)
    if are_degrees:
        return WGS_84, *_named_degrees(*middle, on_globe)
    if on_globe and (x != np.floor(x)).mean() > 0.5:
        return _unnamed_degrees(*middle)
    return _metres(*middle)


def _named_degrees(x: float, y: float, on_globe: bool) -> tuple[bool, list[str]]:
    if not on_globe and not _in_sweden(y, x):
        raise ValueError(
            "columns: longitude and latitude by their names, and not by their values (median "
            f"{x:g}, {y:g}); name them x and y, or give crs"
        )
    if _in_sweden(y, x):
        return True, ["Longitude and latitude were swapped; taken the other way about."]
    return False, []


def _unnamed_degrees(x: float, y: float) -> tuple[int | None, bool, list[str]]:
    for east, north, swapped in ((x, y, False), (y, x, True)):
        if _in_sweden(east, north):
            said = ", y being the longitude" if swapped else ""
            return WGS_84, swapped, [f"x and y are degrees, not metres: read as WGS 84{said}."]
    return None, False, []


def _metres(x: float, y: float) -> tuple[int | None, bool, list[str]]:
    for east, north, swapped in ((x, y, False), (y, x, True)):
        if not _within(north, _NORTH):
            continue
        said = ["x is the northing here, as Swedish surveyors have it; swapped."] if swapped else []
        if _within(east, _EAST):
            return SWEREF_99_TM, swapped, said
        if _within(east, _RT_EAST):
            return RT_90, swapped, [*said, "These metres look like RT 90 2.5 gon V: read as such."]
    return None, False, []


def _within(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]


def _in_sweden(longitude: float, latitude: float) -> bool:
    west, east, south, north = _SWEDEN
    return west < longitude < east and south < latitude < north


def _target(x: Floats, y: Floats, crs: int) -> tuple[int, str]:
    """SWEREF 99 TM for what lies in Sweden, elsewhere the UTM zone: metres true within 0.1 %."""
    if not x.size:
        return SWEREF_99_TM, "SWEREF 99 TM (EPSG:3006)"
    middle = (np.array([np.median(x)]), np.array([np.median(y)]))
    longitude, latitude = middle if crs == WGS_84 else _projected(*middle, crs, WGS_84)
    if not (np.isfinite(longitude[0]) and np.isfinite(latitude[0])):
        raise ValueError(f"crs: these coordinates are not in EPSG:{crs}")
    if _in_sweden(float(longitude[0]), float(latitude[0])):
        return SWEREF_99_TM, "SWEREF 99 TM (EPSG:3006)"
    zone = int((longitude[0] + 180) // 6) % 60 + 1
    code = (32600 if latitude[0] >= 0 else 32700) + zone
    return code, f"UTM zone {zone} (EPSG:{code})"


def _projected(x: Floats, y: Floats, source: int, target: int) -> tuple[Floats, Floats]:
    from pyproj import Transformer  # heavy, and not needed for metres
    from pyproj.exceptions import CRSError

    try:
        transformer = Transformer.from_crs(source, target, always_xy=True)
    except CRSError as error:
        raise ValueError(f"crs: EPSG:{source} is not known") from error
    east, north = transformer.transform(x, y)
    return np.asarray(east, np.float64), np.asarray(north, np.float64)


def epsg(crs: int | str | None) -> int | None:
    """3006, '3006' or 'EPSG:3006' as a number. Raises ValueError otherwise."""
    if crs is None:
        return None
    text = str(crs).upper().removeprefix("EPSG:").strip()
    if not text.isdigit():
        raise ValueError(f"crs: an EPSG code such as 3006 wanted, {crs!r} given")
    return int(text)
