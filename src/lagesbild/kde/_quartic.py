"""Quartic kernels by nodes and a Fourier transform.

A kernel with a rim has no smooth error: it is looked at on nodes as fine, and summed over the
events.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.kde._edges import corrected_weights, grid_edges
from lagesbild.kde._nodes import FINEST, convolved, nodes_for, reaches
from lagesbild.kde._problem import Floats, Problem

ROUNDING = 1e-12  # of sums of positive numbers
_MARGIN = 1.25  # on an error that was looked at in 64 places of a cell, not everywhere


def transformed_quartic(problem: Problem, fineness: int) -> tuple[Floats, float]:
    """A kernel with a rim: its error is looked at on nodes as fine, and summed over the events."""
    from lagesbild.kde import _kernels as kernels

    while True:
        step = problem.cells.cell / fineness
        reach = reaches(problem, fineness, 1.0)
        rim = fineness // 2 + 4
        pads = (reach[0] + rim, reach[1] + rim)
        nodes, origin, step = nodes_for(problem, fineness, pads)
        at_corner = np.zeros_like(nodes)
        weight = corrected_weights(problem)
        kernels.spread(problem.x, problem.y, weight, origin, step, nodes)
        kernels.count(problem.x, problem.y, weight, origin, step, at_corner)
        kernel, error = _quartic_error(step, problem.widths, reach)
        values = np.maximum(convolved(nodes, kernel, pads, fineness, problem.cells), 0)
        errors = np.maximum(convolved(at_corner, error, pads, fineness, problem.cells), 0)
        if problem.area is not None and not problem.by_event:
            shares = grid_edges(problem)
            values, errors = values / shares, errors / shares
        peak = float(values.max())
        bound = _MARGIN * float(errors.max()) / peak if peak > 0 else 0.0
        if bound <= problem.tolerance or fineness > FINEST:
            return values * problem.height, bound + ROUNDING
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
