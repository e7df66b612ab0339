"""The density of events, with its basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import finite, one_of
from lagesbild._results import Basis, Result
from lagesbild._results import fingerprint as fingerprint_of
from lagesbild.events import Events
from lagesbild.kde import _surface as surface
from lagesbild.kde._bandwidth import Rule, bandwidth_of
from lagesbild.kde._grid import Grid, grid_of
from lagesbild.kde._problem import Area, Problem

Kernel = Literal["gaussian", "quartic"]
Edges = bool | Literal["uniform", "diggle"]
_STEP = np.log(1.05)  # adaptive bandwidths are rounded to classes 5 % apart
_EXTREMES = (0.1, 10.0)  # how far an adaptive bandwidth may be from the one given
TOLERANCE = 1e-3


@dataclass(frozen=True, kw_only=True)
class Density(Result):
    """Events (or weight) per square metre.

    values       (rows, columns) at the cells' centres, the first row in the south
    grid         the cells; with edge correction they are the study area
    bandwidth    (east, north) metres: a Gaussian's standard deviation, a quartic's radius
    at           (m,) the exact sum at the points asked for; NaN where edge correction has no
                 answer, outside the study area
    error_bound  no value differs more than this from the exact sum, as a share of the surface's
                 peak
    total        the weight of the events that count
    outside      events left out because they lie outside the study area
    factors      (n,) what each event's bandwidth is multiplied by, when adaptive
    """

    values: NDArray[np.float64]
    grid: Grid
    bandwidth: tuple[float, float]
    at: NDArray[np.float64] | None
    error_bound: float
    total: float
    outside: int
    factors: NDArray[np.float64] | None

    @property
    def per_km2(self) -> NDArray[np.float64]:
        """`values` as events per square kilometre."""
        return self.values * 1e6

    @property
    def x(self) -> NDArray[np.float64]:
        return self.grid.x

    @property
    def y(self) -> NDArray[np.float64]:
        return self.grid.y


def density(
    events: Events,
    *,
    bandwidth: Rule | float | tuple[float, float] = "scott",
    grid: Any,
    kernel: Kernel = "gaussian",
    adaptive: bool = False,
    edge_correction: Edges = True,
    at: ArrayLike | None = None,
) -> Density:
    """The density of events on a grid, and exactly at points.

    bandwidth  metres, one or (east, north): the standard deviation of a Gaussian, the radius of a
               quartic. 'scott' and 'silverman' are the rules of thumb (in the plane they are the
               same, n^(-1/6) standard deviations each way, and smooth several centres too much);
               'cv' maximises the leave-one-out likelihood, on at most 2,000 events evenly taken
               and scaled to the number there are
    grid       a `Grid`; a cell's size in metres (the events' box, widened by the kernel's reach
               where edges are not corrected); (west, south, east, north, cell); or the centres
               (x, y), evenly spaced
    adaptive   Abramson's square root law: bandwidths vary as density^(-1/2) of a first surface,
               in classes 5 % apart, between a tenth and ten times the one given
    edge_correction  True or 'uniform': divided by the share of the kernel that lies within the
               grid's rectangle, right on average where the density is level; 'diggle': each
               event's own share, so that the surface integrates to the weight; False: none.
               With correction, events outside the rectangle are left out and counted
    at         (m, 2) points where the sum is computed exactly

    `error_bound` is at most 1e-3: events are summed one by one where that is cheap, else spread
    over nodes by cubic interpolation, as fine as the bound demands, and filtered.

    Raises ValueError for an unknown name, a bandwidth that is not above zero, a rule of thumb
    without spread in the data, or a grid that cannot be understood.
    """
    one_of("kernel", kernel, ("gaussian", "quartic"))
    edges = _edges(edge_correction)
    points = None if at is None else _points(at)
    is_needed = isinstance(bandwidth, str) or not isinstance(grid, Grid | tuple | list)
    if is_needed and not len(events):
        raise ValueError("events: none, so neither a bandwidth nor a study area follows from them")
    widths = bandwidth_of(events, bandwidth, kernel)
    cells = grid_of(grid, events, widths, kernel, edges)
    inside = _inside(cells, events) if edges else None
    x, y, weight = events.x, events.y, _weights(events)
    if inside is not None:
        x, y, weight = x[inside], y[inside], weight[inside]
    area = Area(cells.west, cells.south, cells.east, cells.north) if edges else None
    problem = Problem(
        x=x, y=y, weight=weight, widths=widths, is_gaussian=kernel == "gaussian", cells=cells,
        area=area, by_event=edges == "diggle", tolerance=TOLERANCE,
    )  # fmt: skip
    factors = _abramson(problem) if adaptive else None
    values, bound = surface.on_grid(problem, factors)
    return Density(
        basis=Basis(
            method=f"kernel density, {kernel}",
            parameters={
                "bandwidth": bandwidth if isinstance(bandwidth, str) else list(widths),
                "bandwidth_m": list(widths),
                "kernel": kernel,
                "adaptive": adaptive,
                "edge_correction": edges,
                "cell_m": cells.cell,
            },
            n=len(events),
            fingerprint=fingerprint_of(events.x, events.y, events.weight),
        ),
        values=values,
        grid=cells,
        bandwidth=widths,
        at=None if points is None else surface.at_points(problem, factors, points),
        error_bound=bound,
        total=float(weight.sum()),
        outside=len(events) - x.size,
        factors=_all_factors(factors, inside),
    )


def _weights(events: Events) -> NDArray[np.float64]:
    """A million ones that take no memory: to fill it would cost a tenth of the whole."""
    return np.broadcast_to(np.float64(1), len(events)) if events.weight is None else events.weight


def _edges(given: Edges) -> str | None:
    if isinstance(given, bool | np.bool_):
        return "uniform" if given else None
    return one_of("edge_correction", given, ("uniform", "diggle"))


def _points(at: ArrayLike) -> NDArray[np.float64]:
    points = np.asarray(at, dtype=np.float64)
    points = finite("at", points[None] if points.ndim == 1 else points, dimensions=2)
    if points.shape[1] != 2:
        raise ValueError(f"at: (m, 2) wanted, {points.shape} given")
    return points


def _all_factors(
    factors: NDArray[np.float64] | None, inside: NDArray[np.bool_] | None
) -> NDArray[np.float64] | None:
    if factors is None or inside is None:
        return factors
    every = np.full(inside.size, np.nan)
    every[inside] = factors
    return every


def _inside(cells: Grid, events: Events) -> NDArray[np.bool_] | None:
    """Which events lie within the grid; None when all do, the usual case, spares three copies."""
    if not len(events):
        return None
    ends_x = np.array([events.x.min(), events.x.max()])
    ends_y = np.array([events.y.min(), events.y.max()])
    return None if cells.holds(ends_x, ends_y).all() else cells.holds(events.x, events.y)


def _abramson(problem: Problem) -> NDArray[np.float64]:
    """Each event's factor, from a first surface at its cell; the geometric mean is one."""
    first, _ = surface.on_grid(problem, None)
    cells = problem.cells
    column = np.clip(((problem.x - cells.west) / cells.cell).astype(np.int64), 0, cells.columns - 1)
    row = np.clip(((problem.y - cells.south) / cells.cell).astype(np.int64), 0, cells.rows - 1)
    height = np.maximum(first[row, column], 1e-300)
    level = np.log(height)
    if problem.weight.sum() <= 0:
        return np.ones(problem.x.size)
    middle = float(np.average(level, weights=problem.weight))
    logarithm = np.clip(-0.5 * (level - middle), *np.log(_EXTREMES))
    return np.asarray(np.exp(np.round(logarithm / _STEP) * _STEP), np.float64)
