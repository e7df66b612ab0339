"""Farrington's algorithm, flexible (2013) and original (1996): a log-linear past, and its bound."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _threads
from lagesbild._checks import at_least, one_of, positive
from lagesbild.surveillance._panel import BLOCK, Panel, fraction, read_panel
from lagesbild.surveillance._results import Surveillance, finished

Threshold = Literal["nb_plugin", "muan", "delta"]
Floats = NDArray[np.float64]
_POWER = 2 / 3
# A thread is not worth its start for less.
_FITS_AT_LEAST, _TAILS_AT_LEAST = 64, 4096


def farrington_flexible(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    alpha: float = 0.05,
    years_back: int = 5,
    half_window: int = 3,
    season_levels: int = 10,
    past_weeks_excluded: int = 26,
    reweight: bool = True,
    weights_threshold: float = 2.58,
    trend: bool = True,
    trend_alpha: float = 1.0,
    threshold: Threshold = "nb_plugin",
    exposure: ArrayLike | None = None,
    fewest: tuple[int, int] = (5, 4),
    season_length: int = 52,
    multiple_testing: str | None = "fdr_bh",
) -> Surveillance:
    """The flexible Farrington algorithm, the same numbers as R's surveillance.

    counts     (series, weeks), or (weeks,) for one series: whole numbers
    weeks      which columns to monitor, from 0; None: the last
    alpha      the upper bound is the 1 - alpha quantile of a prediction, so `alpha` of the alarms
               of quiet weeks are false
    years_back, half_window  the baseline: the same weeks of so many past years, more or less
    season_levels            parts of the year with a level of their own; 1: only those windows
    past_weeks_excluded      the newest weeks stay out, so that an outbreak does not hide itself
    reweight, weights_threshold  past outbreaks weigh less: 1 / r² for Anscombe residuals r above
    trend, trend_alpha       a log-linear trend, kept when its p-value is below trend_alpha (1:
                             always), three years are there, and it predicts no more than was seen
    threshold  'nb_plugin': quantile of a negative binomial at the expected count; 'muan': at the
               1 - alpha quantile of the expected count; 'delta': by the 2/3 power (1996)
    exposure   as counts, above 0: reporting effort, such as active reporters
    fewest     (5, 4): say nothing unless 5 were counted in the last 4 weeks

    Raises ValueError for counts that are not whole, weeks too early for the baseline, and
    exposure that does not fit.
    """
    from scipy import stats

    panel = read_panel(counts, weeks, exposure)
    fraction("alpha", alpha)
    one_of("threshold", threshold, ("nb_plugin", "muan", "delta"))
    layout = Layout.checked(
        years_back, half_window, season_levels, past_weeks_excluded, season_length
    )
    expected, variance, dispersion = _fit(
        panel, layout, reweight, weights_threshold, trend, trend_alpha
    )
    if threshold == "delta":
        upper, p_value = _delta(panel.observed, expected, variance, dispersion, alpha)
    else:
        mean = expected
        if threshold == "muan":
            with np.errstate(over="ignore"):  # nothing is known: an infinite mean, no bound
                mean = expected * np.exp(stats.norm.isf(alpha) * np.sqrt(variance))
        upper, p_value = _over_dispersed(panel.observed, mean, dispersion, alpha)
    return finished(
        "flexible Farrington",
        panel,
        expected=expected,
        upper=upper,
        p_value=p_value,
        enough=panel.enough(fewest),
        multiple_testing=multiple_testing,
        parameters={
            "alpha": alpha, "years_back": years_back, "half_window": half_window,
            "season_levels": season_levels, "past_weeks_excluded": past_weeks_excluded,
            "reweight": reweight, "weights_threshold": weights_threshold, "trend": trend,
            "trend_alpha": trend_alpha, "threshold": threshold, "fewest": list(fewest),
            "season_length": season_length,
        },
    )  # fmt: skip


def farrington(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    alpha: float = 0.05,
    years_back: int = 5,
    half_window: int = 3,
    reweight: bool = True,
    trend: bool = True,
    exposure: ArrayLike | None = None,
    fewest: tuple[int, int] = (5, 4),
    season_length: int = 52,
    multiple_testing: str | None = "fdr_bh",
) -> Surveillance:
    """Farrington's algorithm as first published (1996), the same numbers as R's surveillance.

    Only the same weeks of past years, more or less `half_window`, are the baseline; every past
    residual above 1 is weighed down; the trend stays when significant at 0.05, over at least three
    years, and when it predicts no more than was seen. The bound is the upper end of a two-sided
    prediction interval, so that `alpha` / 2 of quiet weeks alarm. Arguments else as in
    `farrington_flexible`, which corrects known faults of this one: prefer it, except to compare.
    Its p-values are not uniform in quiet weeks: it weighs down half of the past.

    Raises ValueError as `farrington_flexible`.
    """
    panel = read_panel(counts, weeks, exposure)
    fraction("alpha", alpha)
    layout = Layout.checked(years_back, half_window, 1, half_window, season_length)
    expected, variance, dispersion = _fit(panel, layout, reweight, 1.0, trend, 0.05, original=True)
    upper, p_value = _delta(panel.observed, expected, variance, dispersion, alpha / 2)
    return finished(
        "Farrington",
        panel,
        expected=expected,
        upper=upper,
        p_value=p_value,
        enough=panel.enough(fewest),
        multiple_testing=multiple_testing,
        parameters={
            "alpha": alpha, "years_back": years_back, "half_window": half_window,
            "reweight": reweight, "trend": trend, "fewest": list(fewest),
            "season_length": season_length,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Layout:
    years_back: int
    half_window: int
    season_levels: int
    past_weeks_excluded: int
    season_length: int

    @classmethod
    def checked(
        cls,
        years_back: int,
        half_window: int,
        season_levels: int,
        past_weeks_excluded: int,
        season_length: int,
    ) -> "Layout":
        return cls(
            at_least("years_back", years_back, 1),
            at_least("half_window", half_window, 0),
            at_least("season_levels", season_levels, 1),
            at_least("past_weeks_excluded", past_weeks_excluded, 0),
            at_least("season_length", season_length, 2),
        )

    def rows(self, week: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The baseline's weeks and their level of the season, the last level being now's.

        Raises ValueError when the series do not reach back so far.
        """
        first = week - self.years_back * self.season_length - self.half_window
        if first < 0:
            raise ValueError(
                f"weeks: week {week} needs {-first} more weeks of past; "
                "monitor later weeks or lower years_back"
            )
        window = 2 * self.half_window + 1
        between = self.season_length - window
        if between < self.season_levels - 1:
            raise ValueError("season_levels: more than there are weeks outside the windows")
        past = np.arange(first, max(week - self.past_weeks_excluded, first))
        phase = (past - first) % self.season_length
        level = np.full(past.size, self.season_levels - 1)
        outside = phase >= window
        if self.season_levels == 1:
            kept = ~outside
            return past[kept], level[kept]
        level[outside] = self._blocks(between)[phase[outside] - window]
        return past, level

    def _blocks(self, between: int) -> NDArray[np.int64]:
        """The level of each week between two windows: blocks of one length, the first longer."""
        blocks = self.season_levels - 1
        length, rest = divmod(between, blocks)
        return np.repeat(np.arange(blocks), length + (np.arange(blocks) < rest))


def _fit(
    panel: Panel,
    layout: Layout,
    reweight: bool,
    weights_threshold: float,
    trend: bool,
    trend_alpha: float,
    *,
    original: bool = False,
) -> tuple[Floats, Floats, Floats]:
    """Expected count, variance of its logarithm, dispersion: each (series, monitored)."""
    positive("weights_threshold", weights_threshold)
    may_trend = trend and layout.years_back >= 3
    fitted = [
        _fit_week(
            panel, int(week), layout, reweight, weights_threshold, may_trend, trend_alpha, original
        )
        for week in panel.weeks
    ]
    expected, variance, dispersion = (
        np.column_stack(columns) for columns in zip(*fitted, strict=True)
    )
    return expected, variance, dispersion


def _fit_week(
    panel: Panel,
    week: int,
    layout: Layout,
    reweight: bool,
    weights_threshold: float,
    trend: bool,
    trend_alpha: float,
    original: bool,
) -> tuple[Floats, Floats, Floats]:
    """As `_fit`, for one week: each (series,)."""
    from scipy import special

    from lagesbild.surveillance import _kernels as kernels

    past, level = layout.rows(week)
    freedom = past.size - layout.season_levels - int(trend)
    if freedom < 1 or level.size == 0 or (level == layout.season_levels - 1).sum() == 0:
        raise ValueError("years_back, past_weeks_excluded: too short a baseline is left")
    centre = past.mean()
    quantile = 0.0 if trend_alpha >= 1 else -float(special.stdtrit(freedom, trend_alpha / 2))
    fitted = np.empty((panel.y.shape[0], kernels.COLUMNS))
    time, gaps = past - centre, np.diff(past, prepend=past[0])

    def fit(rows: slice) -> None:
        counts = np.ascontiguousarray(panel.y[rows][:, past], np.float64)
        fitted[rows] = kernels.fit_baselines(
            counts,
            np.ascontiguousarray(panel.exposure[rows][:, past]),
            panel.exposure[rows, week].copy(),
            time,
            gaps,
            level,
            layout.season_levels,
            week - centre,
            reweight,
            float(weights_threshold),
            trend,
            quantile,
            original,
        )
        # Nothing was ever counted: no fit comes to rest, but the answer is plain.
        empty = ~counts.any(axis=1)
        fitted[rows][empty, kernels.EXPECTED : kernels.DISPERSION + 1] = 0.0, 0.0, 1.0

    # Block by block: the past of all series at once would be the most memory of all.
    shares = _threads.shares(len(fitted), _FITS_AT_LEAST, BLOCK)
    _threads.each(fit, shares, _threads.workers(None))
    return (
        fitted[:, kernels.EXPECTED],
        fitted[:, kernels.VARIANCE],
        fitted[:, kernels.DISPERSION],
    )


def _delta(
    observed: Floats,
    expected: Floats,
    variance: Floats,
    dispersion: Floats,
    alpha: float,
) -> tuple[Floats, Floats]:
    """Farrington's (1996) bound: the count to the power 2/3 is taken as normal."""
    from scipy import special, stats

    with np.errstate(invalid="ignore", divide="ignore"):
        total = dispersion + variance * expected
        error = np.sqrt(4 / 9 * np.cbrt(expected) * total)
        centre = expected**_POWER
        upper = (centre + stats.norm.isf(alpha) * error) ** (1 / _POWER)
        p_value = special.ndtr(-(observed**_POWER - centre) / error)
    never = expected <= 0  # then whatever comes is new
    return np.where(never, 0.0, upper), np.where(never, _whether_new(observed), p_value)


def _over_dispersed(
    observed: Floats, mean: Floats, dispersion: Floats, alpha: float
) -> tuple[Floats, Floats]:
    """Quantile and tail of counts with this mean and variance dispersion * mean.

    Negative binomial, or Poisson where the dispersion is 1.
    """
    from scipy import stats

    from lagesbild.surveillance import _kernels as kernels

    counts, means, dispersions = observed.ravel(), mean.ravel(), dispersion.ravel()

    def tails(some: slice) -> Floats:
        return kernels.count_tails(counts[some], means[some], dispersions[some], alpha)

    shares = _threads.shares(means.size, _TAILS_AT_LEAST)
    found = _threads.each(tails, shares, _threads.workers(None))
    upper, p_value = np.concatenate(found, axis=1).reshape(2, *mean.shape)
    never = mean <= 0
    upper[never], p_value[never] = 0.0, _whether_new(observed)[never]
    large = np.isnan(upper) & (mean > 0)
    over, plain = large & (dispersion > 1), large & (dispersion <= 1)
    size, share = mean[over] / (dispersion[over] - 1), 1 / dispersion[over]
    upper[over] = stats.nbinom.ppf(1 - alpha, size, share)
    p_value[over] = stats.nbinom.sf(observed[over] - 1, size, share)
    upper[plain] = stats.poisson.ppf(1 - alpha, mean[plain])
    p_value[plain] = stats.poisson.sf(observed[plain] - 1, mean[plain])
    return upper, p_value


def _whether_new(observed: Floats) -> Floats:
    """The p-value where nothing was ever counted before."""
    return np.where(observed > 0, 0.0, 1.0)
