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


_FAR_OUT = 1e-5


def student_tail(t: Floats, freedom: int) -> Floats:
    """P(T >= t) for Student's T with a whole number of degrees of freedom.

    Abramowitz & Stegun 26.7.3-4: a sum of freedom / 2 terms, ten times as fast as the incomplete
    beta function. It is a difference from one half, so that far out, where that has few digits,
    the slow way is gone.
    """
    from scipy import special

    square = freedom + t * t
    cosine2, sine = freedom / square, t / np.sqrt(square)
    odd = freedom % 2
    term = np.sqrt(cosine2) if odd else np.ones_like(t)
    total = term.copy() if freedom > 1 else np.zeros_like(t)
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine2 * ((k - 1) / k)
        total += term
    if odd:
        tail = 0.5 - (np.arctan(t / np.sqrt(freedom)) + sine * total) / np.pi
    else:
        tail = 0.5 - 0.5 * sine * total
    far = tail < _FAR_OUT
    tail[far] = special.stdtr(freedom, -t[far])
    return np.asarray(tail)
