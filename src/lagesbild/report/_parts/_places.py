"""Where does most happen?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lagesbild import hotspots, kde, neighbours
from lagesbild.events import Events
from lagesbild.report._parts._frame import FEWEST_FOR_PLACES, Floats, Frame, Ints, Reason

_CELLS = (
    *(25.0, 50.0, 100.0, 150.0, 250.0, 350.0, 500.0, 750.0),
    *(1000.0, 1500.0, 2000.0, 3000.0, 5000.0),
)
_EVENTS_A_CELL = 5.0


@dataclass(frozen=True, eq=False)
class Places:
    """The last year on a grid: cells where something was ever reported, and those next to them."""

    cell_m: float
    x: Floats
    y: Floats
    counts: Floats
    result: hotspots.Hotspots


def cell_size(x: Floats, y: Floats) -> float:
    """The smallest round size whose cells have five events and a place, where most are."""
    low, high = np.quantile(np.column_stack([x, y]), [0.005, 0.995], axis=0)
    area = float(np.prod(np.maximum(high - low, 1.0)))
    spots = np.unique(np.round(x) + 1j * np.round(y)).size
    wanted = np.sqrt(area / min(x.size / _EVENTS_A_CELL, spots))
    return next((size for size in _CELLS if size >= wanted), _CELLS[-1])


def places(data: Frame, seed: int) -> Places | Reason:
    events = data.recent
    if len(events) < FEWEST_FOR_PLACES:
        return Reason("places.few", (("n", len(events)), ("least", FEWEST_FOR_PLACES)))
    size = cell_size(events.x, events.y)
    column, row, spot = _cells(data.events, events, size)
    if column.size < 10:
        return Reason("places.narrow", (("cells", column.size),))
    counts = np.bincount(spot, minlength=column.size).astype(np.float64)
    if np.ptp(counts) == 0:
        return Reason("places.even")
    x, y = centres(column, size), centres(row, size)
    result = hotspots.getis_ord(
        counts,
        neighbours.by_distance(column.astype(float), row.astype(float), radius=1.5),
        permutations=max(9_999, 10 * column.size),
        permute="all",
        alternative="greater",
        seed=seed,
    )
    return Places(size, x, y, counts, result)


def _cells(every: Events, recent: Events, size: float) -> tuple[Ints, Ints, Ints]:
    """Column and row of each cell that counts, and the cell of each recent event."""
    known = np.unique(np.column_stack(grid_numbers(every, size)), axis=0)
    steps = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)])
    cells = np.unique((known[:, None, :] + steps).reshape(-1, 2), axis=0)
    low = cells.min(axis=0)
    span = int(np.ptp(cells[:, 1])) + 1
    keys = (cells[:, 0] - low[0]) * span + cells[:, 1] - low[1]
    column, row = grid_numbers(recent, size)
    spot = np.searchsorted(keys, (column - low[0]) * span + row - low[1])
    return cells[:, 0], cells[:, 1], spot.astype(np.int64)


def grid_numbers(events: Events, size: float) -> tuple[Ints, Ints]:
    return (
        np.floor(events.x / size).astype(np.int64),
        np.floor(events.y / size).astype(np.int64),
    )


def centres(number: Ints, size: float) -> Floats:
    return np.asarray((number + 0.5) * size, np.float64)


def density(data: Frame) -> kde.Density | Reason:
    """A surface over where events usually are."""
    events = data.recent
    if len(events) < FEWEST_FOR_PLACES:
        return Reason("places.few", (("n", len(events)), ("least", FEWEST_FOR_PLACES)))
    size = cell_size(events.x, events.y)
    low, high = np.quantile(np.column_stack([events.x, events.y]), [0.005, 0.995], axis=0)
    if (high - low).min() <= 0:
        return Reason("places.narrow", (("cells", 1),))
    air = 2 * size
    west, south, east, north = (low[0] - air, low[1] - air, high[0] + air, high[1] + air)
    cell = max(size / 4, float(max(east - west, north - south)) / 300)
    grid = kde.Grid.covering(float(west), float(south), float(east), float(north), cell=cell)
    return kde.density(events, bandwidth=1.5 * size, grid=grid)
