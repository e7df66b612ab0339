"""Near repeats: do events follow one another closely in space and time more than chance explains?

Knox' test. Sources: Knox (1964), Appl Stat 13:25; Barton & David (1966), in Research Papers in
Statistics, p. 217 (mean and variance over all permutations); Townsley, Homel & Chaseling (2003),
Br J Criminol 43:615; Ratcliffe (2009), Near Repeat Calculator (bands and ratio).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _threads, significance
from lagesbild._checks import at_least, finite, one_of
from lagesbild._pairs import Tree, neighbours_in_time
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
    threads: int | None = None,
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
    workers = _threads.workers(threads)
    clock = _Clock.of(events, time_edges)
    observed = _close(events, clock, space_edges, workers)
    tree = Tree.of((events.x, events.y), (1.0, 1.0), workers)
    expected, deviation = _moments(
        len(events), tree.neighbours(space_edges), neighbours_in_time(clock.times, clock.spans)
    )
    replicates = at_least("permutations", permutations, 1) if method == "permutation" else 0
    if method == "permutation":
        null = tree.permuted(clock.times, space_edges, clock.spans, replicates, seed)
        p_value = significance.monte_carlo(observed.ravel(), null.reshape(replicates, -1))
        p_value = p_value.reshape(expected.shape)
    else:
        p_value = _approximate(method, observed, expected, deviation)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
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
        observed=observed,
        expected=expected,
        standard_deviation=deviation,
        ratio=ratio,
        p_value=p_value,
        p_poisson=_poisson_at_least(observed + 1, expected),
    )


def _edges(name: str, values: ArrayLike) -> NDArray[np.float64]:
    edges = finite(name, np.atleast_1d(np.asarray(values, dtype=np.float64)))
    if edges.size == 0 or edges[0] < 0 or (np.diff(edges) <= 0).any():
        raise ValueError(f"{name}: rising upper edges of zero or more wanted, {values!r} given")
    return edges


def _close(
    events: Events, clock: "_Clock", distances: NDArray[np.float64], workers: int
) -> NDArray[np.int64]:
    """Pairs in each band of distance and of time, as they were."""
    scale = (distances[-1], distances[-1], float(clock.spans[-1]))
    times = clock.times.astype(np.float64)
    return Tree.of((events.x, events.y, times), scale, workers).close(distances, clock.spans)


@dataclass(frozen=True)
class _Clock:
    """Times and edges of time as whole numbers, so that an edge is met exactly or not at all."""

    times: NDArray[np.int64]  # from the first event on
    spans: NDArray[np.int64]  # the intervals' edges

    @classmethod
    def of(cls, events: Events, intervals: NDArray[np.float64]) -> "_Clock":
        """In the coarsest unit that all times are multiples of: days, where only days are known.

        An event known within an interval stands at its middle, so seconds are halved first.
        """
        doubled = 2 * events.start.astype(np.int64)
        if events.end is not None:
            doubled = events.start.astype(np.int64) + events.end.astype(np.int64)
        doubled -= doubled.min()
        unit = max(1, int(np.gcd.reduce(doubled)))
        times = doubled // unit
        # Beyond the last event an edge makes no difference, and might not fit. A hair is added, as
        # a third of a day must not fall short of its 8 hours by a rounding.
        seconds = np.minimum(intervals * _SECONDS_A_DAY, float(doubled.max()))
        spans = np.floor(2 * seconds / unit * (1 + 1e-12)).astype(np.int64)
        return cls(times, spans)


def _moments(
    n: int, space: NDArray[np.float64], time: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each count over all n! permutations.

    `space` and `time`: of each band's graph the sum of degrees d and that of d (d - 1). Two edges
    of the time graph fall on two of the space graph; edges that share a point can only fall on
    such that do (Barton & David).
    """
    space_pairs, space_forks = space[:, 0] / 2, space[:, 1] / 2
    time_pairs, time_forks = time[:, 0] / 2, time[:, 1] / 2
    m = float(n)
    all_pairs, all_forks = m * (m - 1) / 2, m * (m - 1) * (m - 2) / 2
    all_apart = m * (m - 1) * (m - 2) * (m - 3) / 8
    expected = np.outer(space_pairs, time_pairs) / all_pairs
    space_apart = space_pairs * (space_pairs - 1) / 2 - space_forks
    time_apart = time_pairs * (time_pairs - 1) / 2 - time_forks
    factorial = 2 * np.outer(space_forks, time_forks) / all_forks
    if all_apart:
        factorial = factorial + 2 * np.outer(space_apart, time_apart) / all_apart
    variance = np.maximum(0.0, factorial + expected - expected**2)
    return expected, np.sqrt(variance)


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
