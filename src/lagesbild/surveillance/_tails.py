"""Upper quantiles and tails of counts, each different question asked once.

Thousands of series share few different small totals, and scipy's tails are slow.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def negative_binomial(observed: Floats, size: Floats, share: Floats, alpha: float) -> tuple[
    Floats, Floats
]:  # fmt: skip
    """The 1 - alpha quantile, and P(count >= observed), for scipy's nbinom(size, share).

    Arrays of one shape. Equal questions are answered once.
    """
    from scipy import stats

    upper, p_value = np.empty(size.size), np.empty(size.size)
    distinct, back = _distinct(size, share)
    upper[:] = stats.nbinom.ppf(1 - alpha, *distinct)[back]
    asked, where = _distinct(observed, size, share)
    p_value[:] = stats.nbinom.sf(asked[0] - 1, *asked[1:])[where]
    return upper.reshape(size.shape), p_value.reshape(size.shape)


def _distinct(*columns: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """The distinct rows of some columns, as (columns, rows), and where each row went."""
    table = np.stack([column.ravel() for column in columns])
    order = np.lexsort(table)
    ordered = table[:, order]
    is_new = np.ones(order.size, bool)
    is_new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    back = np.empty(order.size, np.intp)
    back[order] = np.cumsum(is_new) - 1
    return ordered[:, is_new], back
