"""Hot spots: where do high (or low) counts lie together more than chance explains?

Getis and Ord's local Gi and Gi*. Sources: Getis & Ord (1992), Geogr Anal 24:189; Ord & Getis
(1995), Geogr Anal 27:286 (the standardised form used here); Caldas de Castro & Singer (2006),
Geogr Anal 38:180 (false discovery rate).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _threads, significance
from lagesbild._checks import at_least, finite, one_of, same_length
from lagesbild._results import Basis, Result, fingerprint
from lagesbild.neighbours import Neighbours, to_neighbours
from lagesbild.significance import Alternative

# Above this, one null distribution serves all units with the same number of neighbours: a sum of
# k draws depends on k alone, and that the unit's own value is among the drawn changes p by less
# than k/n. Below, each unit gets draws from exactly the others.
_SHARED_FROM = 1000
_NULL_SIZE = 1_000_000  # drawn sums held at once by each thread: 8 MB

Permute = Literal["others", "all"]


@dataclass(frozen=True, kw_only=True)
class Hotspots(Result):
    """One entry for each of n units; NaN where the statistic does not exist.

    z       standardised Gi or Gi*: above 0 high values lie together, below 0 low ones
    p_norm  from the normal approximation; poor for rare events and few neighbours
    p_sim   from permutations, of the neighbours alone or of all (`permute`), (r + 1) / (m + 1)
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
    permute: Permute = "others",
    alternative: Alternative = "two-sided",
    multiple_testing: str | None = "fdr_bh",
    seed: int = 0,
    threads: int | None = None,
) -> Hotspots:
    """Gi* (or, with `star=False`, Gi) of every unit, with permutation p-values.

    counts      (n,) zero or more, any numbers
    neighbours  see `neighbours.to_neighbours`; the unit itself is added by `star`
    exposure    (n,) zero or more; then the rates counts / exposure are tested, and units without
                exposure stay out: they get NaN and count as nobody's neighbour
    permutations  draws of values without replacement
    permute     "others": the unit keeps its value, its neighbours' are drawn from the other units,
                as in esda and spdep: is the surrounding high, whatever the unit itself has?
                "all": the whole sum of Gi* is drawn from all units, own value included: is the
                sum high? A unit in the middle of a hot spot counts for itself, too

    Raises ValueError for values that are not finite, negative or do not fit in number, and for
    `permute="all"` with Gi, whose sum has no value of the unit's own.
    """
    one_of("permute", permute, ("others", "all"))
    if permute == "all" and not star:
        raise ValueError("permute: 'all' belongs to Gi*; Gi leaves the own value out (star=False)")
    one_of("alternative", alternative, ("greater", "less", "two-sided"))
    at_least("permutations", permutations, 1)
    workers = _threads.workers(threads)
    values = finite("counts", counts)
    if (values < 0).any():
        raise ValueError("counts: negative values")
    links = to_neighbours(neighbours)
    if len(links) != values.size:
        raise ValueError(f"neighbours: {values.size} units wanted, {len(links)} given")
    rates, included = _rates(values, exposure)
    inner = _restricted(links, included)
    around = inner.sums(rates[included])
    z_inner = _z(rates[included], inner, around, star=star)
    draws = _Draws(rates[included], inner, around, permutations, seed)
    p_inner = _permuted(draws, np.flatnonzero(~np.isnan(z_inner)), permute, alternative, workers)
    z, p_sim = (np.full(values.size, np.nan) for _ in range(2))
    z[included], p_sim[included] = z_inner, p_inner
    return Hotspots(
        basis=Basis(
            method="Getis-Ord Gi*" if star else "Getis-Ord Gi",
            parameters={
                "star": star,
                "exposure": exposure is not None,
                "permute": permute,
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


def _z(
    x: NDArray[np.float64], links: Neighbours, around: NDArray[np.float64], *, star: bool
) -> NDArray[np.float64]:
    """Ord & Getis' (1995) equations 5 (Gi) and 6 (Gi*), of the sums over the neighbours."""
    n = x.size
    weight_sum, square_sum = links.weight_sums()
    total = around
    if star:
        total, weight_sum, square_sum = around + x, weight_sum + 1, square_sum + 1
        size, mean, variance = n, np.full(n, x.mean() if n else np.nan), np.full(n, x.var())
    else:
        size = n - 1
        mean = (x.sum() - x) / max(size, 1)
        variance = ((x**2).sum() - x**2) / max(size, 1) - mean**2
    spread = variance * (size * square_sum - weight_sum**2) / max(size - 1, 1)
    # A variance that is zero but for rounding means that there is nothing to tell apart.
    exists = (links.counts > 0) & (spread > 1e-12 * float(np.square(x).max(initial=0)))
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


@dataclass(frozen=True, eq=False)
class _Draws:
    """What is drawn: the values, whose neighbours, their observed sums, how often, from what."""

    x: NDArray[np.float64]
    links: Neighbours
    around: NDArray[np.float64]
    replicates: int
    seed: int


_Null = Callable[[NDArray[np.int64]], NDArray[np.float64]]
_Parts = list[NDArray[np.int64]]


def _permuted(
    draws: _Draws,
    tested: NDArray[np.int64],
    permute: Permute,
    alternative: Alternative,
    workers: int,
) -> NDArray[np.float64]:
    """p-values of the neighbours' sums given the own value, or of the sums with the own value."""
    is_weighted = draws.links.weights is not None
    with_own = permute == "all"
    observed = draws.around + draws.x if with_own else draws.around
    if not is_weighted and (with_own or draws.x.size >= _SHARED_FROM):
        sizes = draws.links.counts[tested]
        parts = [tested[sizes == k] for k in np.unique(sizes)]
        null_of = _shared_null(draws, with_own=with_own)
    else:
        rows = max(1, _NULL_SIZE // draws.replicates)
        parts = [tested[begin : begin + rows] for begin in range(0, tested.size, rows)]
        null_of = _own_nulls(draws, observed, with_own=with_own)
    slack = 0.0
    if not is_weighted and with_own and (draws.x != np.round(draws.x)).any():
        slack = 1e-12 * float(np.abs(draws.x).max(initial=0))

    def ranked(units: NDArray[np.int64]) -> NDArray[np.float64]:
        seen, null = observed[units], null_of(units)
        if slack:
            seen, null = _tied(seen, null, slack)
        return significance.monte_carlo(seen, null, alternative=alternative)

    p = np.full(draws.x.size, np.nan)
    for units, found in zip(parts, _threads.each(ranked, parts, workers), strict=True):
        p[units] = found
    return p


def _tied(
    seen: NDArray[np.float64], null: NDArray[np.float64], slack: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numbers of steps instead of sums: sums of the same values in another order are one step."""
    both = np.concatenate([seen, null])
    order = np.argsort(both, kind="stable")
    step = np.empty(both.size)
    step[order] = np.cumsum(np.diff(both[order], prepend=both[order[0]]) > slack)
    return step[: seen.size], step[seen.size :]


def _shared_null(draws: _Draws, *, with_own: bool) -> _Null:
    """(m,) for units that all have the same number of neighbours, drawn from all units."""
    from lagesbild import _hotspot_kernels as kernels  # numba: seconds, only when computing

    x = draws.x

    def draw(units: NDArray[np.int64]) -> NDArray[np.float64]:
        size = int(draws.links.counts[units[0]]) + with_own
        generator = _state(np.random.SeedSequence(draws.seed, spawn_key=(size,)), 4)
        null, pool = np.empty(draws.replicates), np.arange(x.size)
        kernels.sums_of_any(x, -1, np.ones(size), 0.0, -1.0, generator, pool, null)
        return null

    return draw


def _own_nulls(draws: _Draws, observed: NDArray[np.float64], *, with_own: bool) -> _Null:
    """(m, units), for each unit with its own weights, from exactly the others or from all."""
    from lagesbild import _hotspot_kernels as kernels  # numba: seconds, only when computing

    x, links = draws.x, draws.links
    weights = np.ones(links.indices.size) if links.weights is None else links.weights
    states = _state(np.random.SeedSequence(draws.seed), 4 * x.size).reshape(-1, 4)
    slack = 1e-12 * float(np.abs(x).max(initial=0) * np.abs(weights).max(initial=float(with_own)))

    def draw(units: NDArray[np.int64]) -> NDArray[np.float64]:
        null = np.empty((units.size, draws.replicates))
        kernels.sums_of_others(
            x, units, links.indptr, weights, observed, slack, states[units], with_own, null
        )
        return null.T

    return draw


def _state(sequence: np.random.SeedSequence, words: int) -> NDArray[np.uint64]:
    return np.asarray(sequence.generate_state(words, np.uint64), np.uint64)
