"""From a table of counts to clusters with p-values."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild import significance
from lagesbild.scan._chance import Chance
from lagesbild.scan._places import Places, Zones, along_a_curve, circles
from lagesbild.scan._results import Cluster
from lagesbild.scan._settings import Settings

_DIGITS = 9  # ratios that agree so far are equal: the rest is rounding
_INT16_MOST = 32_766


@dataclass(frozen=True)
class Table:
    """What is scanned: (places, columns) counts, and sizes to hold them against.

    sizes       expected cases; or people when `population` (their total) is above zero
    cases       in all
    """

    counts: NDArray[np.int64]
    sizes: NDArray[np.float64]
    cases: int
    population: float = 0.0

    def expected(self, size: float) -> float:
        return size * self.cases / self.population if self.population else size

    def backwards(self, columns: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The last `columns`, the last one first, each summed up to itself."""
        back = slice(None, -columns - 1, -1)
        return (
            np.ascontiguousarray(self.counts[:, back].cumsum(axis=1)),
            np.ascontiguousarray(self.sizes[:, back].cumsum(axis=1)),
        )


@dataclass(frozen=True)
class Window:
    """The best window of one centre; columns [first, beyond) in the order of time."""

    ratio: float
    centre: int
    places: NDArray[np.int32]
    radius: float
    first: int
    beyond: int
    observed: int
    expected: float


class Search:
    """One scan: the circles, the windows, the observed table and the replicates."""

    def __init__(self, table: Table, places: Places, centres: Places, settings: Settings) -> None:
        self.table, self.places, self.centres, self.settings = table, places, centres, settings
        all_columns = table.counts.shape[1]
        self.longest = settings.longest(all_columns)
        self.any_end = not settings.prospective
        self.columns = all_columns if self.any_end else self.longest
        self._order = along_a_curve(centres.at)
        self.zones = self._zones()
        self._counts, self._sizes = table.backwards(self.columns)
        self._largest = self._largest_zone()

    def _largest_zone(self) -> float:
        running = np.concatenate([[0.0], self._sizes[self.zones.neighbours, -1].cumsum()])
        return float(np.diff(running[self.zones.starts]).max(initial=0.0))

    def _zones(self) -> Zones:
        weights = self.table.sizes.sum(axis=1)
        radius = self.settings.max_radius_m
        return circles(
            self.places.at,
            self.centres.at[self._order],
            weights,
            self.settings.max_share * float(weights.sum()),
            np.inf if radius is None else self.places.straight(radius),
        )

    def _thresholds(self, kind: type[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        cells = kernels.grid_cell(self._largest * (1 + 1e-9)) + 2
        rates, whole = self.settings.rates, (float(self.table.cases), self.table.population)
        most = np.iinfo(kind).max
        high = np.full((kernels.LEVELS, cells), most, dtype=np.int64)
        low = np.full((kernels.LEVELS, cells), -1, dtype=np.int64)
        if rates != "low":
            high = kernels.high_thresholds(cells, *whole, self.settings.least_cases)
        if rates != "high":
            low = kernels.low_thresholds(cells, *whole)
        return np.minimum(high, most).astype(kind), np.minimum(low, most).astype(kind)

    def observed(self) -> list[Window]:
        """The best window of every centre that has one, most unlikely first.

        Of equal ratios, first the one with the fewest places, then the lowest id of its centre:
        SaTScan's order.
        """
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        size = self._order.size
        ratio, window = np.zeros(size), np.zeros((size, 4), dtype=np.int64)
        kernels.scan_centres(
            self._counts, self._sizes, self.zones.neighbours, self.zones.starts, self.longest,
            self.any_end, *self._thresholds(np.int64),
            float(self.table.cases), self.table.population, ratio, window,
        )  # fmt: skip
        ranks = _id_ranks(self.centres)
        found = [self._window(int(i), ratio[i], *window[i]) for i in np.flatnonzero(ratio > 0)]
        return sorted(
            found,
            key=lambda w: (-round(w.ratio, _DIGITS), w.places.size, ranks[w.centre]),
        )

    def _window(
        self, position: int, ratio: float, size: int, last: int, beyond: int, observed: int
    ) -> Window:
        columns = self.table.counts.shape[1]
        zone = self.zones.of(position, int(size))
        first, end = columns - int(beyond), columns - int(last)
        return Window(
            ratio=float(ratio),
            centre=int(self._order[position]),
            places=zone,
            radius=self.zones.radius(position, int(size)),
            first=first,
            beyond=end,
            observed=int(observed),
            expected=self.table.expected(float(self.table.sizes[zone, first:end].sum())),
        )

    def null(self, chance: Chance, most_likely: float) -> NDArray[np.float64]:
        """The greatest ratio of each replicate.

        With `stop_after` h, replicates end before the h-th that reaches the ratio `most_likely`:
        the rank p-value of those that are left is Besag and Clifford's h / (replicates drawn).
        """
        reached, drawn = 0, []
        for best in self._blocks(chance):
            ratios = np.round(best, _DIGITS)
            drawn.append(ratios)
            if self.settings.stop_after is None:
                continue
            hits = np.flatnonzero(ratios >= round(most_likely, _DIGITS))
            if reached + hits.size >= self.settings.stop_after:
                drawn[-1] = ratios[: hits[self.settings.stop_after - reached - 1]]
                break
            reached += hits.size
        return np.concatenate(drawn)

    def _blocks(self, chance: Chance) -> Iterator[NDArray[np.float64]]:
        """Replicates in blocks, in order, some at the same time."""
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        left = self.settings.replicates
        lanes = [min(kernels.LANES, left - done) for done in range(0, left, kernels.LANES)]
        draw = self._drawer(chance)
        workers = min(self.settings.workers, len(lanes))
        if workers == 1:
            yield from (draw(block, size) for block, size in enumerate(lanes))
            return
        with ThreadPoolExecutor(workers) as pool:
            for begin in range(0, len(lanes), workers):
                some = lanes[begin : begin + workers]
                yield from pool.map(draw, range(begin, begin + len(some)), some)

    def _drawer(self, chance: Chance) -> Callable[[int, int], NDArray[np.float64]]:
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        kind: type[Any] = np.int16 if chance.most(self._largest) <= _INT16_MOST else np.int32
        high, low = self._thresholds(kind)
        shape = (self._sizes.shape[0], self.columns, kernels.LANES)
        floors = [0]  # the level where to begin, learnt from the block before

        def draw(block: int, lanes: int) -> NDArray[np.float64]:
            seed = np.random.SeedSequence(self.settings.seed, spawn_key=(block,))
            counts = np.zeros(shape, dtype=kind)
            chance.fill(counts.reshape(-1, kernels.LANES), lanes, seed)
            kernels.sum_columns(counts)
            floor = floors[0]
            best = greatest(counts, floor, lanes)
            if floor and best.min() <= floor * kernels.LEVEL_STEP:
                best = greatest(counts, 0, lanes)
            floors[0] = max(0, int(best.min() / kernels.LEVEL_STEP) - 1)
            return best

        def greatest(counts: NDArray[Any], floor: int, lanes: int) -> NDArray[np.float64]:
            best = np.empty(kernels.LANES)
            kernels.scan_lanes(
                counts, self._sizes, self.zones.neighbours, self.zones.starts, self.longest,
                self.any_end, self.settings.rates != "high", high, low,
                float(self.table.cases), self.table.population, floor, lanes, best,
            )  # fmt: skip
            return best[:lanes]

        return draw

    def chosen(self, windows: list[Window]) -> list[Window]:
        """Those to report: no overlap with more likely ones, as the setting says."""
        chosen: list[Window] = []
        for window in windows:
            if len(chosen) == self.settings.max_clusters:
                break
            if not any(self._clash(window, other) for other in chosen):
                chosen.append(window)
        return chosen

    def _clash(self, one: Window, other: Window) -> bool:
        if self.settings.overlap == "any":
            return False
        if self.settings.overlap == "none":
            return bool(np.isin(one.places, other.places).any())
        between = np.linalg.norm(self.centres.at[one.centre] - self.centres.at[other.centre])
        return bool(between <= max(one.radius, other.radius))

    def clusters(
        self,
        windows: list[Window],
        null: NDArray[np.float64],
        starts: NDArray[Any],
        ends: NDArray[Any],
    ) -> tuple[Cluster, ...]:
        """Windows with their p-values and their names; `starts`, `ends` label the columns."""
        if not windows:
            return ()
        ranked = _rank_p_values(np.array([round(w.ratio, _DIGITS) for w in windows]), null)
        fitted = [_gumbel(window.ratio, null) for window in windows]
        return tuple(
            self._cluster(window, float(p), gumbel, starts[window.first], ends[window.beyond - 1])
            for window, p, gumbel in zip(windows, ranked, fitted, strict=True)
        )

    def _cluster(
        self, window: Window, ranked: float, fitted: float | None, start: Any, end: Any
    ) -> Cluster:
        use_fit = self.settings.p_value == "gumbel" and fitted is not None
        p_value = fitted if use_fit and fitted is not None else ranked
        x, y = self.centres.shown[window.centre]
        return Cluster(
            centre=self.centres.ids[window.centre][0],
            x=float(x),
            y=float(y),
            radius_m=self.places.arc(window.radius) if np.isfinite(x) else float("nan"),
            location_ids=tuple(i for place in window.places for i in self.places.ids[place]),
            start=start,
            end=end,
            observed=window.observed,
            expected=window.expected,
            relative_risk=_relative_risk(window.observed, window.expected, self.table.cases),
            log_likelihood_ratio=window.ratio,
            p_value=p_value,
            gumbel_p_value=fitted,
            recurrence_interval=1 / p_value if self.settings.prospective and p_value > 0 else None,
        )


def _id_ranks(centres: Places) -> dict[int, int]:
    ids = [group[0] for group in centres.ids]
    try:
        order = sorted(range(len(ids)), key=lambda centre: ids[centre])
    except TypeError:  # ids of several kinds
        order = sorted(range(len(ids)), key=lambda centre: str(ids[centre]))
    return {centre: rank for rank, centre in enumerate(order)}


def _rank_p_values(ratios: NDArray[np.float64], null: NDArray[np.float64]) -> NDArray[np.float64]:
    if null.size == 0:  # stop_after=1 and the very first replicate reached the ratio
        return np.ones(ratios.size)
    return significance.monte_carlo(ratios, null)


def _gumbel(ratio: float, null: NDArray[np.float64]) -> float | None:
    if null.size < 2 or np.ptp(null) == 0:
        return None
    return significance.gumbel(ratio, null)


def _relative_risk(observed: int, expected: float, cases: int) -> float:
    outside = cases - observed
    if outside == 0 or expected >= cases:
        return float("inf")
    return (observed / expected) / (outside / (cases - expected)) if expected > 0 else float("inf")
