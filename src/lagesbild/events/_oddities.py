"""Places and days far from all others: kept, for they may be true, and told of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.events._events import Events

_SWEDEN_EAST, _SWEDEN_NORTH = (2.0e5, 1.0e6), (6.1e6, 7.7e6)  # SWEREF 99 TM, metres
_SWEREF = 3006
_FEWEST, _MOST_SHARE, _SHOWN = 8, 0.02, 3
# Beyond the middle half, in its own lengths; of places more, as towns lie far apart.
_TIMES_TIME, _TIMES_PLACE = 3, 50
_HALF_A_YEAR, _FAR_M = 180 * 86_400.0, 50_000.0


def oddities(events: Events, rows: NDArray[Any], epsg: int | None) -> list[str]:
    """Sentences on events outside Sweden, or far from the rest, in space and in time.

    rows  the file's number of each event's row
    """
    notes = []
    outside = np.zeros(len(events), bool)
    if epsg == _SWEREF:
        for values, (low, high) in ((events.x, _SWEDEN_EAST), (events.y, _SWEDEN_NORTH)):
            outside |= (values < low) | (values > high)
    if outside.any():
        notes.append(f"{_lie(outside, 'outside Sweden', rows)}. Are the coordinates right?")
    far = (_far(events.x, _FAR_M, _TIMES_PLACE) | _far(events.y, _FAR_M, _TIMES_PLACE)) & ~outside
    if _is_odd(far):
        notes.append(f"{_lie(far, 'far from the rest', rows)}. Are the coordinates right?")
    late = _far(events.start.astype(np.int64).astype(float), _HALF_A_YEAR, _TIMES_TIME)
    if _is_odd(late):
        days = ", ".join(str(day)[:10] for day in events.start[late][:_SHOWN])
        count = int(late.sum())
        notes.append(
            f"{count} {'dates are' if count > 1 else 'date is'} far from the rest ({days}"
            f"{', ...' if count > _SHOWN else ''}): look at a period without (--since, --until), "
            "or what is last or first is not what you mean."
        )
    return notes


def _far(values: NDArray[np.float64], least: float, times: float) -> NDArray[np.bool_]:
    low, high = np.quantile(values, (0.25, 0.75))
    margin = max(least, times * float(high - low))
    return np.asarray((values < low - margin) | (values > high + margin))


def _is_odd(far: NDArray[np.bool_]) -> bool:
    """A few of many; where they are many, they are no mistake of the pen."""
    count = int(far.sum())
    return far.size >= _FEWEST and 0 < count <= max(2, _MOST_SHARE * far.size)


def _lie(found: NDArray[np.bool_], where: str, rows: NDArray[Any]) -> str:
    count = int(found.sum())
    shown = ", ".join(str(row) for row in rows[found][:_SHOWN].tolist())
    of = f"row{'s' if count > 1 else ''} {shown}{', ...' if count > _SHOWN else ''}"
    return f"{count} {'events lie' if count > 1 else 'event lies'} {where} ({of})"
