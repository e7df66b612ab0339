"""How a density surface is computed: exactly at points, within a bound on a grid.

Three ways onto the grid. The sum itself, where that is cheap. Spread over nodes by cubic
interpolation and filtered, first along, then across (Gaussian, `_nodes`). The same with a Fourier
transform (quartic, `_quartic`, and Gaussians that reach far).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lagesbild.kde import _nodes as nodes
from lagesbild.kde._edges import corrected_weights, edge_factor, grid_edges
from lagesbild.kde._problem import Floats, Problem
from lagesbild.kde._quartic import ROUNDING, transformed_quartic

_REACH_DIRECT = 8.5
_QUARTIC_DIRECT = 4e8  # additions; beyond, a Fourier transform is quicker
_PLAIN = 5e7  # products; up to here a matrix product costs less than to load compiled code


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
    return 1.0 / float(grid_edges(problem).min()) if is_divided else 1.0


def at_points(problem: Problem, factors: Floats | None, points: Floats) -> Floats:
    """The sum over all events, one by one."""
    from lagesbild.kde import _kernels as kernels

    px, py = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    values = np.zeros(px.size)
    classes = np.ones(1) if factors is None else np.unique(factors)
    for factor in classes:
        rows = np.ones(problem.x.size, bool) if factors is None else factors == factor
        part = problem.only(rows, float(factor))
        n = part.x.size
        sums = np.zeros(px.size)
        weight = corrected_weights(part) * part.height
        kernels.exact_sums(
            px, py, part.x, part.y, weight, np.full(n, part.widths[0]), np.full(n, part.widths[1]),
            part.is_gaussian, sums,
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


def _one_class(problem: Problem) -> tuple[Floats, float]:
    """One bandwidth for all."""
    if not problem.x.size:
        return np.zeros((problem.cells.rows, problem.cells.columns)), 0.0
    fineness = 1 if _is_plain(problem) else nodes.fineness_for(problem)
    is_direct = _is_direct(problem, fineness)
    if is_direct:
        values = _direct(problem)
        error = np.exp(-(_REACH_DIRECT**2) / 2) if problem.is_gaussian else 0.0
    elif problem.is_gaussian:
        values = nodes.filtered(problem, fineness)
        error = np.exp(-(nodes.REACH**2) / 2)
    else:
        return transformed_quartic(problem, fineness)
    peak = float(values.max())
    # What a cut-off leaves out is less than the whole weight at the height of the cut.
    error *= float(problem.weight.sum()) * problem.height / peak if peak > 0 else 0.0
    if problem.area is not None and not problem.by_event:
        shares = grid_edges(problem)
        error /= float(shares.min())
        values = values / shares
    if problem.is_gaussian and not is_direct:
        error += nodes.spread_error(problem, fineness)
    return values, float(error) + ROUNDING


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
    if fineness > nodes.FINEST:
        return True
    if not problem.is_gaussian:
        return direct <= _QUARTIC_DIRECT
    taps = [int(nodes.REACH * width * fineness / cells.cell) for width in problem.widths]
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
    high = np.exp(-0.5 * dy**2) * (corrected_weights(problem) * problem.height)
    return np.asarray(high @ np.exp(-0.5 * dx**2))


def _direct(problem: Problem) -> Floats:
    if _is_plain(problem):
        return _plain(problem)
    from lagesbild.kde import _kernels as kernels

    cells = problem.cells
    out = np.zeros((cells.rows, cells.columns))
    grid = np.array([cells.west, cells.south, cells.cell], float)  # whole ones compile anew
    bx, by = problem.widths
    weight = corrected_weights(problem) * problem.height
    if problem.is_gaussian:
        kernels.direct_gaussian(problem.x, problem.y, weight, grid, bx, by, _REACH_DIRECT, out)
    else:
        kernels.direct_quartic(problem.x, problem.y, weight, grid, bx, by, out)
    return out
