"""The options of all scans, checked in one place."""

import os
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypedDict

from numpy.typing import ArrayLike

from lagesbild._checks import at_least, one_of, positive
from lagesbild.scan._calendar import TIME_UNITS, TimeUnit

Rates = Literal["high", "low", "both"]
Overlap = Literal["none", "no_centres", "any"]
PValue = Literal["rank", "gumbel"]
Metric = Literal["planar", "great_circle"]


class Advanced(TypedDict, total=False):
    """Options that few need; every scan takes them.

    grid          (m, 2) centres of circles; by default the locations themselves
    metric        'planar': coordinates in metres. 'great_circle': longitude, latitude in degrees
    least_cases   in a cluster of high rates; default 2
    overlap       of reported clusters. 'none' (default, as SaTScan's): no location in two of
                  them. 'no_centres': none has its centre in another. 'any': the best circle of
                  every centre.
    max_clusters  reported; default 20
    stop_after    stop once so many replicates reach the most likely cluster's ratio (Besag and
                  Clifford's sequential p-value; 50 is usual): quick when there is nothing to find
    p_value       'rank' (default), or 'gumbel' for p-values far below 1 / (replicates + 1)
    threads       default: all cores. Results never depend on it.
    """

    grid: ArrayLike | None
    metric: Metric
    least_cases: int
    overlap: Overlap
    max_clusters: int
    stop_after: int | None
    p_value: PValue
    threads: int | None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Checked options. Raises ValueError naming the argument."""

    max_share: float
    max_radius_m: float | None
    max_duration: int | None
    time_unit: TimeUnit
    prospective: bool
    rates: Rates
    replicates: int
    seed: int
    grid: ArrayLike | None = None
    metric: Metric = "planar"
    least_cases: int = 2
    overlap: Overlap = "none"
    max_clusters: int = 20
    stop_after: int | None = None
    p_value: PValue = "rank"
    threads: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.max_share <= 1:
            raise ValueError(f"max_share: above 0 and at most 1 wanted, {self.max_share!r} given")
        if self.max_radius_m is not None:
            positive("max_radius_m", self.max_radius_m)
        for name in ("max_duration", "stop_after", "threads"):
            if getattr(self, name) is not None:
                at_least(name, getattr(self, name), 1)
        for name in ("least_cases", "max_clusters", "replicates"):
            at_least(name, getattr(self, name), 1)
        at_least("seed", self.seed, 0)
        one_of("time_unit", self.time_unit, TIME_UNITS)
        one_of("rates", self.rates, ("high", "low", "both"))
        one_of("overlap", self.overlap, ("none", "no_centres", "any"))
        one_of("p_value", self.p_value, ("rank", "gumbel"))
        one_of("metric", self.metric, ("planar", "great_circle"))

    def longest(self, columns: int) -> int:
        """Columns in a window at most: half of them unless said."""
        if self.max_duration is not None:
            return min(int(self.max_duration), columns)
        return max(1, columns // 2)

    @property
    def workers(self) -> int:
        if self.threads is not None:
            return self.threads
        if hasattr(os, "sched_getaffinity"):  # the cores this process may use; Linux only
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    def parameters(self, **more: Any) -> dict[str, Any]:
        """What a result depends on, as it is put down in its basis."""
        values = asdict(self)
        for name in ("seed", "replicates", "threads", "grid"):
            del values[name]
        return {**values, "grid": self.grid is not None, **more}
