"""Weights that make units before the measure, or periods of the others, look like the target.

Non-negative, summing to one, by Frank-Wolfe with a ridge, in the two rounds of Arkhangelsky et
al. (2021): a short one, after which weights below a quarter of the largest are dropped, and a
long one from there.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_FIRST_ROUND, _SECOND_ROUND = 100, 10_000
_DROPPED_BELOW = 0.25
_REST = 1e-5  # in units of the noise


def simplex_weights(
    columns: Floats, target: Floats, *, ridge: float, intercept: bool, noise: float
) -> Floats:
    """Weights of the columns (rows, units) that come closest to the target (rows,).

    What is made small is the mean squared difference plus ridge² times the sum of squared
    weights; with `intercept`, differences are free to lie a constant apart.
    """
    from lagesbild.evaluation import _kernels as kernels

    # The weights sum to one, so that the target may be taken off every column.
    apart = columns - target[:, None]
    if intercept:
        apart = apart - apart.mean(axis=0)
    rows, units = apart.shape
    gram = apart.T @ apart + rows * ridge**2 * np.eye(units)
    rest = rows * (_REST * noise) ** 2
    weights = np.full(units, 1 / units)
    weights = kernels.frank_wolfe(gram, weights, rest, _FIRST_ROUND)
    weights = np.where(weights > _DROPPED_BELOW * weights.max(), weights, 0.0)
    found: Floats = kernels.frank_wolfe(gram, weights / weights.sum(), rest, _SECOND_ROUND)
    return found
