"""What surveillance returns, and how bounds become alarms, scores and q-values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild import significance
from lagesbild._results import Basis, Result, fingerprint
from lagesbild.surveillance._panel import Panel

# A p-value of 0 would claim that something cannot happen; tails run out of digits before that.
_SMALLEST_P = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, kw_only=True)
class Surveillance(Result):
    """What was found in each monitored week; arrays (series, weeks), or (weeks,) for one series.

    weeks        which columns of the counts were monitored
    alarm        whether the count lies above the upper bound (and enough was counted at all); for
                 the charts `cusum` and `glr_poisson` on it or above
    expected     what the past leads one to expect; NaN where nothing can be said
    upper_bound  above this the count is an alarm
    score        (count - expected) / (upper_bound - expected): an alarm is above 1
    p_value      chance of such a count or more, in (0, 1]; NaN where the method gives none
    q_value      p_value adjusted over the series of a week
    """

    weeks: NDArray[np.int64]
    alarm: NDArray[np.bool_]
    expected: NDArray[np.float64]
    upper_bound: NDArray[np.float64]
    score: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]


def finished(
    method: str,
    panel: Panel,
    *,
    expected: NDArray[np.float64],
    upper: NDArray[np.float64],
    p_value: NDArray[np.float64] | None = None,
    enough: NDArray[np.bool_] | None = None,
    multiple_testing: str | None,
    parameters: Mapping[str, Any],
    touching: bool = False,
) -> Surveillance:
    """Arrays (series, monitored) as a result; with `touching`, a count on the bound is an alarm."""
    observed = panel.observed
    said = np.ones(observed.shape, bool) if enough is None else enough
    p = np.full(observed.shape, np.nan) if p_value is None else np.maximum(p_value, _SMALLEST_P)
    p = np.where(said, p, np.nan)
    bound = np.where(said, upper, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = observed >= bound if touching else observed > bound
        score = (observed - expected) / (bound - expected)
    q_value = np.array([significance.adjusted(week, multiple_testing) for week in p.T.copy()]).T
    arrays = {
        "alarm": np.asarray(above & said & (observed > 0)),
        "expected": np.where(said, expected, np.nan),
        "upper_bound": bound,
        "score": score,
        "p_value": p,
        "q_value": q_value,
    }
    if panel.one_series:
        arrays = {name: array[0] for name, array in arrays.items()}
    return Surveillance(
        basis=Basis(
            method=method,
            parameters={
                **parameters,
                "exposure": panel.has_exposure,
                "multiple_testing": multiple_testing,
            },
            n=int(panel.y.sum()),
            fingerprint=fingerprint(panel.compact, panel.exposure if panel.has_exposure else None),
        ),
        weeks=panel.weeks,
        **arrays,
    )
