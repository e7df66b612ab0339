"""Farrington's fits and the charts' bounds, compiled. Importing this imports numba: slow.

The model of a baseline is log-linear: a level for each part of the season, one slope in time, and
a known exposure. Its weighted least squares have a closed form, because each row touches one
level and the slope: a step costs one pass over the rows, and growth from week to week is one
multiplication. Steps begin and end where R's glm begins and ends (start at y + 0.1, rest when the
deviance changes by less than 1e-8), so that analysts find the same digits.
"""

import math

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ITERATIONS, _REST = 25, 1e-8

# The columns of `fit_baselines`' result.
EXPECTED, VARIANCE, DISPERSION, SLOPE, HAS_TREND = range(5)
COLUMNS = 5


@compiled
def _step(
    z: Floats,
    working: Floats,
    time: Floats,
    level: Ints,
    with_trend: bool,
    sums: Floats,
    beta: Floats,
) -> tuple[float, float]:
    """Weighted least squares of z on level and time: (slope, information on it).

    Leaves per level the sums of the weights, and of weights times time and times z, in `sums`,
    and the levels in `beta`.
    """
    sums[:] = 0.0
    squares, products = 0.0, 0.0
    for i in range(z.size):
        row, w = sums[level[i]], working[i]
        row[0] += w
        row[1] += w * time[i]
        row[2] += w * z[i]
        squares += w * time[i] * time[i]
        products += w * time[i] * z[i]
    slope, information = 0.0, 0.0
    if with_trend:
        for g in range(beta.size):
            squares -= sums[g, 1] * sums[g, 1] / sums[g, 0]
            products -= sums[g, 1] * sums[g, 2] / sums[g, 0]
        information = squares
        slope = products / squares
    for g in range(beta.size):
        beta[g] = (sums[g, 2] - slope * sums[g, 1]) / sums[g, 0]
    return slope, information


@compiled
def _means(
    beta: Floats,
    slope: float,
    exposure: Floats,
    time: Floats,
    gaps: Ints,
    level: Ints,
    scale: Floats,
    mean: Floats,
) -> None:
    """exposure * exp(level + slope * time), from one exponential per level and gap."""
    for g in range(beta.size):
        scale[g] = math.exp(beta[g])
    ratio, growth = math.exp(slope), math.exp(slope * time[0])
    for i in range(mean.size):
        if gaps[i] == 1:
            growth *= ratio
        elif gaps[i] > 1:
            growth *= math.exp(slope * gaps[i])
        mean[i] = exposure[i] * scale[level[i]] * growth


@compiled
def _fit(
    y: Floats,
    weight: Floats,
    exposure: Floats,
    time: Floats,
    gaps: Ints,
    level: Ints,
    with_trend: bool,
    beta: Floats,
    sums: Floats,
    scale: Floats,
    z: Floats,
    working: Floats,
    mean: Floats,
) -> tuple[float, float, bool]:
    """Iterated weighted least squares: (slope, information on it, whether it came to rest).

    Leaves the levels, the last step's sums and working weights, and the fitted means behind.
    """
    constant, deviance = 0.0, 0.0
    for i in range(y.size):
        start = y[i] + 0.1
        mean[i] = start
        z[i] = math.log(start / exposure[i])
        if y[i] > 0.0:
            constant += weight[i] * y[i] * (math.log(y[i] / exposure[i]) - 1.0)
            deviance += weight[i] * y[i] * math.log(y[i] / start)
        deviance += weight[i] * 0.1
    deviance *= 2.0
    slope, information = 0.0, 0.0
    for _ in range(_ITERATIONS):
        for i in range(y.size):
            working[i] = weight[i] * mean[i]
            z[i] += (y[i] - mean[i]) / mean[i]
        slope, information = _step(z, working, time, level, with_trend, sums, beta)
        _means(beta, slope, exposure, time, gaps, level, scale, mean)
        before, deviance = deviance, constant
        for i in range(y.size):
            z[i] = beta[level[i]] + slope * time[i]
            deviance += weight[i] * (mean[i] - y[i] * z[i])
        deviance *= 2.0
        if abs(deviance - before) < _REST * (abs(deviance) + 0.1):
            return slope, information, True
        if not math.isfinite(deviance):
            break
    return slope, information, False


@compiled
def _leverages(
    working: Floats, time: Floats, level: Ints, sums: Floats, information: float, leverage: Floats
) -> None:
    for i in range(time.size):
        row = sums[level[i]]
        leverage[i] = working[i] / row[0]
        if information > 0.0:
            off = time[i] - row[1] / row[0]
            leverage[i] += working[i] * off * off / information


@compiled
def _weigh(
    y: Floats, mean: Floats, leverage: Floats, dispersion: float, threshold: float, weight: Floats
) -> None:
    """Weights of past outbreaks: 1 / residual squared above the threshold, then mean one."""
    total = 0.0
    for i in range(y.size):
        weight[i] = 1.0
        if y[i] > mean[i] and mean[i] > 0.0:
            scale = math.sqrt(dispersion * max(1.0 - leverage[i], 1e-12))
            # Anscombe's residual is never above Pearson's: most rows need no root of three.
            if (y[i] - mean[i]) / math.sqrt(mean[i]) > threshold * scale:
                residual = (
                    1.5
                    * (y[i] ** (2.0 / 3.0) * mean[i] ** (-1.0 / 6.0) - math.sqrt(mean[i]))
                    / scale
                )
                if residual > threshold:
                    weight[i] = 1.0 / (residual * residual)
        total += weight[i]
    for i in range(y.size):
        weight[i] *= y.size / total


@compiled
def _dispersion(y: Floats, mean: Floats, weight: Floats, freedom: float) -> float:
    """Weighted squares of the relative residuals over the degrees of freedom.

    With the working weights this is Pearson's. With the outbreak weights it is what R's
    surveillance has in its standard errors.
    """
    total = 0.0
    for i in range(y.size):
        relative = (y[i] - mean[i]) / mean[i]
        total += weight[i] * relative * relative
    return total / freedom


@compiled
def fit_baselines(
    counts: Floats,
    exposure: Floats,
    exposure_now: Floats,
    time: Floats,
    gaps: Ints,
    level: Ints,
    levels: int,
    time_now: float,
    reweight: bool,
    weights_threshold: float,
    with_trend: bool,
    trend_quantile: float,
    original: bool,
) -> Floats:
    """Fit every series' baseline and predict the week now: (series, 5), see the column names.

    counts, exposure (series, rows); time centred, gaps between rows (the first 0), level of the
    season, the last level being that of now. VARIANCE is of the predicted logarithm. The trend
    stays when |slope| is above `trend_quantile` standard errors (0: always) and the prediction
    does not exceed every past count; else the fit is made again without. NaN where nothing fits.
    `original`: noise as in the algorithm of 1996, never below Poisson's in the prediction.
    """
    series, rows = counts.shape
    result = np.full((series, COLUMNS), np.nan)
    now = levels - 1
    for s in range(series):
        y, e = counts[s], exposure[s]
        weight, working, z = np.ones(rows), np.ones(rows), np.zeros(rows)
        mean, leverage = np.zeros(rows), np.zeros(rows)
        beta, scale, sums = np.zeros(levels), np.zeros(levels), np.zeros((levels, 3))
        trend = with_trend
        for _ in range(2):
            freedom = float(rows - levels - (1 if trend else 0))
            weight[:] = 1.0
            slope, information, at_rest = _fit(
                y, weight, e, time, gaps, level, trend, beta, sums, scale, z, working, mean
            )
            if at_rest and reweight:
                _leverages(working, time, level, sums, information, leverage)
                dispersion = max(_dispersion(y, mean, working, freedom), 1.0)
                _weigh(y, mean, leverage, dispersion, weights_threshold, weight)
                slope, information, at_rest = _fit(
                    y, weight, e, time, gaps, level, trend, beta, sums, scale, z, working, mean
                )
            if not at_rest:
                if not trend:
                    break
                trend = False
                continue
            dispersion = max(_dispersion(y, mean, working, freedom), 1.0)
            plain = original or not reweight
            noise = _dispersion(y, mean, working if plain else weight, freedom)
            expected = exposure_now[s] * math.exp(beta[now] + slope * time_now)
            variance = 1.0 / sums[now, 0]
            if trend:
                off = time_now - sums[now, 1] / sums[now, 0]
                variance += off * off / information
                if expected > y.max() or abs(slope) <= trend_quantile * math.sqrt(
                    noise / information
                ):
                    trend = False
                    continue
            result[s, EXPECTED] = expected
            result[s, VARIANCE] = variance * (dispersion if original else noise)
            result[s, DISPERSION] = dispersion
            result[s, SLOPE] = slope
            result[s, HAS_TREND] = 1.0 if trend else 0.0
            break
    return result


@compiled
def _ratio(total: float, usual: float) -> float:
    """The log-likelihood ratio of a rate above the usual one against it; 0 for one below."""
    if total <= usual:
        return 0.0
    if usual == 0.0:
        return math.inf
    return total * math.log(total / usual) - (total - usual)


@compiled
def likelihood_ratio_bounds(counts: Floats, usual: Floats, decision: float, longest: int) -> Floats:
    """The fewest cases with which each week would raise the alarm, (series, weeks).

    The chart of a series begins anew after a week whose count reaches its bound. For each start of
    the rise, latest first, the bound so far is lowered while a lower one would do: nearly always
    one logarithm.
    """
    series, weeks = counts.shape
    bounds = np.zeros((series, weeks))
    for s in range(series):
        began = 0
        for week in range(weeks):
            before, mean = 0.0, usual[s, week]
            fewest = math.floor(mean) + 1.0
            while _ratio(fewest, mean) < decision:
                fewest += 1.0
            for start in range(week - 1, max(began, week + 1 - longest) - 1, -1):
                before += counts[s, start]
                mean += usual[s, start]
                while fewest > 0.0 and _ratio(before + fewest - 1.0, mean) >= decision:
                    fewest -= 1.0
            bounds[s, week] = fewest
            if counts[s, week] >= fewest:
                began = week + 1
    return bounds


@compiled
def _tail_of_one(
    observed: float, mean: float, dispersion: float, alpha: float
) -> tuple[float, float]:
    """Quantile and tail from the probabilities of 0, 1, 2, ... in turn."""
    over = dispersion > 1.0
    size = mean / (dispersion - 1.0) if over else 0.0
    shrink = 1.0 - 1.0 / dispersion if over else 0.0
    probability = math.exp(-size * math.log(dispersion)) if over else math.exp(-mean)
    count, below, upper, p_value = 0.0, 0.0, -1.0, -1.0
    while upper < 0.0 or p_value < 0.0:
        if count == observed:
            if below < 0.9:
                p_value = 1.0 - below
            else:
                tail, term, k = 0.0, probability, count
                while term > 1e-17 * tail and term > 1e-300:
                    tail += term
                    term *= ((size + k) * shrink if over else mean) / (k + 1.0)
                    k += 1.0
                p_value = tail
        below += probability
        if upper < 0.0 and (below >= 1.0 - alpha or probability < 1e-17 * below):
            upper = count
        probability *= ((size + count) * shrink if over else mean) / (count + 1.0)
        count += 1.0
    return upper, p_value


@compiled
def count_tails(observed: Floats, mean: Floats, dispersion: Floats, alpha: float) -> Floats:
    """The 1 - alpha quantile, and the chance of such a count or more: (2, n).

    Counts with this mean and variance dispersion * mean: negative binomial, Poisson at
    dispersion 1. NaN where the mean is not above 0, or so large that the chance of no count at
    all has no digits: there the caller asks a slower way.
    """
    result = np.full((2, mean.size), np.nan)
    for i in range(mean.size):
        spread = max(dispersion[i], 1.0)
        rarest = mean[i] if spread == 1.0 else mean[i] / (spread - 1.0) * math.log(spread)
        if mean[i] > 0.0 and rarest < 600.0 and observed[i] < 5000.0:
            result[0, i], result[1, i] = _tail_of_one(observed[i], mean[i], spread, alpha)
    return result
