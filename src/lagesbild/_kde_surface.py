"""How a density surface is computed: exactly at points, within a bound on a grid.

Three ways onto the grid. The sum itself, where that is cheap. Spread over nodes by cubic
interpolation and filtered, first along, then across (Gaussian). The same with a Fourier transform
(quartic, and Gaussians that reach far).

The bound of the second. Spreading replaces each kernel k(u) by its cubic interpolant on nodes r
bandwidths apart. In one dimension they differ by at most (9/16)/24 · r⁴ · max |k''''| over the four
nodes, which is at most A · N(0, s²)(u) for an A found by looking at all u. In two dimensions the
difference is at most (A + A' + A A') times a density with bandwidths s times as wide, and that is
the density itself blurred: it has no higher peak. Near corrected edges a blur looks outside, where
the density is at most what it is at the nearest point of the edge; `_edge_gain` is what division by
the edge factor can then add.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_REACH = 6.5  # bandwidths; beyond, a Gaussian is below 1e-9 of its height
_REACH_DIRECT = 8.5
_BLUR = 1.5  # s above
_FINEST = 64
_QUARTIC_DIRECT = 4e8  # additions; beyond, a Fourier transform is quicker
_LONG_FILTER = 120  # nodes; beyond, a Fourier transform is quicker
_PLAIN = 5e7  # products; up to here a matrix product costs less than to load compiled code
_ROUNDING = 1e-12  # of sums of positive numbers
_MARGIN = 1.25  # on an error that was looked at in 64 places of a cell, not everywhere


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


def on_grid(problem: Problem, factors: Floats | None) -> tuple[Floats, float]:
    """(rows, columns) values, and the bound on their error as a share of the peak."""
    if factors is None:
        values, bound = _one_class(problem)
        return values, bound
    tolerance = problem.tolerance
    while True:
        values = np.zeros((problem.cells.rows, problem.cells.columns))
        error = 0.0
        for factor in np.unique(factors):
            part = replace(problem.only(factors == factor, float(factor)), tolerance=tolerance)
            added, bound = _one_class(part)
            values += added
            error += bound * _peak(part, added)
        peak = float(values.max())
        relative = error / peak if peak > 0 else 0.0
        if relative <= problem.tolerance or tolerance < 1e-9:
            return values, relative
        tolerance *= 0.5 * problem.tolerance / relative


def _peak(problem: Problem, values: Floats) -> float:
    """No less than the surface's peak: at most so much above its highest cell centre.

    The logarithm of a sum of equal Gaussians bends down no more than a single one's.
    """
    if not problem.is_gaussian:
        return float(values.max())
    half = problem.cells.cell / 2
    farthest = (half / problem.widths[0]) ** 2 + (half / problem.widths[1]) ** 2
    share = float(np.exp(-0.5 * farthest))
    alone = float(problem.weight.sum()) * problem.height * _edge_most(problem)
    return min(float(values.max()) / share, alone)


def _edge_most(problem: Problem) -> float:
    is_divided = problem.area is not None and not problem.by_event
    return 1.0 / float(_grid_edges(problem).min()) if is_divided else 1.0


def at_points(problem: Problem, factors: Floats | None, points: Floats) -> Floats:
    """The sum over all events, one by one."""
    from lagesbild import _kde_kernels as kernels

    px, py = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    values = np.zeros(px.size)
    classes = np.ones(1) if factors is None else np.unique(factors)
    for factor in classes:
        rows = np.ones(problem.x.size, bool) if factors is None else factors == factor
        part = problem.only(rows, float(factor))
        n = part.x.size
        sums = np.zeros(px.size)
        kernels.exact_sums(
            px, py, part.x, part.y, _weights(part) * part.height, np.full(n, part.widths[0]),
            np.full(n, part.widths[1]), part.is_gaussian, sums,
        )  # fmt: skip
        if part.area is not None:
            inside = (
                (px >= part.area.west) & (px <= part.area.east)
                & (py >= part.area.south) & (py <= part.area.north)
            )  # fmt: skip
            if not part.by_event:
                shares = edge_factor(part, np.clip(px, part.area.west, part.area.east),
                                     np.clip(py, part.area.south, part.area.north))  # fmt: skip
                sums = sums / shares
            sums[~inside] = np.nan
        values += sums
    return values


def _weights(problem: Problem) -> Floats:
    if problem.area is None or not problem.by_event:
        return problem.weight
    return np.asarray(problem.weight / edge_factor(problem, problem.x, problem.y))


def _one_class(problem: Problem) -> tuple[Floats, float]:
    """One bandwidth for all."""
    if not problem.x.size:
        return np.zeros((problem.cells.rows, problem.cells.columns)), 0.0
    fineness = 1 if _is_plain(problem) else _fineness(problem)
    is_direct = _is_direct(problem, fineness)
    if is_direct:
        values = _direct(problem)
        error = np.exp(-(_REACH_DIRECT**2) / 2) if problem.is_gaussian else 0.0
    elif problem.is_gaussian:
        values = _filtered(problem, fineness)
        error = np.exp(-(_REACH**2) / 2)
    else:
        return _transformed_quartic(problem, fineness)
    peak = float(values.max())
    # What a cut-off leaves out is less than the whole weight at the height of the cut.
    error *= float(problem.weight.sum()) * problem.height / peak if peak > 0 else 0.0
    if problem.area is not None and not problem.by_event:
        shares = _grid_edges(problem)
        error /= float(shares.min())
        values = values / shares
    if problem.is_gaussian and not is_direct:
        error += _spread_error(problem, fineness)
    return values, float(error) + _ROUNDING


# One by one -------------------------------------------------------------------------------------


def _is_direct(problem: Problem, fineness: int) -> bool:
    """Whether events one by one cost less than nodes and filters."""
    if _is_plain(problem):
        return True
    cells = problem.cells
    reach = _REACH_DIRECT if problem.is_gaussian else 1.0
    touched = 1.0
    for width, most in zip(problem.widths, (cells.columns, cells.rows), strict=True):
        touched *= min(2 * reach * width / cells.cell + 1, most)
    direct = problem.x.size * (touched + 40)
    if fineness > _FINEST:
        return True
    if not problem.is_gaussian:
        return direct <= _QUARTIC_DIRECT
    taps = [int(_REACH * width * fineness / cells.cell) for width in problem.widths]
    high = cells.rows * fineness + 2 * taps[1]
    wide = cells.columns * fineness + 2 * taps[0]
    filtered = 20 * problem.x.size + cells.rows * wide * taps[1] + high * wide
    return direct <= filtered + cells.rows * cells.columns * taps[0] * fineness


def _is_plain(problem: Problem) -> bool:
    touched = problem.x.size * problem.cells.columns * problem.cells.rows
    return problem.is_gaussian and touched <= _PLAIN


def _plain(problem: Problem) -> Floats:
    """A Gaussian is a product, and so are the sums of few: (rows, n) times (n, columns)."""
    dx = (problem.cells.x[None, :] - problem.x[:, None]) / problem.widths[0]
    dy = (problem.cells.y[:, None] - problem.y[None, :]) / problem.widths[1]
    high = np.exp(-0.5 * dy**2) * (_weights(problem) * problem.height)
    return np.asarray(high @ np.exp(-0.5 * dx**2))


def _direct(problem: Problem) -> Floats:
    if _is_plain(problem):
        return _plain(problem)
    from lagesbild import _kde_kernels as kernels

    cells = problem.cells
    out = np.zeros((cells.rows, cells.columns))
    grid = np.array([cells.west, cells.south, cells.cell])
    bx, by = problem.widths
    weight = _weights(problem) * problem.height
    if problem.is_gaussian:
        kernels.direct_gaussian(problem.x, problem.y, weight, grid, bx, by, _REACH_DIRECT, out)
    else:
        kernels.direct_quartic(problem.x, problem.y, weight, grid, bx, by, out)
    return out


# Nodes and filters ------------------------------------------------------------------------------


def _fineness(problem: Problem) -> int:
    """How many nodes to a cell's side."""
    narrow = min(problem.widths)
    if not problem.is_gaussian:
        return int(np.ceil(32 * problem.cells.cell / narrow))
    for fineness in range(1, _FINEST + 1):
        if _spread_error(problem, fineness) <= 0.98 * problem.tolerance:
            return fineness
    return _FINEST + 1


def _spread_error(problem: Problem, fineness: int) -> float:
    """The bound in the module's heading."""
    area, cells = problem.area, problem.cells
    is_divided = area is not None and not problem.by_event
    parts = []
    for width, count in zip(problem.widths, (cells.columns, cells.rows), strict=True):
        part = _interpolation_error(round(cells.cell / fineness / width, 9))
        gain = _edge_gain(round(cells.cell / width, 9), count) if is_divided else 1.0
        parts.append(part * gain)
    return parts[0] + parts[1] + parts[0] * parts[1]


@lru_cache(maxsize=4096)
def _interpolation_error(ratio: float) -> float:
    """A: the most that the cubic interpolant of a Gaussian is off, in wider Gaussians."""
    from scipy import ndimage

    step = 0.01
    u = np.arange(-12, 12 + step / 2, step)
    fourth = np.abs(u**4 - 6 * u**2 + 3) * np.exp(-0.5 * u**2)
    # The nodes lie at most two steps from the event; one more place for those in between.
    reach = int(np.ceil(2 * ratio / step)) + 1
    if reach > u.size // 2:
        return np.inf
    highest = ndimage.maximum_filter1d(fourth, 2 * reach + 1, mode="nearest")
    looked_at = np.abs(u) <= 10
    share = highest * np.exp(0.5 * (u / _BLUR) ** 2) * _BLUR
    return float(9 / 16 / 24 * ratio**4 * share[looked_at].max())


@lru_cache(maxsize=4096)
def _edge_gain(cell: float, count: int) -> float:
    """How much higher a blurred density can stand over the edge factor than an unblurred one.

    cell   in bandwidths; `count` of them lie side by side
    """
    from scipy import special

    width = cell * count
    nodes, weights = np.polynomial.hermite_e.hermegauss(48)
    near = np.linspace(0, min(width / 2, 8.0), 200)

    def share(u: Floats) -> Floats:
        return np.asarray(special.ndtr(u) + special.ndtr(width - u) - 1)

    around = near[:, None] + np.sqrt(_BLUR**2 - 1) * nodes
    blurred = share(np.clip(around, 0, width)) @ weights / weights.sum()
    return max(1.0, 1.01 * float((blurred / share(near)).max()))


def _nodes(problem: Problem, fineness: int, pads: tuple[int, int]) -> tuple[Floats, Floats, float]:
    """Nodes of zeros, where the first lies, and the step between them."""
    cells = problem.cells
    step = cells.cell / fineness
    wide = fineness * (cells.columns - 1) + 1 + 2 * pads[0]
    high = fineness * (cells.rows - 1) + 1 + 2 * pads[1]
    origin = np.array([cells.x[0] - pads[0] * step, cells.y[0] - pads[1] * step])
    return np.zeros((high, wide)), origin, step


def _reaches(problem: Problem, fineness: int, bandwidths: float) -> list[int]:
    """How many nodes the kernel reaches, and no more than lie between any event and any cell."""
    cells, found = problem.cells, []
    for width, centres, events in zip(
        problem.widths, (cells.x, cells.y), (problem.x, problem.y), strict=True
    ):
        low = min(float(centres[0]), float(events.min()))
        high = max(float(centres[-1]), float(events.max()))
        farthest = min(bandwidths * width, high - low + cells.cell)
        found.append(int(np.ceil(farthest * fineness / cells.cell)) + 3)
    return found


def _filtered(problem: Problem, fineness: int) -> Floats:
    from lagesbild import _kde_kernels as kernels

    taps = []
    for width, reach in zip(problem.widths, _reaches(problem, fineness, _REACH), strict=True):
        ratio = problem.cells.cell / fineness / width
        taps.append(np.exp(-0.5 * (np.arange(reach + 1) * ratio) ** 2))
    # Room for the four nodes of an event that the kernel just reaches, or half a cell outside.
    rim = fineness // 2 + 4
    pads = (taps[0].size - 1 + rim, taps[1].size - 1 + rim)
    nodes, origin, step = _nodes(problem, fineness, pads)
    kernels.spread(problem.x, problem.y, _weights(problem), origin, step, nodes)
    if max(each.size for each in taps) > _LONG_FILTER:
        kernel = np.outer(np.r_[taps[1][:0:-1], taps[1]], np.r_[taps[0][:0:-1], taps[0]])
        found = _convolved(nodes, kernel, pads, fineness, problem.cells)
        return np.maximum(found, 0) * problem.height
    rows, columns = problem.cells.rows, problem.cells.columns
    across = np.empty((rows, nodes.shape[1]))
    kernels.filter_rows(nodes, taps[1] * problem.height, pads[1], fineness, across)
    turned = np.empty((columns, rows))
    kernels.filter_rows(np.ascontiguousarray(across.T), taps[0], pads[0], fineness, turned)
    # Cubic weights are negative here and there: rounding may leave a hair below zero.
    return np.maximum(turned.T, 0)


def _convolved(
    nodes: Floats, kernel: Floats, pads: tuple[int, int], fineness: int, cells: Cells
) -> Floats:
    """At the cells' centres. What wraps around stays within the pads, which nobody reads."""
    from scipy import fft

    shape = tuple(fft.next_fast_len(size, real=True) for size in nodes.shape)
    held = np.zeros(shape)
    half = (kernel.shape[0] // 2, kernel.shape[1] // 2)
    held[: kernel.shape[0], : kernel.shape[1]] = kernel
    held = np.roll(held, (-half[0], -half[1]), axis=(0, 1))
    product = fft.rfft2(nodes, shape) * fft.rfft2(held)
    found = fft.irfft2(product, shape)
    rows = pads[1] + fineness * np.arange(cells.rows)
    columns = pads[0] + fineness * np.arange(cells.columns)
    return np.asarray(found[np.ix_(rows, columns)])


def _transformed_quartic(problem: Problem, fineness: int) -> tuple[Floats, float]:
    """A kernel with a rim: its error is looked at on nodes as fine, and summed over the events."""
    from lagesbild import _kde_kernels as kernels

    while True:
        step = problem.cells.cell / fineness
        reach = _reaches(problem, fineness, 1.0)
        rim = fineness // 2 + 4
        pads = (reach[0] + rim, reach[1] + rim)
        nodes, origin, step = _nodes(problem, fineness, pads)
        at_corner = np.zeros_like(nodes)
        weight = _weights(problem)
        kernels.spread(problem.x, problem.y, weight, origin, step, nodes)
        kernels.count(problem.x, problem.y, weight, origin, step, at_corner)
        kernel, error = _quartic_error(step, problem.widths, reach)
        values = np.maximum(_convolved(nodes, kernel, pads, fineness, problem.cells), 0)
        errors = np.maximum(_convolved(at_corner, error, pads, fineness, problem.cells), 0)
        if problem.area is not None and not problem.by_event:
            shares = _grid_edges(problem)
            values, errors = values / shares, errors / shares
        peak = float(values.max())
        bound = _MARGIN * float(errors.max()) / peak if peak > 0 else 0.0
        if bound <= problem.tolerance or fineness > _FINEST:
            return values * problem.height, bound + _ROUNDING
        fineness *= 2


def _quartic_error(
    step: float, widths: tuple[float, float], reach: list[int]
) -> tuple[Floats, Floats]:
    """The kernel at the nodes, and the most its interpolant is off for events in each cell."""
    dx = np.arange(-reach[0], reach[0] + 1) * step / widths[0]
    dy = np.arange(-reach[1], reach[1] + 1) * step / widths[1]

    def quartic(along: NDArray[Any], across: NDArray[Any]) -> Floats:
        held: Floats = np.maximum(0, 1 - along[None, :] ** 2 - across[:, None] ** 2)
        return held**2

    kernel = quartic(dx, dy)
    error = np.zeros_like(kernel)
    places = [(place + 0.5) / 8 for place in range(8)]
    parts = {place: _interpolated(place) for place in places}
    for s in places:
        for t in places:
            found = np.zeros_like(kernel)
            for shift_x, part_x in parts[s]:
                for shift_y, part_y in parts[t]:
                    found += (
                        part_x
                        * part_y
                        * quartic(dx - shift_x * step / widths[0], dy - shift_y * step / widths[1])
                    )
            exact = quartic(dx - s * step / widths[0], dy - t * step / widths[1])
            np.maximum(error, np.abs(found - exact), out=error)
    return kernel, error


def _interpolated(place: float) -> list[tuple[int, float]]:
    """The nodes -1 to 2 and their parts of an event at `place` between 0 and 1."""
    parts = []
    for node in (-1, 0, 1, 2):
        part = 1.0
        for other in (-1, 0, 1, 2):
            if other != node:
                part *= (place - other) / (node - other)
        parts.append((node, part))
    return parts


# Edges ------------------------------------------------------------------------------------------


def edge_factor(problem: Problem, x: Floats, y: Floats) -> Floats:
    """The share within the study area of a kernel that stands at each point (x and y broadcast)."""
    assert problem.area is not None
    area, (bx, by) = problem.area, problem.widths
    west, east = (area.west - x) / bx, (area.east - x) / bx
    south, north = (area.south - y) / by, (area.north - y) / by
    if problem.is_gaussian:
        from scipy import special

        across = special.ndtr(east) - special.ndtr(west)
        return np.asarray(across * (special.ndtr(north) - special.ndtr(south)))
    return _quartic_within(*(np.clip(side, -1, 1) for side in (west, east, south, north)))


def _quartic_within(west: Floats, east: Floats, south: Floats, north: Floats) -> Floats:
    """Gauss-Legendre in the angle of x, closed form in y; to about 1e-7."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    low, high = np.arcsin(west), np.arcsin(east)
    total = np.zeros(np.broadcast_shapes(west.shape, south.shape))
    for node, weight in zip(nodes, weights, strict=True):
        angle = (low + high) / 2 + node * (high - low) / 2
        s = np.cos(angle)
        top, bottom = np.minimum(north, s), np.maximum(south, -s)
        inner = (
            s**4 * (top - bottom) - 2 / 3 * s**2 * (top**3 - bottom**3) + (top**5 - bottom**5) / 5
        )
        total += weight * (high - low) / 2 * s * np.where(top > bottom, inner, 0.0)
    return np.asarray(3 / np.pi * total)


def _grid_edges(problem: Problem) -> Floats:
    """(rows, columns); cells far from the edges are computed once."""
    assert problem.area is not None
    cells = problem.cells
    x, y = cells.x, cells.y
    if problem.is_gaussian:
        return edge_factor(problem, x[None, :], y[:, None])
    bx, by = problem.widths
    which_x, back_x = _distinct(x, problem.area.west, problem.area.east, bx)
    which_y, back_y = _distinct(y, problem.area.south, problem.area.north, by)
    found = edge_factor(problem, x[which_x][None, :], y[which_y][:, None])
    return np.asarray(found[np.ix_(back_y, back_x)])


def _distinct(
    centres: Floats, low: float, high: float, width: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    sides = np.clip(np.column_stack([centres - low, high - centres]), 0, width)
    _, which, back = np.unique(sides, axis=0, return_index=True, return_inverse=True)
    return which, back.ravel()
