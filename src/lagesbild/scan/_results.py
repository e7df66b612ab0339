"""What a scan says."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._results import Result


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A window of space and time that stands out.

    centre                the id of the location in its middle (row of `grid` when one was given;
                          None for a purely temporal cluster, which is everywhere)
    x, y                  the centre as it was given: metres, or longitude and latitude
    radius_m              to the location farthest from the centre
    location_ids          every location in it, nearest first
    start, end            first and last day, or first and last column (or its label); both in it
    observed, expected    cases
    relative_risk         (observed / expected) inside over the same outside; infinite when all
                          cases are inside
    log_likelihood_ratio  the test statistic
    p_value               that chance alone gives a window this unlikely, somewhere, some time
    gumbel_p_value        the same from a Gumbel fit to the replicates; None where none fits
    recurrence_interval   time units between chance clusters like this when the scan is repeated
                          every time unit: 1 / p_value; None unless prospective
    """

    centre: Any
    x: float
    y: float
    radius_m: float
    location_ids: tuple[Any, ...]
    start: Any
    end: Any
    observed: int
    expected: float
    relative_risk: float
    log_likelihood_ratio: float
    p_value: float
    gumbel_p_value: float | None
    recurrence_interval: float | None


@dataclass(frozen=True, kw_only=True)
class ScanResult(Result):
    """Clusters by falling log-likelihood ratio; the first is the most likely one.

    clusters   may be empty: then no window at all had more (fewer) cases than expected
    cases      in all
    locations  distinct places
    columns    steps of time
    start, end of the study period, as the clusters give theirs
    null       (replicates,) the greatest ratio of each replicate
    """

    clusters: tuple[Cluster, ...]
    cases: int
    locations: int
    columns: int
    start: Any
    end: Any
    null: NDArray[np.float64]

    @property
    def most_likely(self) -> Cluster | None:
        """The first cluster, if there is any."""
        return self.clusters[0] if self.clusters else None
