"""Passes over a panel with exposure, compiled. Importing this imports numba, which is slow.

The fitted count of an area and period is area effect * exposure * period effect, times `factor`
in the corner where the measure is at work: from a row and a column on. None of it is written down:
each pass reads the exposure once, row by row, and uses a row twice while it is near.
"""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled_with

Floats = NDArray[np.float64]

# Sums may be taken in any order, so that they run across vector lanes; the order is always the
# same on one machine.
_compiled = compiled_with(fastmath={"reassoc", "contract"})


@_compiled
def _two_sums(row: Floats, weight: Floats, first: int) -> tuple[float, float]:
    """The row's weighted sums before column `first` and from it on."""
    before, after = 0.0, 0.0
    for j in range(first):
        before += row[j] * weight[j]
    for j in range(first, row.size):
        after += row[j] * weight[j]
    return before, after


@_compiled
def _add(row: Floats, effect: float, later_effect: float, first: int, total: Floats) -> None:
    for j in range(first):
        total[j] += effect * row[j]
    for j in range(first, row.size):
        total[j] += later_effect * row[j]


@_compiled
def alternate(
    exposure: Floats,
    corner: tuple[int, int],
    factor: float,
    of_area: Floats,
    period: Floats,
    area: Floats,
) -> Floats:
    """Area effects for the period effects, left in `area`; the periods' fitted counts by effect."""
    total = np.zeros(exposure.shape[1])
    for i in range(exposure.shape[0]):
        at_work = factor if i >= corner[0] else 1.0
        before, after = _two_sums(exposure[i], period, corner[1])
        area[i] = of_area[i] / (before + at_work * after)
        _add(exposure[i], area[i], area[i] * at_work, corner[1], total)
    return total


@_compiled
def project(
    exposure: Floats,
    corner: tuple[int, int],
    factor: float,
    area: Floats,
    weighted: Floats,
    of_area: Floats,
    treated: Floats,
    of_each: Floats,
) -> Floats:
    """The treatment's effects of areas, left in `of_each`, and their sums in each period.

    weighted  (periods,) period effects times the treatment's effects of periods
    of_area   (areas,) sums of fitted counts; treated: of those where the measure is at work
    """
    total = np.zeros(exposure.shape[1])
    for i in range(exposure.shape[0]):
        at_work = factor if i >= corner[0] else 1.0
        before, after = _two_sums(exposure[i], weighted, corner[1])
        of_each[i] = (treated[i] - area[i] * (before + at_work * after)) / of_area[i]
        effect = area[i] * of_each[i]
        _add(exposure[i], effect, effect * at_work, corner[1], total)
    return total


@_compiled
def by_area(
    y: Floats,
    exposure: Floats,
    corner: tuple[int, int],
    factor: float,
    area: Floats,
    period: Floats,
    of_each: Floats,
    slope: Floats,
) -> tuple[Floats, Floats]:
    """Each area's score and information: sums over residual treatment and fitted counts.

    Rows of counts and of fitted counts sum to the same, so that area effects leave the scores.
    """
    rows, columns = exposure.shape
    scores, information = np.empty(rows), np.empty(rows)
    for i in range(rows):
        treatment, at_work = (1.0, factor) if i >= corner[0] else (0.0, 1.0)
        score, squares = 0.0, 0.0
        for j in range(corner[1]):
            mean = area[i] * exposure[i, j] * period[j]
            residual = -of_each[i] - slope[j]
            squares += mean * residual * residual
            score -= (y[i, j] - mean) * slope[j]
        for j in range(corner[1], columns):
            mean = area[i] * at_work * exposure[i, j] * period[j]
            residual = treatment - of_each[i] - slope[j]
            squares += mean * residual * residual
            score += (y[i, j] - mean) * (treatment - slope[j])
        scores[i], information[i] = score, squares
    return scores, information


@_compiled
def pearson(
    y: Floats,
    exposure: Floats,
    corner: tuple[int, int],
    factor: float,
    area: Floats,
    period: Floats,
) -> float:
    """The sum of squared differences over the fitted counts, where there are any."""
    rows, columns = exposure.shape
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            at_work = factor if i >= corner[0] and j >= corner[1] else 1.0
            mean = area[i] * at_work * exposure[i, j] * period[j]
            if mean > 0.0:
                total += (y[i, j] - mean) ** 2 / mean
    return total
