"""What a density surface is computed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Cells(Protocol):
    """What is needed of a grid."""

    @property
    def west(self) -> float: ...
    @property
    def south(self) -> float: ...
    @property
    def cell(self) -> float: ...
    @property
    def columns(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def x(self) -> Floats: ...
    @property
    def y(self) -> Floats: ...


@dataclass(frozen=True)
class Area:
    """The study area's rectangle."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Problem:
    """Events, bandwidths and grid; `area` None where edges are not corrected."""

    x: Floats
    y: Floats
    weight: Floats
    widths: tuple[float, float]
    is_gaussian: bool
    cells: Cells
    area: Area | None
    by_event: bool
    tolerance: float

    @property
    def height(self) -> float:
        """What one event of weight 1 adds at its own point."""
        area = self.widths[0] * self.widths[1]
        return 1 / (2 * np.pi * area) if self.is_gaussian else 3 / (np.pi * area)

    def only(self, rows: NDArray[np.bool_], factor: float) -> Problem:
        """The events of one class, with its bandwidth."""
        wider = (self.widths[0] * factor, self.widths[1] * factor)
        return replace(self, x=self.x[rows], y=self.y[rows], weight=self.weight[rows], widths=wider)
