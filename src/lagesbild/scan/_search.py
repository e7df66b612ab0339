"""From a table of counts to clusters with p-values."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild import significance
from lagesbild.scan._chance import Chance
from lagesbild.scan._data import Table
from lagesbild.scan._places import Places, Zones, along_a_curve, circles
from lagesbild.scan._results import Cluster
from lagesbild.scan._settings import Settings

_DIGITS = 9  # ratios that agree so far are equal: the rest is rounding
_INT16_MOST = 32_766


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
        self._high, self._low = self._thresholds()

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

    def _thresholds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        cells = kernels.grid_cell(self._largest * (1 + 1e-9)) + 2
        rates, whole = self.settings.rates, (float(self.table.cases), self.table.population)
        high = np.full((kernels.LEVELS, cells), np.iinfo(np.int64).max)
        low = np.full((kernels.LEVELS, cells), -1)
        if rates != "low":
            high = kernels.high_thresholds(cells, *whole, self.settings.least_cases)
        if rates != "high":
            low = kernels.low_thresholds(cells, *whole)
        return high, low

    def observed(self) -> Iterator[Window]:
        """The best window of every centre that has one, most unlikely first.

        Of equal ratios, first the one with the fewest places, then the lowest id of its centre:
        SaTScan's order.
        """
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        ratio = np.zeros(self._order.size)
        window = np.zeros((self._order.size, 4), dtype=np.int64)
        kernels.scan_centres(
            self._counts, self._sizes, self.zones.neighbours, self.zones.starts, self.longest,
            self.any_end, self._high, self._low,
            float(self.table.cases), self.table.population, ratio, window,
        )  # fmt: skip
        ratio = ratio.round(_DIGITS)
        order = np.lexsort((_id_ranks(self.centres)[self._order], window[:, 0], -ratio))
        for position in order[ratio[order] > 0]:
            yield self._window(int(position), float(ratio[position]), *window[position].tolist())

    def _window(
        self, position: int, ratio: float, size: int, last: int, beyond: int, observed: int
    ) -> Window:
        columns = self.table.counts.shape[1]
        zone, centre = self.zones.of(position, size), int(self._order[position])
        first, end = columns - beyond, columns - last
        return Window(
            ratio=ratio,
            centre=centre,
            places=zone,
            radius=float(np.linalg.norm(self.centres.at[centre] - self.places.at[zone[-1]])),
            first=first,
            beyond=end,
            observed=observed,
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
            hits = np.flatnonzero(ratios >= most_likely)
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
        most = np.iinfo(kind).max
        high, low = (np.minimum(table, most).astype(kind) for table in (self._high, self._low))
        shape = (self._sizes.shape[0], self.columns, kernels.LANES)
        in_space = self._zone_sizes()
        # The level to begin at, learnt from a block before: it saves time and changes no result,
        # as a block with a replicate that stays below it is searched again from the ground.
        floors = [0]

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
            want_low = self.settings.rates != "high"
            whole = (float(self.table.cases), self.table.population)
            if in_space is None:
                kernels.scan_lanes(
                    counts, self._sizes, self.zones.neighbours, self.zones.starts, self.longest,
                    self.any_end, want_low, high, low, *whole, floor, lanes, best,
                )  # fmt: skip
            else:
                kernels.scan_lanes_in_space(
                    counts[:, 0], *in_space, self.zones.neighbours, self.zones.starts,
                    want_low, high, low, *whole, floor, lanes, best,
                )  # fmt: skip
            return best[:lanes]

        return draw

    def _zone_sizes(self) -> tuple[NDArray[np.float64], NDArray[np.int32]] | None:
        """The sizes of all circles, and where they are looked up; None where windows have times."""
        from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

        if self.columns > 1:
            return None
        summed = np.empty(self.zones.neighbours.size)
        cells = np.empty(summed.size, dtype=np.int32)
        kernels.zone_sizes(
            self._sizes[:, 0], self.zones.neighbours, self.zones.starts, summed, cells
        )
        return summed, cells

    def chosen(self, windows: Iterable[Window]) -> list[Window]:
        """Those to report: no overlap with more likely ones, as the setting says."""
        chosen: list[Window] = []
        taken = np.zeros(len(self.places), dtype=bool)
        for window in windows:
            if self.settings.overlap == "none":
                clash = bool(taken[window.places].any())
            else:
                clash = any(self._centres_clash(window, other) for other in chosen)
            if not clash:
                chosen.append(window)
                taken[window.places] = True
            if len(chosen) == self.settings.max_clusters:
                break
        return chosen

    def _centres_clash(self, one: Window, other: Window) -> bool:
        if self.settings.overlap == "any":
            return False
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
        ranked = _rank_p_values(np.array([window.ratio for window in windows]), null)
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


def _id_ranks(centres: Places) -> NDArray[np.int64]:
    ids = [group[0] for group in centres.ids]
    try:
        order = sorted(range(len(ids)), key=ids.__getitem__)
    except TypeError:  # ids of several kinds
        order = sorted(range(len(ids)), key=lambda centre: str(ids[centre]))
    return np.argsort(order)


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
