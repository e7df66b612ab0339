"""Hot spots: where do high (or low) counts lie together more than chance explains?

Getis and Ord's local Gi and Gi*. Sources: Getis & Ord (1992), Geogr Anal 24:189; Ord & Getis
(1995), Geogr Anal 27:286 (the standardised form used here); Caldas de Castro & Singer (2006),
Geogr Anal 38:180 (false discovery rate).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import significance
from lagesbild._checks import at_least, finite, one_of, same_length
from lagesbild._results import Basis, Result, fingerprint
from lagesbild.neighbours import Neighbours, to_neighbours
from lagesbild.significance import Alternative

# Above this, one null distribution serves all units with the same number of neighbours: a sum of
# k draws depends on k alone, and that the unit's own value is among the drawn changes p by less
# than k/n. Below, each unit gets draws from exactly the others.
_SHARED_FROM = 1000


@dataclass(frozen=True, kw_only=True)
class Hotspots(Result):
    """One entry for each of n units; NaN where the statistic does not exist.

    z       standardised Gi or Gi*: above 0 high values lie together, below 0 low ones
    p_norm  from the normal approximation; poor for rare events and few neighbours
    p_sim   from conditional permutations, (r + 1) / (m + 1)
    q       p_sim adjusted for testing all units (`multiple_testing`)
    """

    z: NDArray[np.float64]
    p_norm: NDArray[np.float64]
    p_sim: NDArray[np.float64]
    q: NDArray[np.float64]

    def significant(self, level: float = 0.05) -> NDArray[np.bool_]:
        """The units whose adjusted p-value is at most `level`."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.q <= level)


def getis_ord(
    counts: ArrayLike,
    neighbours: Any,
    *,
    star: bool = True,
    exposure: ArrayLike | None = None,
    permutations: int = 999,
    alternative: Alternative = "two-sided",
    multiple_testing: str | None = "fdr_bh",
    seed: int = 0,
) -> Hotspots:
    """Gi* (or, with `star=False`, Gi) of every unit, with permutation p-values.

    counts      (n,) zero or more, any numbers
    neighbours  see `neighbours.to_neighbours`; the unit itself is added by `star`
    exposure    (n,) zero or more; then the rates counts / exposure are tested, and units without
                exposure stay out: they get NaN and count as nobody's neighbour
    permutations  draws of the neighbours' values from the other units

    Raises ValueError for values that are not finite, negative or do not fit in number.
    """
    one_of("alternative", alternative, ("greater", "less", "two-sided"))
    at_least("permutations", permutations, 1)
    values = finite("counts", counts)
    if (values < 0).any():
        raise ValueError("counts: negative values")
    links = to_neighbours(neighbours)
    if len(links) != values.size:
        raise ValueError(f"neighbours: {values.size} units wanted, {len(links)} given")
    rates, included = _rates(values, exposure)
    inner = _restricted(links, included)
    z_inner = _z(rates[included], inner, star=star)
    p_inner = _permuted(rates[included], inner, z_inner, permutations, alternative, seed)
    z, p_sim = (np.full(values.size, np.nan) for _ in range(2))
    z[included], p_sim[included] = z_inner, p_inner
    return Hotspots(
        basis=Basis(
            method="Getis-Ord Gi*" if star else "Getis-Ord Gi",
            parameters={
                "star": star,
                "exposure": exposure is not None,
                "alternative": alternative,
                "multiple_testing": multiple_testing,
            },
            n=int(values.size),
            fingerprint=fingerprint(values, links.indptr, links.indices, links.weights, rates),
            seed=seed,
            replicates=permutations,
        ),
        z=z,
        p_norm=_normal_tail(z, alternative),
        p_sim=p_sim,
        q=significance.adjusted(p_sim, multiple_testing),
    )


def _rates(
    values: NDArray[np.float64], exposure: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    if exposure is None:
        return values, np.ones(values.size, bool)
    base = finite("exposure", exposure)
    same_length(counts=values, exposure=base)
    if (base < 0).any():
        raise ValueError("exposure: negative values")
    if ((base == 0) & (values > 0)).any():
        raise ValueError("exposure: zero where something was counted")
    included = base > 0
    return np.divide(values, base, out=np.zeros_like(values), where=included), included


def _restricted(links: Neighbours, included: NDArray[np.bool_]) -> Neighbours:
    """The neighbours among the included units alone, renumbered."""
    if included.all():
        return links
    new_number = np.cumsum(included) - 1
    rows = links.rows
    kept = included[rows] & included[links.indices]
    indptr = np.concatenate(
        [[0], np.cumsum(np.bincount(new_number[rows[kept]], minlength=int(included.sum())))]
    )
    weights = None if links.weights is None else links.weights[kept]
    return Neighbours(indptr, new_number[links.indices[kept]], weights)


def _z(x: NDArray[np.float64], links: Neighbours, *, star: bool) -> NDArray[np.float64]:
    """Ord & Getis' (1995) equations 5 (Gi) and 6 (Gi*)."""
    n = x.size
    weight_sum, square_sum = links.weight_sums()
    total = links.sums(x)
    if star:
        total, weight_sum, square_sum = total + x, weight_sum + 1, square_sum + 1
        size, mean, variance = n, np.full(n, x.mean() if n else np.nan), np.full(n, x.var())
    else:
        size = n - 1
        mean = (x.sum() - x) / max(size, 1)
        variance = ((x**2).sum() - x**2) / max(size, 1) - mean**2
    spread = variance * (size * square_sum - weight_sum**2) / max(size - 1, 1)
    # A variance that is zero but for rounding means that there is nothing to tell apart.
    exists = (links.counts > 0) & (spread > 1e-12 * max(1.0, float(np.square(x).max(initial=0))))
    z = np.full(n, np.nan)
    z[exists] = (total - weight_sum * mean)[exists] / np.sqrt(spread[exists])
    return z


def _normal_tail(z: NDArray[np.float64], alternative: Alternative) -> NDArray[np.float64]:
    from scipy import special

    if alternative == "greater":
        return np.asarray(special.ndtr(-z))
    if alternative == "less":
        return np.asarray(special.ndtr(z))
    return np.asarray(2 * special.ndtr(-np.abs(z)))


def _permuted(
    x: NDArray[np.float64],
    links: Neighbours,
    z: NDArray[np.float64],
    permutations: int,
    alternative: Alternative,
    seed: int,
) -> NDArray[np.float64]:
    """p-values of the neighbours' sums, the own value held fixed (conditional permutation)."""
    p = np.full(x.size, np.nan)
    tested = np.flatnonzero(~np.isnan(z))
    observed = links.sums(x)
    rng = np.random.default_rng(seed)
    if links.weights is None and x.size >= _SHARED_FROM:
        sizes = links.counts
        for k in np.unique(sizes[tested]):
            units = tested[sizes[tested] == k]
            null = _draws(x, int(k), permutations, rng).sum(axis=1)
            p[units] = significance.monte_carlo(observed[units], null, alternative=alternative)
        return p
    for unit in tested:
        row = slice(links.indptr[unit], links.indptr[unit + 1])
        drawn = _draws(np.delete(x, unit), row.stop - row.start, permutations, rng)
        null = drawn.sum(axis=1) if links.weights is None else drawn @ links.weights[row]
        p[unit] = significance.monte_carlo(observed[unit], null, alternative=alternative)[0]
    return p


def _draws(
    x: NDArray[np.float64], k: int, replicates: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """(replicates, k) values, each row drawn from x without replacement.

    Rows are consecutive pieces of shuffled copies of x: within a row no unit comes twice.
    """
    per_copy = x.size // k
    copies = -(-replicates // per_copy)
    pieces = np.empty((copies * per_copy, k))
    for copy in range(copies):
        pieces[copy * per_copy : (copy + 1) * per_copy] = rng.permutation(x)[
            : per_copy * k
        ].reshape(per_copy, k)
    return pieces[:replicates]
