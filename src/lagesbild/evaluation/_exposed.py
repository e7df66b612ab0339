"""The maximum of the likelihood with exposure. Importing this imports numba, which is slow.

Given the estimate, area and period effects have closed forms in turn. The estimate takes Newton's
steps on the likelihood with them profiled out, as exactly as the step before was short, and takes
the effects along: what they change by is the treatment's own effects, which the step needs anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lagesbild.evaluation import _panel_kernels as kernels

Floats = NDArray[np.float64]
_EXACT = 1e-13


@dataclass(frozen=True)
class Maximum:
    """The estimate, each area's score and information, and the sum of Pearson's squares."""

    estimate: float
    scores: Floats
    information: Floats
    squares: float


def maximum(y: Floats, exposure: Floats, corner: tuple[int, int], guess: float) -> Maximum:
    """`y` and `exposure` (areas, periods), at work from row and column `corner` on."""
    of_area, of_period = y.sum(axis=1), y.sum(axis=0)
    area, logs = np.ones(y.shape[0]), np.zeros(y.shape[1])
    of_each, slope = np.zeros(y.shape[0]), np.zeros(y.shape[1])
    beta, step = guess, 0.1
    for _ in range(100):
        rest = max(_EXACT, min(1e-3, step**2))
        factor = float(np.exp(beta))
        logs = _period_effects(exposure, corner, factor, of_area, of_period, area, logs, rest)
        fitted = (exposure, corner, factor, area, np.exp(logs))
        slope = _treatment_effects(*fitted, of_area, of_period, of_each, slope, rest)
        scores, information = kernels.by_area(y, *fitted, of_each, slope)
        step = float(np.clip(scores.sum() / information.sum(), -2.0, 2.0))
        beta += step
        if rest == _EXACT and abs(step) < 1e-12 * max(1.0, abs(beta)):
            break
        logs = logs - step * slope
    return Maximum(beta, scores, information, float(kernels.pearson(y, *fitted)))


def _period_effects(
    exposure: Floats,
    corner: tuple[int, int],
    factor: float,
    of_area: Floats,
    of_period: Floats,
    area: Floats,
    logs: Floats,
    rest: float,
) -> Floats:
    """Logarithms of the period effects that fit all sums; `area` is left with the areas'."""

    def alternated(logs: Floats) -> Floats:
        weighted = kernels.alternate(exposure, corner, factor, of_area, np.exp(logs), area)
        return np.asarray(np.log(of_period / weighted))

    return _at_rest(alternated, logs, rest)


def _treatment_effects(
    exposure: Floats,
    corner: tuple[int, int],
    factor: float,
    area: Floats,
    period: Floats,
    of_area: Floats,
    of_period: Floats,
    of_each: Floats,
    slope: Floats,
    rest: float,
) -> Floats:
    """The treatment's own effects of periods, by fitted counts; `of_each` is left with the areas'.

    `of_area` and `of_period` are the sums of the fitted counts as well as of the counts.
    """
    row, column = corner
    at_work = factor * exposure[row:, column:]
    treated, later = np.zeros(area.size), np.zeros(period.size)
    treated[row:] = area[row:] * np.einsum("ij,j->i", at_work, period[column:])
    later[column:] = period[column:] * np.einsum("ij,i->j", at_work, area[row:])

    def alternated(slope: Floats) -> Floats:
        weighted = kernels.project(
            exposure, corner, factor, area, period * slope, of_area, treated, of_each
        )
        return (later - period * weighted) / of_period

    return _at_rest(alternated, slope, rest)


def _at_rest(alternated: Callable[[Floats], Floats], x: Floats, rest: float) -> Floats:
    """Where alternating no longer moves `x` by more than `rest`, each third step a leap.

    The leap is Irons and Tuck's (1969): as far as the last two steps say that all steps to come
    will lead. Where areas and periods are much entangled it spares hundreds of steps.
    """
    for _ in range(3_000):
        once = alternated(x)
        if np.abs(once - x).max() <= rest:
            return once
        twice = alternated(once)
        change = twice - once
        if np.abs(change).max() <= rest:
            return twice
        bend = change - (once - x)
        squares = float(bend @ bend)
        x = twice - change * float(change @ bend) / squares if squares > 0 else twice
    return x
