"""The only place that turns a null distribution into a p-value, and that corrects for many tests.

Sources: Davison & Hinkley (1997), Bootstrap Methods, ch. 4 (Monte Carlo p-values); Abrams,
Kulldorff & Kleinman (2010), Int J Health Geogr 9:61 (Gumbel); Benjamini & Hochberg (1995),
JRSS B 57:289; Holm (1979), Scand J Stat 6:65; Westfall & Young (1993) (minP).
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import finite, one_of

Alternative = Literal["greater", "less", "two-sided"]
_EULER = 0.57721566490153286


def monte_carlo(
    statistic: ArrayLike,
    null: ArrayLike,
    *,
    alternative: Alternative = "greater",
) -> NDArray[np.float64]:
    """Monte Carlo p-values (r + 1) / (m + 1), r the replicates at least as extreme.

    `statistic` is a number or an array of k; `null` holds m replicates, (m,) shared by all or
    (m, k) with a column for each. Ties count as extreme, so p is never too small; two-sided is
    twice the smaller tail, at most 1.

    Raises ValueError for an empty null, NaN or shapes that do not fit.
    """
    one_of("alternative", alternative, ("greater", "less", "two-sided"))
    observed = np.atleast_1d(np.asarray(statistic, dtype=np.float64))
    replicates = np.asarray(null, dtype=np.float64)
    if replicates.ndim not in (1, 2) or replicates.shape[0] == 0:
        raise ValueError("null: at least one replicate, as (m,) or (m, k), is wanted")
    if np.isnan(observed).any() or np.isnan(replicates).any():
        raise ValueError("statistic, null: NaN is no evidence for or against")
    if replicates.ndim == 2 and replicates.shape[1] != observed.size:
        raise ValueError(f"null: {observed.size} columns wanted, {replicates.shape[1]} given")
    m = replicates.shape[0]
    at_least, at_most = _tail_counts(observed, replicates)
    if alternative == "greater":
        extreme = at_least
    elif alternative == "less":
        extreme = at_most
    else:
        extreme = 2 * np.minimum(at_least, at_most) + 1
    p_values: NDArray[np.float64] = np.minimum(1.0, (extreme + 1) / (m + 1))
    return p_values


def _tail_counts(
    observed: NDArray[np.float64], replicates: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if replicates.ndim == 2:
        return (
            (replicates >= observed).sum(axis=0).astype(np.float64),
            (replicates <= observed).sum(axis=0).astype(np.float64),
        )
    ordered = np.sort(replicates)
    at_least = ordered.size - np.searchsorted(ordered, observed, "left")
    at_most = np.searchsorted(ordered, observed, "right")
    return at_least.astype(np.float64), at_most.astype(np.float64)


def gumbel(statistic: float, null: ArrayLike) -> float:
    """The upper tail of a Gumbel distribution fitted to the null by moments.

    Resolves p-values far below 1/(m + 1) for maxima of many nearly continuous statistics. Poor
    for small, tied data (SaTScan's North Humberside sample: 0.56 against 0.68 by rank).

    Raises ValueError for fewer than two replicates or a null without spread.
    """
    replicates = finite("null", null)
    if replicates.size < 2:
        raise ValueError("null: at least 2 replicates wanted for a fit")
    scale = float(replicates.std(ddof=1)) * np.sqrt(6) / np.pi
    if scale == 0:
        raise ValueError("null: all replicates are equal, nothing to fit")
    location = float(replicates.mean()) - _EULER * scale
    return float(-np.expm1(-np.exp(-(float(statistic) - location) / scale)))


def false_discovery_rate(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini-Hochberg q-values: reject q <= level to hold the false discovery rate at level.

    Holds for independent and positively dependent tests. Any shape; NaN stays NaN and is not
    counted as a test.
    """
    p = _p_values(p_values)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    values = p[tested]
    if values.size == 0:
        return q
    order = np.argsort(values)  # equal p-values get equal q, in whatever order
    ranked = values[order] * values.size / np.arange(1, values.size + 1)
    adjusted = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    back = np.empty_like(adjusted)
    back[order] = adjusted
    q[tested] = back
    return q


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Holm's adjusted p-values: hold the chance of any false alarm, however the tests depend."""
    p = _p_values(p_values)
    adjusted = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    values = p[tested]
    if values.size == 0:
        return adjusted
    order = np.argsort(values, kind="stable")
    stepped = np.minimum(1.0, np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1)))
    back = np.empty_like(stepped)
    back[order] = stepped
    adjusted[tested] = back
    return adjusted


def min_p(p_values: ArrayLike, null_p_values: ArrayLike) -> NDArray[np.float64]:
    """Westfall and Young's single-step minP: adjusted for many tests that depend on one another.

    `p_values` (k,), `null_p_values` (m, k): the same k tests on m data sets drawn under the null.
    """
    p = _p_values(p_values)
    null = _p_values(null_p_values)
    if p.ndim != 1 or null.ndim != 2 or null.shape[1] != p.size or null.shape[0] == 0:
        raise ValueError("null_p_values: (m, k) with the k tests of p_values wanted")
    return monte_carlo(p, null.min(axis=1), alternative="less")


def _p_values(values: ArrayLike) -> NDArray[np.float64]:
    p = np.asarray(values, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        outside = (p < 0) | (p > 1)
    if outside.any():
        raise ValueError("p_values: outside 0 to 1")
    return p


def adjusted(p_values: ArrayLike, method: str | None) -> NDArray[np.float64]:
    """Adjusted p-values by name: 'fdr_bh', 'holm', 'bonferroni', or None for as they are."""
    if method is None:
        return _p_values(p_values).copy()
    one_of("multiple_testing", method, ("fdr_bh", "holm", "bonferroni"))
    if method == "fdr_bh":
        return false_discovery_rate(p_values)
    if method == "holm":
        return holm(p_values)
    p = _p_values(p_values)
    return np.minimum(1.0, p * np.count_nonzero(~np.isnan(p)))
