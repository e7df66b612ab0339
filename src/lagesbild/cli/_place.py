"""At which places events are counted: as given, or in square cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lagesbild.cli._text import number
from lagesbild.events import Events
from lagesbild.kde import Grid

_MANY = 256  # distinct places from which circles around all of them take long
_SIZES = (50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000)
_MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Placed:
    """Events at places, and in words what was done to them."""

    events: Events
    said: str


def at_places(events: Events, cell: float | None) -> Placed:
    """Events at their own places when these are few; else, or when `cell` is given, at cells.

    A cell's place is the mean of its events, so that clusters lie where things happened.
    """
    if cell is None:
        own = _own_places(events)
        if own is not None:
            return own
    grid = covering(events, _fitting(events) if cell is None else cell)
    number_of = cell_numbers(grid, events)
    _, rows = np.unique(number_of, return_inverse=True)
    return Placed(
        replace(events, x=_means(events.x, rows), y=_means(events.y, rows), location=number_of),
        f"Places: {number(rows.max() + 1)} cells of {number(grid.cell)} m (--cell to change).",
    )


def _own_places(events: Events) -> Placed | None:
    if events.location is not None:
        _, rows = np.unique(events.location, return_inverse=True)
        x, y = _means(events.x, rows), _means(events.y, rows)
        if rows.max() < _MANY:
            moved = bool((np.hypot(events.x - x, events.y - y) > 1e-6).any())
            said = ", each at the mean of its events" if moved else ""
            placed = replace(events, x=x, y=y) if moved else events
            return Placed(placed, f"Places: the file's {number(rows.max() + 1)} locations{said}.")
    points = np.unique(np.column_stack([events.x, events.y]), axis=0)
    if len(points) <= _MANY:
        return Placed(replace(events, location=None), f"Places: {number(len(points))} points.")
    return None


def _means(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.asarray((np.bincount(rows, values) / np.bincount(rows))[rows])


def _fitting(events: Events) -> float:
    """The smallest usual size with which there are not too many cells with events."""
    for size in _SIZES:
        corner = np.column_stack([events.x // size, events.y // size])
        if len(np.unique(corner, axis=0)) <= _MANY:
            return float(size)
    return float(_SIZES[-1])


def covering(events: Events, cell: float) -> Grid:
    """Cells over the box of the events, on whole multiples of their size.

    Raises ValueError for more cells than can be worked with.
    """
    if not 0 < cell < np.inf:
        raise ValueError(f"cell: metres above zero wanted, {cell:g} given")
    west, south = (float(np.floor(v.min() / cell) * cell) for v in (events.x, events.y))
    east, north = (float(np.floor(v.max() / cell) * cell + cell) for v in (events.x, events.y))
    if (east - west) * (north - south) / cell**2 > _MOST_CELLS:
        raise ValueError(
            f"cell: {cell:g} m makes more than {number(_MOST_CELLS)} cells of "
            f"{number((east - west) / 1000)} × {number((north - south) / 1000)} km; take a larger "
            "one, or leave out events that lie far away"
        )
    return Grid.covering(west, south, east, north, cell=cell)


def cell_numbers(grid: Grid, events: Events) -> np.ndarray:
    """The cell of each event, row by row from the south-west."""
    column = np.clip((events.x - grid.west) // grid.cell, 0, grid.columns - 1)
    row = np.clip((events.y - grid.south) // grid.cell, 0, grid.rows - 1)
    return np.asarray(row * grid.columns + column, np.int64)


def square(x: float, y: float, cell: float) -> list[tuple[float, float]]:
    """A cell's ring, from its centre."""
    half = cell / 2
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return [(x + across, y + up) for across, up in corners]


def circle(x: float, y: float, radius: float) -> np.ndarray:
    """A ring of 64 points; of a point alone, ten metres around it, so that it can be seen."""
    turn = np.linspace(0, 2 * np.pi, 65)
    around = max(radius, 10.0) * np.column_stack([np.cos(turn), np.sin(turn)])
    return np.asarray(around + np.array([x, y]))
