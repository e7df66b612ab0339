"""How much of a kernel lies within the study area."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lagesbild.kde._problem import Floats, Problem


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


def corrected_weights(problem: Problem) -> Floats:
    """The events' weights, divided by their own edge factors where that is asked for."""
    if problem.area is None or not problem.by_event:
        return problem.weight
    return np.asarray(problem.weight / edge_factor(problem, problem.x, problem.y))


def _quartic_within(west: Floats, east: Floats, south: Floats, north: Floats) -> Floats:
    """Gauss-Legendre in the angle of x, closed form in y; to about 1e-7."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    low, high = np.arcsin(west), np.arcsin(east)
    total = np.zeros(np.broadcast_shapes(west.shape, south.shape))
    for node, weight in zip(nodes, weights, strict=True):
        angle = (low + high) / 2 + node * (high - low) / 2
        s = np.cos(angle)
        top = np.minimum(north, s)
        bottom = np.minimum(np.maximum(south, -s), top)
        inner = _under_parabola(s * s, top) - _under_parabola(s * s, bottom)
        total += weight * (high - low) / 2 * s * inner
    return np.asarray(3 / np.pi * total)


def _under_parabola(s2: Floats, t: Floats) -> Floats:
    """The integral of (s² - y²)² from 0 to t; products, for numpy's powers cost ten times those."""
    t2 = t * t
    return np.asarray(t * (s2 * s2 - t2 * (2 / 3 * s2 - t2 / 5)))


def grid_edges(problem: Problem) -> Floats:
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
