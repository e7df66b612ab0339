"""What is usual, for the charts: one mean, or a Poisson regression on the year's wave and a trend.

Fitted to the weeks before the first one monitored, for all series at once; the same maximum
likelihood as R's glm.
"""

import numpy as np
from numpy.typing import NDArray

from lagesbild.surveillance._panel import Panel

Floats = NDArray[np.float64]
_ITERATIONS, _REST = 50, 1e-13


def usual_counts(
    panel: Panel, *, seasonal: bool, trend: bool, season_length: int
) -> NDArray[np.float64]:
    """Expected counts of the monitored weeks, (series, monitored); 0 where nothing was counted."""
    first = int(panel.weeks[0])
    past = np.arange(first)
    y, exposure = panel.of(past), panel.exposure[:, past]
    design = _design(past, first, seasonal, trend, season_length)
    if design.shape[1] >= first:
        raise ValueError("weeks: more weeks of past wanted before the first")
    means = np.zeros((y.shape[0], panel.weeks.size))
    counted = y.sum(axis=1) > 0
    if not counted.any():
        return means
    beta = _poisson_regression(y[counted], exposure[counted], design)
    ahead = _design(panel.weeks, first, seasonal, trend, season_length)
    means[counted] = panel.exposure_now[counted] * np.exp(beta @ ahead.T)
    return means


def _design(
    weeks: NDArray[np.int64], first: int, seasonal: bool, trend: bool, season_length: int
) -> Floats:
    columns = [np.ones(weeks.size)]
    if trend:
        columns.append((weeks - first / 2) / first)  # centred and scaled: well conditioned
    if seasonal:
        angle = 2 * np.pi * (weeks + 1) / season_length
        columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)


def _poisson_regression(y: Floats, exposure: Floats, design: Floats) -> Floats:
    """Newton's steps on each series' log-likelihood, (series, columns of the design).

    A ridge of a billionth keeps the steps finite where a series is too sparse for its wave.
    """
    products = (design[:, :, None] * design[:, None, :]).reshape(design.shape[0], -1)
    width = design.shape[1]
    beta = np.zeros((y.shape[0], width))
    beta[:, 0] = np.log(y.sum(axis=1) / exposure.sum(axis=1))
    for _ in range(_ITERATIONS):
        mean = exposure * np.exp(beta @ design.T)
        information = (mean @ products).reshape(-1, width, width)
        ridge = 1e-9 * information[:, 0, 0, None, None] * np.eye(width)
        step = np.linalg.solve(information + ridge, ((y - mean) @ design)[:, :, None])[:, :, 0]
        beta += np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < _REST * max(1.0, np.abs(beta).max()):
            break
    return beta
