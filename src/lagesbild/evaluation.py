"""Did it help? Before and after, against places where nothing was done, with what cannot be told.

Sources: Wheeler & Ratcliffe (2018), Crime Science 7:11 (weighted displacement difference);
Bowers & Johnson (2003), J Quant Criminol 19:275 (displacement quotient); Guerette (2009), POP
Guide 10, app. B (net effects); Krishnamoorthy & Thomson (2004), J Stat Plan Inference 119:23
(e-test); Cameron & Miller (2015), J Hum Resour 50:317 (cluster-robust inference).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import finite, positive
from lagesbild._results import Basis, Result, fingerprint

Verdict = Literal["better", "worse", "no sign", "cannot tell"]
Pair = tuple[float, float]

# Fewer events than this in any of the four numbers, and the normal approximation says too much.
_FEWEST = 5


@dataclass(frozen=True, kw_only=True)
class Effect(Result):
    """An estimated change, with what it could also be.

    estimate        below 0 is fewer events than without the measure
    standard_error, z, p_value (two-sided), interval at `basis.parameters['level']`
    verdict         'better' or 'worse' where the interval leaves out no change, 'no sign' where a
                    change worth having is ruled out or the design could have seen it, and
                    'cannot tell' where the numbers are too small to say
    caveats         what to bear in mind, each a sentence
    """

    estimate: float
    standard_error: float
    z: float
    p_value: float
    interval: tuple[float, float]
    verdict: Verdict
    caveats: tuple[str, ...] = ()


def weighted_displacement_difference(
    *,
    treated: Pair,
    control: Pair,
    displacement: Pair | None = None,
    displacement_control: Pair | None = None,
    level: float = 0.95,
    smallest_of_interest: float | None = None,
) -> Effect:
    """Wheeler and Ratcliffe's WDD: events fewer (below 0) or more than the controls explain.

    Each argument is (before, after): events in periods of one length. `displacement` is the zone
    around the treated area, `displacement_control` its own comparison. Counts are taken as
    Poisson: the variance is the sum of all counts.

    `smallest_of_interest` (events, above 0) is what would be worth having: an interval that
    leaves no room for it reads 'no sign', one that does, without leaving out zero, 'cannot tell'.
    By default a fifth of the treated area's count before.

    Raises ValueError for counts that are not whole, or a displacement control without a zone.
    """
    if displacement_control is not None and displacement is None:
        raise ValueError("displacement_control: given without displacement")
    pairs = {"treated": treated, "control": control}
    optional = {"displacement": displacement, "displacement_control": displacement_control}
    pairs |= {name: pair for name, pair in optional.items() if pair is not None}
    numbers = {name: _pair(name, pair) for name, pair in pairs.items()}
    signs = {"treated": 1, "control": -1, "displacement": 1, "displacement_control": -1}
    estimate = sum(signs[name] * (pair[1] - pair[0]) for name, pair in numbers.items())
    variance = sum(pair.sum() for pair in numbers.values())
    if smallest_of_interest is None:
        smallest_of_interest = max(0.2 * numbers["treated"][0], 1.0)
    positive("smallest_of_interest", smallest_of_interest)
    fewest = min(float(numbers[name].min()) for name in ("treated", "control"))
    return _effect(
        method="weighted displacement difference",
        estimate=float(estimate),
        standard_error=float(np.sqrt(variance)),
        level=level,
        smallest=smallest_of_interest,
        n=int(variance),
        data=np.concatenate(list(numbers.values())),
        too_small=fewest < _FEWEST,
        parameters={**{name: pair.tolist() for name, pair in numbers.items()}},
        caveats=_wdd_caveats(numbers, fewest),
    )


def _wdd_caveats(numbers: dict[str, NDArray[np.float64]], fewest: float) -> tuple[str, ...]:
    caveats = []
    if fewest < _FEWEST:
        caveats.append(f"Fewer than {_FEWEST} events in one of the periods.")
    if "displacement" not in numbers:
        caveats.append("Displacement to the surroundings was not looked at.")
    before_t, before_c = numbers["treated"][0], numbers["control"][0]
    if before_t and before_c and not 0.5 <= before_c / before_t <= 2:
        caveats.append("The comparison area was of another size before: a trend weighs unevenly.")
    return tuple(caveats)


@dataclass(frozen=True, kw_only=True)
class DisplacementQuotient:
    """Bowers and Johnson's WDQ and Guerette's effects; NaN where a number divides by zero.

    wdq               above 1: benefits spread by more than the effect itself; 0 to 1: spread;
                      -1 to 0: displaced, but less than gained; below -1: displaced more
    gross_effect      events fewer in the treated area
    net_effect        the fall of treated over control
    total_net_effect  events fewer in treated area and zone together, trend taken off
    """

    wdq: float
    gross_effect: float
    net_effect: float
    total_net_effect: float


def displacement_quotient(
    *, treated: Pair, control: Pair, displacement: Pair
) -> DisplacementQuotient:
    """WDQ with the effects beside it; each argument is (before, after)."""
    rb, ra = _pair("treated", treated)
    cb, ca = _pair("control", control)
    db, da = _pair("displacement", displacement)
    with np.errstate(divide="ignore", invalid="ignore"):
        net = rb / cb - ra / ca
        wdq = (da / ca - db / cb) / (ra / ca - rb / cb)
        trend = ca / cb
        total = (rb * trend - ra) + (db * trend - da)
    return DisplacementQuotient(
        wdq=_or_nan(wdq), gross_effect=float(rb - ra), net_effect=_or_nan(net),
        total_net_effect=_or_nan(total),
    )  # fmt: skip


def poisson_e_test(
    first: float, second: float, *, exposure_first: float = 1.0, exposure_second: float = 1.0
) -> float:
    """Two-sided p-value that two Poisson counts have one rate (the e-test); for small counts.

    Raises ValueError for counts that are not whole or exposures not above zero.
    """
    from scipy import stats

    k = checked_counts("first, second", [first, second])
    n1 = positive("exposure_first", exposure_first)
    n2 = positive("exposure_second", exposure_second)
    observed = _e_statistic(k[0], k[1], n1, n2)
    if k.sum() == 0:
        return 1.0
    rate = k.sum() / (n1 + n2)
    top = [int(stats.poisson.isf(1e-14, rate * n)) + 2 for n in (n1, n2)]
    a, b = (np.arange(most) for most in top)
    probability = np.outer(stats.poisson.pmf(a, rate * n1), stats.poisson.pmf(b, rate * n2))
    statistic = _e_statistic(a[:, None], b[None, :], n1, n2)
    return float(min(1.0, probability[statistic >= observed - 1e-12].sum()))


def _e_statistic(k1: ArrayLike, k2: ArrayLike, n1: float, n2: float) -> NDArray[np.float64]:
    first, second = np.asarray(k1, dtype=np.float64), np.asarray(k2, dtype=np.float64)
    variance = first / n1**2 + second / n2**2
    difference = np.abs(first / n1 - second / n2)
    return np.divide(
        difference, np.sqrt(variance), out=np.zeros_like(difference), where=variance > 0
    )


@dataclass(frozen=True, kw_only=True)
class RateRatio(Effect):
    """A difference in differences as a ratio of rates: `ratio` is exp(`estimate`)."""

    ratio: float
    ratio_interval: tuple[float, float]
    clusters: int
    dispersion: float


def difference_in_differences(
    counts: ArrayLike,
    *,
    treated: ArrayLike,
    after: ArrayLike,
    exposure: ArrayLike | None = None,
    level: float = 0.95,
    smallest_of_interest: float = 0.2,
) -> RateRatio:
    """Poisson difference in differences with area and period effects, clustered by area.

    counts    (areas, periods) whole numbers
    treated   (areas,) which areas had the measure; after: (periods,) from when on
    exposure  (areas, periods) such as active reporters; None: one

    The estimate is the log of the rate ratio. Standard errors are cluster-robust by area (CR3),
    with Student's t on the effective number of areas: valid whatever the over-dispersion, and
    honest about few areas. Areas or periods without any event say nothing
    about the ratio and stay out.

    Raises ValueError without treated and untreated areas, periods before and after, or events.
    """
    from scipy import special, stats

    y = checked_counts("counts", counts, dimensions=2)
    is_treated, is_after = np.asarray(treated, bool), np.asarray(after, bool)
    if is_treated.shape != y.shape[:1] or is_after.shape != y.shape[1:]:
        raise ValueError("treated, after: one value per area and per period wanted")
    base = np.ones(y.shape) if exposure is None else finite("exposure", exposure, dimensions=2)
    if base.shape != y.shape or (base < 0).any():
        raise ValueError("exposure: as counts, zero or more")
    if ((base == 0) & (y > 0)).any():
        raise ValueError("exposure: zero where something was counted")
    for name, mask in (("treated", is_treated), ("after", is_after)):
        if mask.all() or not mask.any():
            raise ValueError(f"{name}: both kinds wanted, for a comparison")
    rows, columns = y.sum(axis=1) > 0, y.sum(axis=0) > 0
    y, base = y[np.ix_(rows, columns)], base[np.ix_(rows, columns)]
    treatment = np.outer(is_treated[rows], is_after[columns]).astype(np.float64)
    if y.size == 0 or _is_constant(treatment):
        raise ValueError("counts: too few events to compare treated and untreated areas")
    beta, mean, residual = _fit_two_way(y, base, treatment)
    clusters = int(y.shape[0])
    error, freedom_of_error = _clustered_error(y, mean, residual)
    quantile = float(stats.t.ppf(0.5 + level / 2, freedom_of_error))
    freedom = y.size - y.shape[0] - y.shape[1]
    positive_mean = mean > 0
    pearson = ((y - mean)[positive_mean] ** 2 / mean[positive_mean]).sum()
    z = beta / error if error > 0 else float("nan")
    low, high = beta - quantile * error, beta + quantile * error
    few = min(int(is_treated[rows].sum()), int((~is_treated[rows]).sum()))
    cells = [float(y[np.ix_(a, b)].sum()) for a in (is_treated[rows], ~is_treated[rows])
             for b in (is_after[columns], ~is_after[columns])]  # fmt: skip
    too_small = min(cells) < _FEWEST or clusters < 4
    caveats = tuple(
        sentence
        for says, sentence in (
            (min(cells) < _FEWEST, f"Fewer than {_FEWEST} events on one side of the comparison."),
            (few < 4, "Fewer than 4 areas of one kind: clustered errors are then too small."),
            (exposure is None, "Reporting effort was not taken into account."),
        )
        if says
    )
    verdict = _verdict(low, high, -np.log1p(-min(smallest_of_interest, 0.99)), too_small)
    return RateRatio(
        basis=Basis(
            method="difference in differences, Poisson with area and period effects",
            parameters={"level": level, "smallest_of_interest": smallest_of_interest},
            n=int(y.sum()),
            fingerprint=fingerprint(y, base, treatment),
        ),
        estimate=beta,
        standard_error=error,
        z=z,
        p_value=float(2 * special.stdtr(freedom_of_error, -abs(z))),
        interval=(low, high),
        verdict=verdict,
        caveats=caveats,
        ratio=float(np.exp(beta)),
        ratio_interval=(float(np.exp(low)), float(np.exp(high))),
        clusters=clusters,
        dispersion=float(pearson / max(freedom, 1)),
    )


def _clustered_error(
    y: NDArray[np.float64], mean: NDArray[np.float64], residual: NDArray[np.float64]
) -> tuple[float, float]:
    """The jackknife-like CR3 standard error by area, and its effective degrees of freedom.

    CR3 weighs up areas that pull the estimate towards themselves; the plain sandwich is too small
    where few areas are treated. The degrees of freedom say over how many areas the information
    is truly spread (Satterthwaite).
    """
    scores = (residual * (y - mean)).sum(axis=1)
    information = (residual**2 * mean).sum(axis=1)
    share = information / information.sum()
    clusters = share.size
    kept = np.maximum(1 - share, 1e-12)
    variance = (clusters - 1) / clusters * ((scores / kept) ** 2).sum()
    freedom = max(1.0, min(clusters - 1.0, 1 / float((share**2).sum())))
    return float(np.sqrt(variance) / information.sum()), freedom


def _is_constant(values: NDArray[np.float64]) -> bool:
    return bool((values == values.flat[0]).all())


def _fit_two_way(
    y: NDArray[np.float64], base: NDArray[np.float64], treatment: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Maximum likelihood of log E[y] = area + period + beta * treatment + log(base).

    Given beta, area and period effects have closed forms in turn; beta takes Newton steps on the
    likelihood with them profiled out. Returns beta, the fitted means, and the treatment with area
    and period effects projected out under the fitted weights.
    """
    beta = 0.0
    area, period = np.ones((y.shape[0], 1)), np.ones((1, y.shape[1]))
    for _ in range(100):
        offset = base * np.exp(beta * treatment)
        for _ in range(10_000):
            area = y.sum(axis=1, keepdims=True) / (offset * period).sum(axis=1, keepdims=True)
            fitted = y.sum(axis=0, keepdims=True) / (offset * area).sum(axis=0, keepdims=True)
            settled = np.abs(fitted - period).max() <= 1e-13 * np.abs(fitted).max()
            period = fitted
            if settled:
                break
        mean = area * period * offset
        residual = _projected(treatment, mean)
        step = float((residual * (y - mean)).sum() / (residual**2 * mean).sum())
        beta += step
        if abs(step) < 1e-13 * max(1.0, abs(beta)):
            break
    return beta, mean, residual


def _projected(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values` less their weighted area and period means, in turn until nothing is left."""
    left = values.copy()
    row_weights = weights.sum(axis=1, keepdims=True)
    column_weights = weights.sum(axis=0, keepdims=True)
    for _ in range(10_000):
        left -= (weights * left).sum(axis=1, keepdims=True) / row_weights
        shift = (weights * left).sum(axis=0, keepdims=True) / column_weights
        left -= shift
        if np.abs(shift).max() < 1e-14:
            break
    return left


def power(
    *,
    before: float,
    control_before: float,
    change: float,
    displacement_before: float = 0.0,
    level: float = 0.95,
) -> float:
    """The chance that a weighted displacement difference would see a change.

    before, control_before, displacement_before  expected events per period in each area; the zone
    has a control of its own size. change: share by which the treated area would change, such as
    -0.2; above -1.
    """
    from scipy import special

    expected = finite("before, control_before, displacement_before",
                      [before, control_before, displacement_before])  # fmt: skip
    if (expected < 0).any() or change <= -1:
        raise ValueError("before, control_before: zero or more; change: above -1")
    after = expected[0] * (1 + change)
    error = np.sqrt(expected[0] + after + 2 * expected[1] + 4 * expected[2])
    if error == 0:
        return 0.0
    quantile = special.ndtri(0.5 + level / 2)
    shift = (after - expected[0]) / error
    return float(special.ndtr(-quantile - shift) + special.ndtr(shift - quantile))


def _pair(name: str, pair: Pair) -> NDArray[np.float64]:
    numbers = checked_counts(name, pair)
    if numbers.size != 2:
        raise ValueError(f"{name}: (before, after) wanted, {numbers.size} numbers given")
    return numbers


def _or_nan(value: float) -> float:
    return float(value) if np.isfinite(value) else float("nan")


def _verdict(low: float, high: float, smallest: float, too_small: bool) -> Verdict:
    """In words: zero left out, nothing of interest left in, or neither."""
    if too_small or not (np.isfinite(low) and np.isfinite(high)):
        return "cannot tell"
    if high < 0:
        return "better"
    if low > 0:
        return "worse"
    return "no sign" if -smallest < low and high < smallest else "cannot tell"


def _effect(
    *,
    method: str,
    estimate: float,
    standard_error: float,
    level: float,
    smallest: float,
    n: int,
    data: NDArray[np.float64],
    too_small: bool,
    parameters: dict[str, object],
    caveats: tuple[str, ...],
) -> Effect:
    from scipy import special

    if not 0 < level < 1:
        raise ValueError(f"level: between 0 and 1 wanted, {level!r} given")
    half = float(special.ndtri(0.5 + level / 2)) * standard_error
    z = estimate / standard_error if standard_error > 0 else float("nan")
    interval = (estimate - half, estimate + half)
    return Effect(
        basis=Basis(
            method=method,
            parameters={**parameters, "level": level, "smallest_of_interest": smallest},
            n=n,
            fingerprint=fingerprint(data),
        ),
        estimate=estimate,
        standard_error=standard_error,
        z=z,
        p_value=float(2 * special.ndtr(-abs(z))) if np.isfinite(z) else 1.0,
        interval=interval,
        verdict=_verdict(*interval, smallest, too_small),
        caveats=caveats,
    )
