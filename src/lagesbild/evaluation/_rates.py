"""Two small counts: have they one rate?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import positive


def poisson_e_test(
    first: float, second: float, *, exposure_first: float = 1.0, exposure_second: float = 1.0
) -> float:
    """Two-sided p-value that two Poisson counts have one rate (the e-test); for small counts.

    Raises ValueError for counts that are not whole or exposures not above zero.
    """
    from scipy import stats

    k = checked_counts("first, second", [first, second])
    n1 = positive("exposure_first", exposure_first)
    n2 = positive("exposure_second", exposure_second)
    observed = _e_statistic(k[0], k[1], n1, n2)
    if k.sum() == 0:
        return 1.0
    rate = k.sum() / (n1 + n2)
    top = [int(stats.poisson.isf(1e-14, rate * n)) + 2 for n in (n1, n2)]
    a, b = (np.arange(most) for most in top)
    probability = np.outer(stats.poisson.pmf(a, rate * n1), stats.poisson.pmf(b, rate * n2))
    statistic = _e_statistic(a[:, None], b[None, :], n1, n2)
    return float(min(1.0, probability[statistic >= observed - 1e-12].sum()))


def _e_statistic(k1: ArrayLike, k2: ArrayLike, n1: float, n2: float) -> NDArray[np.float64]:
    first, second = np.asarray(k1, dtype=np.float64), np.asarray(k2, dtype=np.float64)
    variance = first / n1**2 + second / n2**2
    difference = np.abs(first / n1 - second / n2)
    return np.divide(
        difference, np.sqrt(variance), out=np.zeros_like(difference), where=variance > 0
    )
