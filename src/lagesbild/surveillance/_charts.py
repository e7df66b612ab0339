"""Charts that remember: CUSUM, and the generalised likelihood ratio for Poisson counts."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _threads
from lagesbild._checks import at_least, one_of, positive
from lagesbild.surveillance._baseline import usual_counts
from lagesbild.surveillance._panel import Panel, read_panel
from lagesbild.surveillance._results import Surveillance, finished

Floats = NDArray[np.float64]
_SERIES_AT_LEAST = 64  # for a thread to be worth its start


def cusum(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    reference: float = 1.04,
    decision: float = 2.26,
    seasonal: bool = False,
    transformation: Literal["standard", "rossi"] = "rossi",
    exposure: ArrayLike | None = None,
    season_length: int = 52,
    reset: bool = False,
) -> Surveillance:
    """A cumulative sum of standardised counts: finds small rises that last.

    The weeks are run through in order from the first one given, each carrying what is above
    `reference` on; an alarm is a sum of at least `decision`. What is usual is the mean of all
    weeks before the first, or with `seasonal` a Poisson fit with one yearly wave. Exposure as
    counts, above 0. No p-value: the chance of an alarm depends on the weeks before.

    Raises ValueError for weeks that do not follow one another, or no past.
    """
    panel = _in_order(counts, weeks, exposure)
    one_of("transformation", transformation, ("standard", "rossi"))
    positive("decision", decision)
    usual = usual_counts(panel, seasonal=seasonal, trend=False, season_length=season_length)
    rossi = transformation == "rossi"
    observed = panel.observed
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(usual)
        if rossi:
            standard = (observed - 3 * usual + 2 * np.sqrt(observed * usual)) / (2 * root)
        else:
            standard = (observed - usual) / root
    sums = np.zeros(observed.shape[0])
    upper = np.empty_like(usual)
    for column in range(panel.weeks.size):
        room = decision + reference - sums
        upper[:, column] = _cusum_bound(usual[:, column], root[:, column], room, rossi)
        sums = np.maximum(0.0, sums + standard[:, column] - reference)
        if reset:
            sums = np.where(sums >= decision, 0.0, sums)
    return finished(
        "CUSUM",
        panel,
        expected=usual,
        upper=upper,
        multiple_testing=None,
        touching=True,
        parameters={
            "reference": reference, "decision": decision, "seasonal": seasonal,
            "transformation": transformation, "season_length": season_length, "reset": reset,
        },
    )  # fmt: skip


def _cusum_bound(mean: Floats, root: Floats, room: Floats, rossi: bool) -> Floats:
    """The count that would carry the sum to its decision."""
    if rossi:
        inner = np.maximum(4 * mean**2 + 2 * mean * root * room, 0.0)
        bound = np.where(inner > 0, 2 * root * room + 5 * mean - 2 * np.sqrt(inner), 0.0)
    else:
        bound = np.ceil(root * room + mean)
    return np.asarray(np.maximum(np.nan_to_num(bound), 0.0))


def glr_poisson(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    decision: float = 5.0,
    seasonal: bool = True,
    trend: bool = False,
    longest: int | None = None,
    exposure: ArrayLike | None = None,
    season_length: int = 52,
) -> Surveillance:
    """A generalised likelihood ratio chart: a rise of any size that began in any week since.

    In each week the log-likelihood ratio of "all counts since week k are so many times as usual"
    against "as usual" is made as large as the best k and the best factor above 1 can make it; at
    `decision` it is an alarm, and the chart begins anew the week after. `upper_bound` is the
    fewest cases that would raise the alarm. What is usual comes from a Poisson fit to all weeks
    before the first: one mean, with `seasonal` a yearly wave, with `trend` a log-linear trend.
    `longest`: let a rise be at most so many weeks old (None: no limit). Exposure as counts, above
    0. No p-value: choose `decision` by how often quiet weeks may alarm (see the methods page).

    The same bounds and alarms as R's surveillance (glrpois, a change in the intercept). Höhle &
    Paul (2008), Comput Stat Data Anal 52:4357.

    Raises ValueError for weeks that do not follow one another, or too short a past.
    """
    from lagesbild.surveillance import _kernels as kernels

    panel = _in_order(counts, weeks, exposure)
    positive("decision", decision)
    age = panel.weeks.size if longest is None else at_least("longest", longest, 1)
    usual = usual_counts(panel, seasonal=seasonal, trend=trend, season_length=season_length)
    observed = np.ascontiguousarray(panel.observed)

    def bounds(rows: slice) -> Floats:
        return kernels.likelihood_ratio_bounds(observed[rows], usual[rows], float(decision), age)

    shares = _threads.shares(len(observed), _SERIES_AT_LEAST)
    upper = np.concatenate(_threads.each(bounds, shares, _threads.workers(None)))
    return finished(
        "GLR Poisson",
        panel,
        expected=usual,
        upper=upper,
        multiple_testing=None,
        touching=True,
        parameters={
            "decision": decision, "seasonal": seasonal, "trend": trend, "longest": longest,
            "season_length": season_length,
        },
    )  # fmt: skip


def _in_order(counts: ArrayLike, weeks: ArrayLike | None, exposure: ArrayLike | None) -> Panel:
    panel = read_panel(counts, weeks, exposure)
    if (np.diff(panel.weeks) != 1).any():
        raise ValueError("weeks: for a chart that sums up they must follow one another")
    if panel.weeks[0] < 2:
        raise ValueError("weeks: at least two weeks of past wanted before the first")
    return panel
