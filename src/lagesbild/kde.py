"""Kernel density: how thickly do events lie, everywhere?

Sources: Silverman (1986), Density Estimation, ch. 4-5 (rules of thumb, kernels, Abramson's square
root law); Scott (1992), Multivariate Density Estimation; Diggle (1985), Appl Stat 34:138 and Jones
(1993), Stat Comput 3:135 (edges); Abramson (1982), Ann Stat 10:1217; Davies & Baddeley (2018),
Stat Comput 28:937 (classes of bandwidths); Hall & Robinson (2009), Biometrika 96:175
(cross-validation on a part of the data).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _kde_surface as surface
from lagesbild._checks import at_least, finite, one_of, positive
from lagesbild._results import Basis, Result
from lagesbild._results import fingerprint as fingerprint_of
from lagesbild.events import Events

Kernel = Literal["gaussian", "quartic"]
Rule = Literal["scott", "silverman", "cv"]
Edges = bool | Literal["uniform", "diggle"]
_LARGEST = 100_000_000  # cells
_VALIDATED = 2_000  # events that cross-validation looks at; its work grows with their square
_QUARTIC_WIDTH = float(np.sqrt(8))  # a quartic kernel of this radius has standard deviation 1
_STEP = np.log(1.05)  # adaptive bandwidths are rounded to classes 5 % apart
_EXTREMES = (0.1, 10.0)  # how far an adaptive bandwidth may be from the one given
TOLERANCE = 1e-3


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
    widths = _bandwidth(events, bandwidth, kernel)
    cells = _grid(grid, events, widths, kernel, edges)
    inside = _inside(cells, events) if edges else None
    x, y, weight = events.x, events.y, events.weights
    if inside is not None:
        x, y, weight = x[inside], y[inside], weight[inside]
    area = surface.Area(cells.west, cells.south, cells.east, cells.north) if edges else None
    problem = surface.Problem(
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


# The grid ---------------------------------------------------------------------------------------


def _grid(
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


# Bandwidths -------------------------------------------------------------------------------------


def _bandwidth(
    events: Events, given: Rule | float | tuple[float, float], kernel: str
) -> tuple[float, float]:
    if isinstance(given, str):
        one_of("bandwidth", given, ("scott", "silverman", "cv"))
        factor = _QUARTIC_WIDTH if kernel == "quartic" else 1.0
        east, north = _rule_of_thumb(events)
        if given == "cv":
            factor *= _cross_validated(events, (east, north))
        return factor * east, factor * north
    if np.ndim(given) == 0:
        width = positive("bandwidth", float(given))  # type: ignore[arg-type]
        return width, width
    pair = finite("bandwidth", given)
    if pair.size != 2:
        raise ValueError(f"bandwidth: a number or (east, north) wanted, {given!r} given")
    return positive("bandwidth", float(pair[0])), positive("bandwidth", float(pair[1]))


def _rule_of_thumb(events: Events) -> tuple[float, float]:
    """n^(-1/6) standard deviations each way, n the effective number of weighted events."""
    weight = events.weights
    if weight.sum() <= 0:
        raise ValueError("weight: none above zero, so no bandwidth follows from the events")
    share = weight / weight.sum()
    number = 1.0 / float(np.square(share).sum())
    spreads = []
    for name, values in (("x", events.x), ("y", events.y)):
        centred = values - float(share @ values)
        variance = float(share @ centred**2)
        if variance <= 1e-18 * max(1.0, float(np.abs(values).max()) ** 2) or number <= 1:
            raise ValueError(f"bandwidth: {name} has no spread; give the bandwidth as a number")
        # As a sample's standard deviation, with weights of reliability.
        spreads.append(float(np.sqrt(variance / (1 - 1 / number))) * number ** (-1 / 6))
    return spreads[0], spreads[1]


def _cross_validated(events: Events, unit: tuple[float, float]) -> float:
    """The multiple of `unit` that gives the others' density at each event the best likelihood."""
    from scipy import optimize

    from lagesbild import _kde_kernels as kernels

    weight = events.weights
    order = np.lexsort((weight, events.y, events.x))
    order = order[weight[order] > 0]
    if order.size > _VALIDATED:
        order = order[np.linspace(0, order.size - 1, _VALIDATED).round().astype(np.int64)]
    x, y, w = events.x[order] / unit[0], events.y[order] / unit[1], weight[order]
    # So few have a wider best bandwidth than all have: as n^(-1/6).
    scale = float(order.size / max(1, int(np.count_nonzero(weight > 0)))) ** (1 / 6)
    others = np.empty(order.size)

    def loss(logarithm: float) -> float:
        width = float(np.exp(logarithm))
        kernels.leave_one_out(x / width, y / width, w, others)
        heights = np.log(np.maximum(others, 1e-300)) - 2 * logarithm
        return -float(w @ heights)

    tried = np.log(np.geomspace(0.05, 3.0, 25))
    best = int(np.argmin([loss(each) for each in tried]))
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, tried.size - 1)]
    found = optimize.minimize_scalar(
        loss, bounds=(low, high), method="bounded", options={"xatol": 1e-3}
    )
    return float(np.exp(float(found.x)) * scale)


def _abramson(problem: surface.Problem) -> NDArray[np.float64]:
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
