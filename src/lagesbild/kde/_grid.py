"""The cells of a density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._checks import at_least, finite, positive
from lagesbild.events import Events

_LARGEST = 100_000_000  # cells


@dataclass(frozen=True)
class Grid:
    """Square cells: `columns` from `west` eastwards, `rows` from `south` northwards, in metres.

    Raises ValueError for a cell that is not above zero, or none or too many of them.
    """

    west: float
    south: float
    cell: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        for name in ("west", "south"):
            if not np.isfinite(getattr(self, name)):
                raise ValueError(f"grid.{name}: not finite")
        positive("grid.cell", self.cell)
        at_least("grid.columns", self.columns, 1)
        at_least("grid.rows", self.rows, 1)
        if self.columns * self.rows > _LARGEST:
            raise ValueError(
                f"grid: {self.columns} × {self.rows} cells are more than {_LARGEST}; "
                "choose larger cells"
            )

    @classmethod
    def covering(cls, west: float, south: float, east: float, north: float, *, cell: float) -> Grid:
        """The fewest whole cells that cover a rectangle, from its south-west corner."""
        size = positive("cell", cell)
        if not (east >= west and north >= south):
            raise ValueError("grid: west, south, east, north wanted, in this order")
        columns, rows = (max(1, int(np.ceil(length / size - 1e-9)))
                         for length in (east - west, north - south))  # fmt: skip
        return cls(float(west), float(south), size, columns, rows)

    @property
    def east(self) -> float:
        return self.west + self.columns * self.cell

    @property
    def north(self) -> float:
        return self.south + self.rows * self.cell

    @property
    def x(self) -> NDArray[np.float64]:
        """The columns' centres."""
        return np.asarray(self.west + (np.arange(self.columns) + 0.5) * self.cell, np.float64)

    @property
    def y(self) -> NDArray[np.float64]:
        """The rows' centres."""
        return np.asarray(self.south + (np.arange(self.rows) + 0.5) * self.cell, np.float64)

    def holds(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie within, its border included."""
        across = (x >= self.west) & (x <= self.east)
        return np.asarray(across & (y >= self.south) & (y <= self.north))


def grid_of(
    given: Any, events: Events, widths: tuple[float, float], kernel: str, edges: str | None
) -> Grid:
    if isinstance(given, Grid):
        return given
    if np.ndim(given) == 0 and not isinstance(given, str | type(None)):
        reach = (0.0 if edges else 3.0 if kernel == "gaussian" else 1.0)  # fmt: skip
        wide, high = reach * widths[0], reach * widths[1]
        return Grid.covering(
            float(events.x.min()) - wide, float(events.y.min()) - high,
            float(events.x.max()) + wide, float(events.y.max()) + high,
            cell=positive("grid", float(given)),
        )  # fmt: skip
    if isinstance(given, tuple | list) and len(given) == 5:
        west, south, east, north, cell = (float(value) for value in given)
        return Grid.covering(west, south, east, north, cell=cell)
    if isinstance(given, tuple | list) and len(given) == 2:
        return _from_centres(finite("grid x", given[0]), finite("grid y", given[1]))
    raise ValueError(
        "grid: a Grid, a cell's size in metres, (west, south, east, north, cell), or the centres "
        f"(x, y) wanted, {given!r} given"
    )


def _from_centres(x: NDArray[np.float64], y: NDArray[np.float64]) -> Grid:
    steps = np.concatenate([np.diff(x), np.diff(y)])
    if steps.size == 0 or steps.min() <= 0 or np.ptp(steps) > 1e-6 * steps.mean():
        raise ValueError("grid: centres must rise in even steps, the same in both directions")
    cell = float(steps.mean())
    return Grid(float(x[0]) - cell / 2, float(y[0]) - cell / 2, cell, x.size, y.size)
