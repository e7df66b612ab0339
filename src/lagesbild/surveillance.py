"""Is this week more than what these weeks usually bring? For thousands of series at once.

Sources: Farrington, Andrews, Beale & Catchpole (1996), JRSS A 159:547; Noufaily et al. (2013),
Stat Med 32:1206 (the flexible algorithm); Salmon, Schumacher & Höhle (2016), J Stat Softw 70:10
(R's surveillance, whose numbers come out here); Hutwagner et al. (2003), J Urban Health 80:i89
(EARS); Riebler (2004), thesis, LMU Munich (Bayes); Rossi, Lampugnani & Marchi (1999), Stat Med
18:2111 (CUSUM of counts).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import significance
from lagesbild._checks import at_least, finite, one_of, positive
from lagesbild._checks import counts as checked_counts
from lagesbild._results import Basis, Result, fingerprint

Threshold = Literal["nb_plugin", "muan", "delta"]
_POWER = 2 / 3


@dataclass(frozen=True, kw_only=True)
class Surveillance(Result):
    """What was found in each monitored week; arrays (series, weeks), or (weeks,) for one series.

    weeks        which columns of the counts were monitored
    alarm        whether the count lies above the upper bound (and enough was counted at all)
    expected     what the past leads one to expect; NaN where nothing can be said
    upper_bound  above this the count is an alarm
    score        (count - expected) / (upper_bound - expected): an alarm is above 1
    p_value      chance of such a count or more; NaN where the method gives none
    q_value      p_value adjusted over the series of a week
    """

    weeks: NDArray[np.int64]
    alarm: NDArray[np.bool_]
    expected: NDArray[np.float64]
    upper_bound: NDArray[np.float64]
    score: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]


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

    y, one_series = _series(counts)
    base = _exposure(exposure, y)
    monitored = _weeks(weeks, y.shape[1])
    _fraction("alpha", alpha)
    positive("weights_threshold", weights_threshold)
    one_of("threshold", threshold, ("nb_plugin", "muan", "delta"))
    layout = _Layout(
        at_least("years_back", years_back, 1),
        at_least("half_window", half_window, 0),
        at_least("season_levels", season_levels, 1),
        at_least("past_weeks_excluded", past_weeks_excluded, 0),
        at_least("season_length", season_length, 2),
    )
    may_trend = trend and years_back >= 3
    shape = (y.shape[0], monitored.size)
    expected, variance, dispersion = (np.empty(shape) for _ in range(3))
    for column, week in enumerate(monitored):
        fitted = _fit_week(
            y, base, int(week), layout, reweight, weights_threshold, may_trend, trend_alpha
        )
        expected[:, column], variance[:, column], dispersion[:, column] = fitted
    observed = y[:, monitored]
    if threshold == "delta":
        upper, p_value = _delta(observed, expected, variance, dispersion, alpha)
    else:
        mean = expected
        if threshold == "muan":
            mean = expected * np.exp(stats.norm.isf(alpha) * np.sqrt(variance))
        upper, p_value = _negative_binomial(observed, mean, dispersion, alpha)
    enough = _enough(y, monitored, fewest)
    return _finished(
        "flexible Farrington", y, base, monitored, observed, expected, upper, p_value, enough,
        multiple_testing, one_series,
        {
            "alpha": alpha, "years_back": years_back, "half_window": half_window,
            "season_levels": season_levels, "past_weeks_excluded": past_weeks_excluded,
            "reweight": reweight, "weights_threshold": weights_threshold, "trend": trend,
            "trend_alpha": trend_alpha, "threshold": threshold,
            "exposure": exposure is not None, "fewest": list(fewest),
            "season_length": season_length,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class _Layout:
    years_back: int
    half_window: int
    season_levels: int
    past_weeks_excluded: int
    season_length: int

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


def _fit_week(
    y: NDArray[np.float64],
    base: NDArray[np.float64],
    week: int,
    layout: _Layout,
    reweight: bool,
    weights_threshold: float,
    trend: bool,
    trend_alpha: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Expected count, variance of its logarithm, dispersion: each (series,)."""
    from scipy import stats

    from lagesbild import _surveillance_kernels as kernels

    past, level = layout.rows(week)
    freedom = past.size - layout.season_levels - int(trend)
    if freedom < 1 or level.size == 0 or (level == layout.season_levels - 1).sum() == 0:
        raise ValueError("years_back, past_weeks_excluded: too short a baseline is left")
    centre = past.mean()
    quantile = 0.0 if trend_alpha >= 1 else float(stats.t.isf(trend_alpha / 2, freedom))
    fitted = kernels.fit_baselines(
        np.ascontiguousarray(y[:, past]),
        np.ascontiguousarray(base[:, past]),
        np.ascontiguousarray(base[:, week]),
        past - centre,
        np.diff(past, prepend=past[0]),
        level,
        layout.season_levels,
        week - centre,
        reweight,
        float(weights_threshold),
        trend,
        quantile,
    )
    return (
        fitted[:, kernels.EXPECTED],
        fitted[:, kernels.VARIANCE],
        fitted[:, kernels.DISPERSION],
    )


def _delta(
    observed: NDArray[np.float64],
    expected: NDArray[np.float64],
    variance: NDArray[np.float64],
    dispersion: NDArray[np.float64],
    alpha: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Farrington's (1996) bound: the count to the power 2/3 is taken as normal."""
    from scipy import special, stats

    with np.errstate(invalid="ignore", divide="ignore"):
        total = dispersion + variance * expected
        error = np.sqrt(4 / 9 * np.cbrt(expected) * total)
        centre = expected**_POWER
        upper = (centre + stats.norm.isf(alpha) * error) ** (1 / _POWER)
        p_value = special.ndtr(-(observed**_POWER - centre) / error)
    unknown = expected <= 0
    return np.where(unknown, np.nan, upper), np.where(unknown, np.nan, p_value)


def _negative_binomial(
    observed: NDArray[np.float64],
    mean: NDArray[np.float64],
    dispersion: NDArray[np.float64],
    alpha: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantile and tail of a negative binomial with this mean and variance dispersion * mean."""
    from scipy import stats

    upper, p_value = np.zeros_like(mean), np.ones_like(mean)
    over = (dispersion > 1) & (mean > 0)
    size, share = mean[over] / (dispersion[over] - 1), 1 / dispersion[over]
    upper[over] = stats.nbinom.ppf(1 - alpha, size, share)
    p_value[over] = stats.nbinom.sf(observed[over] - 1, size, share)
    plain = (dispersion <= 1) & (mean > 0)
    upper[plain] = stats.poisson.ppf(1 - alpha, mean[plain])
    p_value[plain] = stats.poisson.sf(observed[plain] - 1, mean[plain])
    # Nothing was ever counted in these weeks: whatever comes is new.
    p_value[(mean <= 0) & (observed > 0)] = 0.0
    return upper, p_value


def ears(
    counts: ArrayLike,
    *,
    method: Literal["C1", "C2", "C3"] = "C1",
    weeks: ArrayLike | None = None,
    baseline: int = 7,
    alpha: float | None = None,
    minimum_deviation: float = 0.0,
    multiple_testing: str | None = "fdr_bh",
) -> Surveillance:
    """EARS: the count against mean and standard deviation of the weeks (or days) just before.

    C1 takes the `baseline` weeks before; C2 leaves out two between; C3 adds what the two weeks
    before had too much. `alpha` is 0.001, for C3 0.025, unless given. For short series; it knows
    no season. `minimum_deviation` keeps a quiet past from making every count an alarm.

    Raises ValueError for weeks too early for the baseline.
    """
    from scipy import special, stats

    y, one_series = _series(counts)
    one_of("method", method, ("C1", "C2", "C3"))
    at_least("baseline", baseline, 3)
    level = _fraction("alpha", (0.025 if method == "C3" else 0.001) if alpha is None else alpha)
    gap = 0 if method == "C1" else 2
    monitored = _weeks(weeks, y.shape[1])
    earliest = baseline + gap + (2 if method == "C3" else 0)
    if monitored.min() < earliest:
        raise ValueError(f"weeks: the first that can be monitored is {earliest}")
    quantile = float(stats.norm.isf(level))
    mean, deviation = _moving(y, monitored, baseline, gap, minimum_deviation)
    observed = y[:, monitored]
    if method == "C3":
        carried = np.zeros_like(mean)
        for lag in (1, 2):
            m, d = _moving(y, monitored - lag, baseline, gap, minimum_deviation)
            with np.errstate(divide="ignore", invalid="ignore"):
                carried += np.maximum(0.0, (y[:, monitored - lag] - m) / d - 1)
        upper = np.maximum(0.0, observed + deviation * (quantile - carried))
        p_value = np.full_like(mean, np.nan)  # of a sum of cut-off scores none is known
    else:
        upper = mean + quantile * deviation
        with np.errstate(divide="ignore", invalid="ignore"):
            p_value = special.ndtr(-(observed - mean) / deviation)
    return _finished(
        f"EARS {method}", y, None, monitored, observed, mean, upper, p_value,
        np.ones(observed.shape, bool), multiple_testing, one_series,
        {"alpha": level, "baseline": baseline, "minimum_deviation": minimum_deviation},
    )  # fmt: skip


def _moving(
    y: NDArray[np.float64],
    weeks: NDArray[np.int64],
    baseline: int,
    gap: int,
    minimum_deviation: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation (n - 1) of the baseline of each week, (series, weeks)."""
    rows = weeks[:, None] - gap - np.arange(baseline, 0, -1)
    past = y[:, rows]
    return past.mean(axis=2), np.maximum(past.std(axis=2, ddof=1), minimum_deviation)


def bayes(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    years_back: int = 0,
    half_window: int = 6,
    this_year: bool = True,
    alpha: float = 0.05,
    season_length: int = 52,
    multiple_testing: str | None = "fdr_bh",
) -> Surveillance:
    """A Bayesian predictive bound: Poisson counts with Jeffreys' prior on their mean.

    The past is the `half_window` weeks before (`this_year`) and the same weeks, more or less, of
    `years_back` years. Raises ValueError for weeks too early for that.
    """
    from scipy import stats

    y, one_series = _series(counts)
    monitored = _weeks(weeks, y.shape[1])
    _fraction("alpha", alpha)
    at_least("years_back", years_back, 0)
    at_least("half_window", half_window, 1)
    offsets = np.arange(-half_window, 0) if this_year else np.zeros(0, np.int64)
    for year in range(1, years_back + 1):
        around = np.arange(-half_window, half_window + 1) - year * season_length
        offsets = np.concatenate([offsets, around])
    if offsets.size == 0:
        raise ValueError("years_back, this_year: no past is left to compare with")
    if monitored.min() + offsets.min() < 0:
        raise ValueError(f"weeks: the first that can be monitored is {-offsets.min()}")
    totals = y[:, monitored[:, None] + offsets].sum(axis=2)
    n = offsets.size
    observed = y[:, monitored]
    size, share = totals + 0.5, n / (n + 1)
    return _finished(
        "Bayes", y, None, monitored, observed, size / n,
        stats.nbinom.ppf(1 - alpha, size, share),
        stats.nbinom.sf(observed - 1, size, share),
        np.ones(observed.shape, bool), multiple_testing, one_series,
        {
            "alpha": alpha, "years_back": years_back, "half_window": half_window,
            "this_year": this_year, "season_length": season_length,
        },
    )  # fmt: skip


def cusum(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    reference: float = 1.04,
    decision: float = 2.26,
    seasonal: bool = False,
    transformation: Literal["standard", "rossi"] = "rossi",
    season_length: int = 52,
    reset: bool = False,
    multiple_testing: str | None = None,
) -> Surveillance:
    """A cumulative sum of standardised counts: finds small rises that last.

    The weeks are run through in order from the first one given, each carrying what is above
    `reference` on; an alarm is a sum of at least `decision`. What is usual is the mean of all
    weeks before the first, or with `seasonal` a Poisson fit with one yearly wave.

    Raises ValueError for weeks that do not follow one another, or no past.
    """
    y, one_series = _series(counts)
    monitored = _weeks(weeks, y.shape[1])
    one_of("transformation", transformation, ("standard", "rossi"))
    positive("decision", decision)
    if (np.diff(monitored) != 1).any():
        raise ValueError("weeks: for a cumulative sum they must follow one another")
    first = int(monitored[0])
    if first < 2:
        raise ValueError("weeks: at least two weeks of past wanted before the first")
    usual = (
        _seasonal_mean(y, first, monitored, season_length)
        if seasonal
        else np.repeat(y[:, :first].mean(axis=1, keepdims=True), monitored.size, axis=1)
    )
    observed = y[:, monitored]
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(usual)
        if transformation == "rossi":
            standard = (observed - 3 * usual + 2 * np.sqrt(observed * usual)) / (2 * root)
        else:
            standard = (observed - usual) / root
    sums = np.zeros(y.shape[0])
    upper = np.empty_like(usual)
    for column in range(monitored.size):
        room = decision + reference - sums
        m, r = usual[:, column], root[:, column]
        if transformation == "rossi":
            inner = np.maximum(4 * m**2 + 2 * m * r * room, 0.0)
            bound = np.where(inner > 0, 2 * r * room + 5 * m - 2 * np.sqrt(inner), 0.0)
        else:
            bound = np.ceil(r * room + m)
        upper[:, column] = np.maximum(np.nan_to_num(bound), 0.0)
        sums = np.maximum(0.0, sums + standard[:, column] - reference)
        if reset:
            sums = np.where(sums >= decision, 0.0, sums)
    return _finished(
        "CUSUM", y, None, monitored, observed, usual, upper, np.full_like(usual, np.nan),
        np.ones(observed.shape, bool), multiple_testing, one_series,
        {
            "reference": reference, "decision": decision, "seasonal": seasonal,
            "transformation": transformation, "season_length": season_length, "reset": reset,
        },
        touching=True,
    )  # fmt: skip


def _seasonal_mean(
    y: NDArray[np.float64], first: int, monitored: NDArray[np.int64], season_length: int
) -> NDArray[np.float64]:
    """Poisson regression on one yearly wave, fitted to the weeks before the first monitored."""

    def wave(week: NDArray[np.int64]) -> NDArray[np.float64]:
        angle = 2 * np.pi * (week + 1) / season_length
        return np.column_stack([np.ones(week.size), np.cos(angle), np.sin(angle)])

    past, future = wave(np.arange(first)), wave(monitored)
    means = np.zeros((y.shape[0], monitored.size))
    for row, series in enumerate(y[:, :first]):
        if series.sum() == 0:
            continue
        beta = np.array([np.log(series.mean()), 0.0, 0.0])
        for _ in range(50):
            mean = np.exp(past @ beta)
            step = np.linalg.solve(past.T @ (mean[:, None] * past), past.T @ (series - mean))
            beta = beta + step
            if np.abs(step).max() < 1e-12:
                break
        means[row] = np.exp(future @ beta)
    return means


def _series(counts: ArrayLike) -> tuple[NDArray[np.float64], bool]:
    array = np.asarray(counts)
    one_series = array.ndim == 1
    y = checked_counts("counts", np.atleast_2d(array), dimensions=2)
    if y.size == 0:
        raise ValueError("counts: at least one series with one week wanted")
    return y, one_series


def _exposure(exposure: ArrayLike | None, y: NDArray[np.float64]) -> NDArray[np.float64]:
    if exposure is None:
        return np.ones(y.shape)
    base = finite("exposure", np.atleast_2d(np.asarray(exposure, np.float64)), dimensions=2)
    if base.shape != y.shape:
        raise ValueError(f"exposure: shape {y.shape} wanted, {base.shape} given")
    if (base <= 0).any():
        raise ValueError("exposure: above zero wanted in every week")
    return base


def _weeks(weeks: ArrayLike | None, length: int) -> NDArray[np.int64]:
    if weeks is None:
        return np.array([length - 1])
    monitored = np.atleast_1d(np.asarray(weeks))
    if monitored.dtype.kind not in "iu" or monitored.size == 0:
        raise ValueError("weeks: column numbers, from 0, wanted")
    if monitored.min() < 0 or monitored.max() >= length:
        raise ValueError(f"weeks: outside 0 to {length - 1}")
    return monitored.astype(np.int64)


def _fraction(name: str, value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(f"{name}: between 0 and 1 wanted, {value!r} given")
    return float(value)


def _enough(
    y: NDArray[np.float64], monitored: NDArray[np.int64], fewest: tuple[int, int]
) -> NDArray[np.bool_]:
    """Whether so many were counted in the last weeks, this one included."""
    cases, span = fewest
    at_least("fewest", span, 1)
    totals = np.cumsum(np.pad(y, ((0, 0), (1, 0))), axis=1)
    recent = totals[:, monitored + 1] - totals[:, np.maximum(monitored + 1 - span, 0)]
    return np.asarray(recent >= cases)


def _finished(
    method: str,
    y: NDArray[np.float64],
    base: NDArray[np.float64] | None,
    monitored: NDArray[np.int64],
    observed: NDArray[np.float64],
    expected: NDArray[np.float64],
    upper: NDArray[np.float64],
    p_value: NDArray[np.float64],
    enough: NDArray[np.bool_],
    multiple_testing: str | None,
    one_series: bool,
    parameters: dict[str, object],
    *,
    touching: bool = False,
) -> Surveillance:
    upper = np.where(enough, upper, np.nan)
    p_value = np.where(enough, p_value, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = observed >= upper if touching else observed > upper
        score = np.where(enough, (observed - expected) / (upper - expected), np.nan)
    q_value = np.column_stack(
        [significance.adjusted(column, multiple_testing) for column in p_value.T]
    )
    arrays = {
        "alarm": np.asarray(above & enough & (observed > 0)),
        "expected": np.where(enough, expected, np.nan),
        "upper_bound": upper,
        "score": score,
        "p_value": p_value,
        "q_value": q_value,
    }
    if one_series:
        arrays = {name: array[0] for name, array in arrays.items()}
    return Surveillance(
        basis=Basis(
            method=method,
            parameters={**parameters, "multiple_testing": multiple_testing},
            n=int(y.sum()),
            fingerprint=fingerprint(y, base),
        ),
        weeks=monitored,
        **arrays,
    )
