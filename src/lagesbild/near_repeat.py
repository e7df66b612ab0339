"""Near repeats: do events follow one another closely in space and time more than chance explains?

Knox' test. Sources: Knox (1964), Appl Stat 13:25; Barton & David (1966), in Research Papers in
Statistics, p. 217 (mean and variance over all permutations); Townsley, Homel & Chaseling (2003),
Br J Criminol 43:615; Ratcliffe (2009), Near Repeat Calculator (bands and ratio).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import significance
from lagesbild._checks import at_least, finite, one_of
from lagesbild._results import Basis, Result
from lagesbild.events import Events

_SECONDS_A_DAY = 86_400.0
Method = Literal["permutation", "poisson", "normal"]


@dataclass(frozen=True, kw_only=True)
class NearRepeat(Result):
    """Knox' table, each array (distance bands, time bands).

    distances, intervals   upper edges of the bands (metres, days), inclusive
    observed, expected     pairs of events; expected is the exact mean over all permutations
    standard_deviation     exact, over all permutations
    ratio                  observed / expected, NaN where nothing is expected
    p_value                that chance gives as many pairs or more, by `basis.method`
    p_poisson              P(X > observed) for a Poisson count, as splancs and pointpats print it;
                           it leaves out the observed count itself and so is a little too small
    """

    distances: NDArray[np.float64]
    intervals: NDArray[np.float64]
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    standard_deviation: NDArray[np.float64]
    ratio: NDArray[np.float64]
    p_value: NDArray[np.float64]
    p_poisson: NDArray[np.float64]


def knox(
    events: Events,
    *,
    distances: ArrayLike,
    intervals: ArrayLike,
    permutations: int = 999,
    method: Method = "permutation",
    seed: int = 0,
) -> NearRepeat:
    """Count pairs of events that are close in both space and time, against chance.

    `distances` (metres) and `intervals` (days) are rising upper edges of bands; a pair belongs to
    the first band whose edge is not below it, so one edge each gives Knox' original test, and a
    first distance of 0 sets repeats at the very same place apart. Events known within an interval
    count at its middle.

    method  'permutation': times are shuffled over places `permutations` times, p by rank.
            'poisson': P(X >= observed) with the expected count as mean (Knox).
            'normal': from the exact permutation mean and variance; for many events.

    Raises ValueError for fewer than 3 events, or edges that are negative or do not rise.
    """
    one_of("method", method, ("permutation", "poisson", "normal"))
    space_edges, time_edges = _edges("distances", distances), _edges("intervals", intervals)
    if len(events) < 3:
        raise ValueError(f"events: at least 3 wanted, {len(events)} given")
    days = _days(events)
    table = _PairTable.of(events.x, events.y, days, space_edges, time_edges)
    expected, deviation = table.moments(days, time_edges)
    if method == "permutation":
        replicates = at_least("permutations", permutations, 1)
        null = table.permuted(days, time_edges, replicates, seed)
        p_value = significance.monte_carlo(table.observed.ravel(), null).reshape(expected.shape)
    else:
        replicates = 0
        p_value = _approximate(method, table.observed, expected, deviation)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(expected > 0, table.observed / expected, np.nan)
    return NearRepeat(
        basis=Basis(
            method=f"Knox' test, {method}",
            parameters={
                "distances_m": space_edges.tolist(),
                "intervals_days": time_edges.tolist(),
                "method": method,
            },
            n=len(events),
            fingerprint=events.fingerprint,
            seed=seed if method == "permutation" else None,
            replicates=replicates,
        ),
        distances=space_edges,
        intervals=time_edges,
        observed=table.observed,
        expected=expected,
        standard_deviation=deviation,
        ratio=ratio,
        p_value=p_value,
        p_poisson=_poisson_at_least(table.observed + 1, expected),
    )


def _edges(name: str, values: ArrayLike) -> NDArray[np.float64]:
    edges = finite(name, np.atleast_1d(np.asarray(values, dtype=np.float64)))
    if edges.size == 0 or edges[0] < 0 or (np.diff(edges) <= 0).any():
        raise ValueError(f"{name}: rising upper edges of zero or more wanted, {values!r} given")
    return edges


def _days(events: Events) -> NDArray[np.float64]:
    """Days since the first event; the middle of an interval where the moment is not known."""
    seconds: NDArray[np.float64] = events.start.astype(np.int64).astype(np.float64)
    if events.end is not None:
        seconds = (seconds + events.end.astype(np.int64)) / 2
    return np.asarray((seconds - seconds.min()) / _SECONDS_A_DAY)


@dataclass(frozen=True)
class _PairTable:
    """The events' pairs that are close in space, and what the permutations of time need."""

    n: int
    observed: NDArray[np.int64]  # (space bands, time bands)
    space_degrees: NDArray[np.int64]  # (n, space bands)
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]  # i, j, space band

    @classmethod
    def of(
        cls,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        days: NDArray[np.float64],
        space_edges: NDArray[np.float64],
        time_edges: NDArray[np.float64],
    ) -> "_PairTable":
        from scipy.spatial import KDTree

        tree = KDTree(np.column_stack([x, y]))
        # A hair beyond the edge: the band itself is decided below, in one way for all.
        found = tree.query_pairs(space_edges[-1] * (1 + 1e-12) + 1e-9, output_type="ndarray")
        i, j = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
        distance = np.hypot(x[i] - x[j], y[i] - y[j])
        band = np.searchsorted(space_edges, distance, side="left")
        kept = band < space_edges.size
        i, j, band = i[kept], j[kept], band[kept]
        n, bands = x.size, space_edges.size
        degrees = np.zeros((n, bands), np.int64)
        for end in (i, j):
            degrees += np.bincount(end * bands + band, minlength=n * bands).reshape(n, bands)
        table = cls(n, np.zeros((bands, time_edges.size), np.int64), degrees, (i, j, band))
        object.__setattr__(table, "observed", table.counts(days, time_edges))
        return table

    def counts(
        self, days: NDArray[np.float64], time_edges: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Pairs by space band and time band, were the events at these times."""
        i, j, space = self.pairs
        time = np.searchsorted(time_edges, np.abs(days[i] - days[j]), side="left")
        bands, time_bands = self.space_degrees.shape[1], time_edges.size
        flat = np.bincount(space * (time_bands + 1) + time, minlength=bands * (time_bands + 1))
        return flat.reshape(bands, time_bands + 1)[:, :time_bands]

    def permuted(
        self,
        days: NDArray[np.float64],
        time_edges: NDArray[np.float64],
        replicates: int,
        seed: int,
    ) -> NDArray[np.int64]:
        """Counts (replicates, bands) with the times shuffled over the places."""
        rng = np.random.default_rng(seed)
        shuffled = (self.counts(rng.permutation(days), time_edges) for _ in range(replicates))
        return np.array([counts.ravel() for counts in shuffled])

    def moments(
        self, days: NDArray[np.float64], time_edges: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and standard deviation of each count over all n! permutations.

        Two edges of the time graph fall on two of the space graph; edges that share a point can
        only fall on such that do (Barton & David).
        """
        n = float(self.n)
        space_pairs, space_forks = _edges_and_forks(self.space_degrees)
        time_pairs, time_forks = _edges_and_forks(_time_degrees(days, time_edges))
        all_pairs, all_forks = n * (n - 1) / 2, n * (n - 1) * (n - 2) / 2
        all_apart = n * (n - 1) * (n - 2) * (n - 3) / 8
        expected = np.outer(space_pairs, time_pairs) / all_pairs
        space_apart = space_pairs * (space_pairs - 1) / 2 - space_forks
        time_apart = time_pairs * (time_pairs - 1) / 2 - time_forks
        factorial = 2 * np.outer(space_forks, time_forks) / all_forks
        if all_apart:
            factorial = factorial + 2 * np.outer(space_apart, time_apart) / all_apart
        variance = np.maximum(0.0, factorial + expected - expected**2)
        return expected, np.sqrt(variance)


def _edges_and_forks(
    degrees: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of a graph given by its degrees: its edges, and its pairs of edges that share a point."""
    d = degrees.astype(np.float64)
    return d.sum(axis=0) / 2, (d * (d - 1) / 2).sum(axis=0)


def _time_degrees(days: NDArray[np.float64], time_edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many other events lie in each time band of each event, (n, time bands)."""
    ordered = np.sort(days)
    within = np.empty((days.size, time_edges.size), np.int64)
    for band, edge in enumerate(time_edges):
        above = _last_within(ordered, days, edge)
        below = _last_within(-ordered[::-1], -days, edge)
        within[:, band] = above + below - days.size - 1
    return np.diff(within, axis=1, prepend=0)


def _last_within(
    ordered: NDArray[np.float64], days: NDArray[np.float64], edge: float
) -> NDArray[np.int64]:
    """How many values v of `ordered` have v - day <= edge, decided by that very subtraction.

    Searching for day + edge alone would now and then round the other way than the pairs do.
    """
    count = np.searchsorted(ordered, days + edge, side="right").astype(np.int64)
    has_next = count < ordered.size
    following = np.where(has_next, ordered[np.minimum(count, ordered.size - 1)], np.inf)
    return count + (following - days <= edge)


def _approximate(
    method: str,
    observed: NDArray[np.int64],
    expected: NDArray[np.float64],
    deviation: NDArray[np.float64],
) -> NDArray[np.float64]:
    from scipy import special

    if method == "poisson":
        return _poisson_at_least(observed, expected)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (observed - 0.5 - expected) / deviation
    return np.where(deviation > 0, special.ndtr(-z), 1.0)


def _poisson_at_least(counts: NDArray[np.int64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(X >= count): for Poisson that is the regularised lower gamma function."""
    from scipy import special

    return np.where(counts > 0, special.gammainc(np.maximum(counts, 1), mean), 1.0)
