"""Bounds from a window of past weeks without a model of the season: EARS, Bayes, RKI."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, one_of
from lagesbild.surveillance._panel import Panel, fraction, read_panel
from lagesbild.surveillance._results import Surveillance, finished
from lagesbild.surveillance._tails import negative_binomial, student_tail

Floats = NDArray[np.float64]

# Upper 95 % limits for the mean of a Poisson variable of which 0, 1, ... 20 were counted: Crow &
# Gardner (1959), Biometrika 46:441, table 1.
CROW_GARDNER = np.array([
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
    19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
])  # fmt: skip

# Years back, weeks on each side, and whether the weeks just before count: RKI's three systems.
_RKI = {1: (0, 6, True), 2: (1, 6, True), 3: (2, 4, False)}


def ears(
    counts: ArrayLike,
    *,
    method: Literal["C1", "C2", "C3"] = "C1",
    weeks: ArrayLike | None = None,
    baseline: int = 7,
    alpha: float | None = None,
    minimum_deviation: float = 0.0,
    exposure: ArrayLike | None = None,
    multiple_testing: str | None = "fdr_bh",
) -> Surveillance:
    """EARS: the count against mean and standard deviation of the weeks (or days) just before.

    C1 takes the `baseline` weeks before; C2 leaves out two between; C3 adds up what the two weeks
    before had too much and, as R's surveillance has it, does not look at this week's own count:
    a reminder of an alarm just past, no detector of a new one. `alpha` is 0.001, for C3 0.025,
    unless given. For short series; it knows no season. `minimum_deviation` keeps a quiet past
    from making every count an alarm; it is per unit of exposure, where exposure (as counts, above
    0) is given.

    The bound treats the deviation as known, as EARS does; with seven weeks that is far too sure,
    and 2 to 4 % of quiet weeks alarm where 0.1 % is said. `p_value` is Student's, and right for
    normal counts: set it, or `q_value`, against a level. C3 has none.

    Raises ValueError for weeks too early for the baseline.
    """
    from scipy import stats

    panel = read_panel(counts, weeks, exposure)
    one_of("method", method, ("C1", "C2", "C3"))
    at_least("baseline", baseline, 3)
    level = fraction("alpha", (0.025 if method == "C3" else 0.001) if alpha is None else alpha)
    gap = 0 if method == "C1" else 2
    panel.not_before(baseline + gap + (2 if method == "C3" else 0))
    quantile = float(stats.norm.isf(level))
    mean, deviation, carried = _just_before(panel, baseline, gap, minimum_deviation, method == "C3")
    now, observed = panel.exposure_now, panel.observed
    p_value = None
    if method == "C3":
        with np.errstate(invalid="ignore"):  # no spread at all: nothing can be said
            upper = np.maximum(0.0, observed + now * deviation * (quantile - carried))
    else:
        upper = now * (mean + quantile * deviation)
        p_value = _student(observed / now - mean, deviation, baseline)
    return finished(
        f"EARS {method}",
        panel,
        expected=now * mean,
        upper=upper,
        p_value=p_value,
        multiple_testing=multiple_testing,
        parameters={
            "alpha": level, "baseline": baseline, "minimum_deviation": minimum_deviation,
        },
    )  # fmt: skip


def _just_before(
    panel: Panel, baseline: int, gap: int, minimum_deviation: float, with_carried: bool
) -> tuple[Floats, Floats, Floats]:
    """Mean and deviation of each week's baseline, and what the two weeks before had too much.

    Each (series, monitored); the last all 0 unless wanted.
    """
    shape = (panel.y.shape[0], panel.weeks.size)
    mean, deviation, carried = np.empty(shape), np.empty(shape), np.zeros(shape)
    for block in panel.blocks(baseline + gap + (2 if with_carried else 0)):
        rates = block.counts / block.exposure if panel.has_exposure else block.counts
        weeks = panel.weeks - block.first
        m, d = _moving(rates, weeks, baseline, gap, minimum_deviation)
        mean[block.rows], deviation[block.rows] = m.T, d.T
        for lag in (1, 2) if with_carried else ():
            m, d = _moving(rates, weeks - lag, baseline, gap, minimum_deviation)
            with np.errstate(divide="ignore", invalid="ignore"):
                carried[block.rows] += np.maximum(0.0, (rates[weeks - lag] - m) / d - 1).T
    return mean, deviation, carried


def _moving(
    rates: Floats,
    weeks: NDArray[np.int64],
    baseline: int,
    gap: int,
    minimum_deviation: float,
) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n - 1) of each week's baseline, from (weeks, series)."""
    lags = range(gap + 1, gap + baseline + 1)
    mean = np.zeros((weeks.size, rates.shape[1]))
    for lag in lags:
        mean += rates[weeks - lag]
    mean /= baseline
    squares = np.zeros_like(mean)
    for lag in lags:
        apart = rates[weeks - lag] - mean
        squares += np.multiply(apart, apart, out=apart)
    return mean, np.maximum(np.sqrt(squares / (baseline - 1)), minimum_deviation)


def _student(difference: Floats, deviation: Floats, baseline: int) -> Floats:
    """Upper tail of a new value's difference from the mean of `baseline` normal ones."""
    flat = deviation == 0
    error = np.where(flat, 1.0, deviation) * np.sqrt(1 + 1 / baseline)
    tail = student_tail(difference / error, baseline - 1)
    tail[flat] = np.where(difference[flat] > 0, 0.0, 1.0)
    return tail


def bayes(
    counts: ArrayLike,
    *,
    weeks: ArrayLike | None = None,
    years_back: int = 0,
    half_window: int = 6,
    this_year: bool = True,
    alpha: float = 0.05,
    exposure: ArrayLike | None = None,
    season_length: int = 52,
    multiple_testing: str | None = "fdr_bh",
) -> Surveillance:
    """A Bayesian predictive bound: Poisson counts with Jeffreys' prior on their mean.

    The past is the `half_window` weeks before (`this_year`) and the same weeks, more or less, of
    `years_back` years. Exposure as counts, above 0. Raises ValueError for weeks too early for
    that.
    """
    panel = read_panel(counts, weeks, exposure)
    fraction("alpha", alpha)
    offsets = _past_weeks(years_back, half_window, this_year, season_length)
    panel.not_before(int(-offsets.min()))
    now = panel.exposure_now
    size, base = np.empty(now.shape), np.empty(now.shape)
    for block in panel.blocks(int(-offsets.min())):
        counted, exposed = block.sums(panel.weeks, offsets)
        size[block.rows], base[block.rows] = counted.T + 0.5, exposed.T
    upper, p_value = negative_binomial(panel.observed, size, base / (base + now), alpha)
    return finished(
        "Bayes",
        panel,
        expected=now * size / base,
        upper=upper,
        p_value=p_value,
        multiple_testing=multiple_testing,
        parameters={
            "alpha": alpha, "years_back": years_back, "half_window": half_window,
            "this_year": this_year, "season_length": season_length,
        },
    )  # fmt: skip


def rki(
    counts: ArrayLike,
    *,
    system: Literal[1, 2, 3] = 3,
    weeks: ArrayLike | None = None,
    exposure: ArrayLike | None = None,
    season_length: int = 52,
) -> Surveillance:
    """The Robert Koch Institute's early bounds: the mean of past weeks and its upper 95 % limit.

    System 1 looks at the six weeks before; 2 also at the same 13 weeks a year ago; 3 at the same
    nine weeks of the two years before, and not at this year's. Above a mean of 20 the bound is the
    mean plus two standard deviations, else Crow and Gardner's limit for the mean rounded down.
    The limit is for the mean, not for one more count, and the steps of the table are coarse: kept
    for comparison with R's surveillance. No p-value is known. Exposure as counts, above 0.

    Raises ValueError for weeks too early for that past.
    """
    panel = read_panel(counts, weeks, exposure)
    if system not in _RKI:
        raise ValueError(f"system: 1, 2 or 3 wanted, {system!r} given")
    offsets = _past_weeks(*_RKI[system], season_length)
    panel.not_before(int(-offsets.min()))
    now = panel.exposure_now
    mean, deviation = np.empty(now.shape), np.empty(now.shape)
    for block in panel.blocks(int(-offsets.min())):
        counted, exposed = block.sums(panel.weeks, offsets)
        mean[block.rows] = now[block.rows] * (counted / exposed).T
        rates = (block.counts / block.exposure)[(panel.weeks - block.first)[:, None] + offsets]
        deviation[block.rows] = now[block.rows] * rates.std(axis=1, ddof=1).T
    rounded = np.minimum(np.floor(mean), CROW_GARDNER.size - 1).astype(int)
    return finished(
        f"RKI {system}",
        panel,
        expected=mean,
        upper=np.where(mean > 20, mean + 2 * deviation, CROW_GARDNER[rounded]),
        multiple_testing=None,
        parameters={"system": system, "season_length": season_length},
    )


def _past_weeks(
    years_back: int, half_window: int, this_year: bool, season_length: int
) -> NDArray[np.int64]:
    """The weeks just before and around the same week of past years, counted from now."""
    at_least("years_back", years_back, 0)
    at_least("half_window", half_window, 1)
    at_least("season_length", season_length, 2)
    around = np.arange(-half_window, half_window + 1)
    years = [around - year * season_length for year in range(1, years_back + 1)]
    offsets = np.concatenate([np.arange(-half_window, 0 if this_year else -half_window), *years])
    if offsets.size == 0:
        raise ValueError("years_back, this_year: no past is left to compare with")
    return offsets
