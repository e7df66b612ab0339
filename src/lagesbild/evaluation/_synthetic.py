"""Synthetic control, and synthetic difference in differences: a comparison made of many units."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import significance
from lagesbild._checks import at_least, finite, one_of, positive
from lagesbild._results import Basis, fingerprint
from lagesbild.evaluation._results import Effect, Verdict, verdict_of
from lagesbild.evaluation._weights import simplex_weights

Floats = NDArray[np.float64]
Fit = Literal["good", "fair", "poor"]


@dataclass(frozen=True, kw_only=True)
class SyntheticEffect(Effect):
    """An effect on the mean outcome of the treated units, against weighted others.

    unit_weights     (units,) of the comparison; 0 for the treated
    period_weights   (periods,) of the past the change is counted from; 0 from the start on, and
                     0 throughout for a synthetic control, which is compared by level
    observed, synthetic, gap  (periods,) the treated units' mean, what the others say it would
                     have been, and the difference; `estimate` is the mean gap since the start
    fit_error        root mean square of the gap before the start
    noise            standard deviation of the others' changes from period to period, before
    fit              'good' when fit_error is at most half the noise, 'poor' above the noise
    placebo_estimates, placebo_p_value  the same estimate for comparison units that had no
                     measure, and the rank of the treated among them
    difference_in_differences  what equal weights for all would say
    """

    unit_weights: Floats
    period_weights: Floats
    observed: Floats
    synthetic: Floats
    gap: Floats
    fit_error: float
    noise: float
    fit: Fit
    placebo_estimates: Floats
    placebo_p_value: float
    difference_in_differences: float


def synthetic_control(
    outcomes: ArrayLike,
    *,
    treated: ArrayLike,
    treatment_start: int,
    replicates: int = 200,
    level: float = 0.95,
    smallest_of_interest: float | None = None,
    seed: int = 0,
) -> SyntheticEffect:
    """The treated against a weighted mean of others that was like them before: a level for a level.

    outcomes         (units, periods) numbers, such as events per inhabitant; fewer is better
    treated          (units,) which had the measure
    treatment_start  the column where it began, from 0: the same for all treated units
    replicates       placebos drawn when several units are treated; with one, every other unit
                     takes its turn
    smallest_of_interest  as in `weighted_displacement_difference`, in units of the outcome; None:
                     a fifth of the treated units' mean before

    Standard error, interval and `p_value` rest on the spread of the placebos, taken as normal;
    `placebo_p_value` is the rank of the treated among them, by the ratio of the gaps after and
    before (Abadie, Diamond & Hainmueller 2010). 'better' or 'worse' needs both; a poor fit before
    cannot tell.

    Raises ValueError without treated units, at least two others, two periods before and one after.
    """
    panel = _read(outcomes, treated, treatment_start)
    return _result(
        "synthetic control", panel, _control_weights, "ratio", "placebo",
        replicates, level, smallest_of_interest, seed,
    )  # fmt: skip


def synthetic_difference_in_differences(
    outcomes: ArrayLike,
    *,
    treated: ArrayLike,
    treatment_start: int,
    error: Literal["placebo", "jackknife"] | None = None,
    replicates: int = 200,
    level: float = 0.95,
    smallest_of_interest: float | None = None,
    seed: int = 0,
) -> SyntheticEffect:
    """The change of the treated against that of weighted others, from a weighted past.

    Units whose past moved like the treated units', and periods that were like those after, weigh
    more. A constant difference in level does no harm. Arguments as in `synthetic_control`;
    `error` is 'placebo' (the spread of placebos; the default for one treated unit) or 'jackknife'
    (one unit left out at a time, weights kept; the default for several, and cautious).
    `placebo_p_value` ranks the size of the estimates. Arkhangelsky et al. (2021), algorithms 1, 3
    and 4.

    Raises ValueError as `synthetic_control`, and for a jackknife of one treated unit.
    """
    panel = _read(outcomes, treated, treatment_start)
    if error is None:
        error = "placebo" if panel.treated == 1 else "jackknife"
    one_of("error", error, ("placebo", "jackknife"))
    if error == "jackknife" and panel.treated == 1:
        raise ValueError("error: a jackknife leaves out units, and only one is treated")
    return _result(
        "synthetic difference in differences", panel, _difference_weights, "size", error,
        replicates, level, smallest_of_interest, seed,
    )  # fmt: skip


@dataclass(frozen=True)
class _Panel:
    """Outcomes with the treated units last; `order` tells which row came from where."""

    y: Floats
    treated: int
    start: int
    order: NDArray[np.int64]

    @property
    def others(self) -> int:
        return int(self.y.shape[0]) - self.treated

    @property
    def noise(self) -> float:
        """Standard deviation of the others' changes from period to period before the start."""
        changes = np.diff(self.y[: self.others, : self.start], axis=1)
        return float(changes.std(ddof=1)) if changes.size > 1 else 0.0

    def rows(self, chosen: NDArray[np.int64], treated: int) -> "_Panel":
        """Only these units, the last of them as if treated."""
        return _Panel(self.y[chosen], treated, self.start, chosen)


@dataclass(frozen=True)
class _Weights:
    units: Floats  # of the others
    periods: Floats  # of the past


def _read(outcomes: ArrayLike, treated: ArrayLike, treatment_start: int) -> _Panel:
    y = finite("outcomes", outcomes, dimensions=2)
    is_treated = np.asarray(treated, bool)
    if is_treated.shape != y.shape[:1]:
        raise ValueError("treated: one value per unit wanted")
    at_least("treatment_start", treatment_start, 2)
    if treatment_start >= y.shape[1]:
        raise ValueError(f"treatment_start: before {y.shape[1]} wanted, {treatment_start} given")
    if not is_treated.any():
        raise ValueError("treated: no unit is")
    if (~is_treated).sum() < 2:
        raise ValueError("treated: at least two untreated units wanted, to compare with")
    order = np.argsort(is_treated, kind="stable")
    return _Panel(y[order], int(is_treated.sum()), treatment_start, order)


def _control_weights(panel: _Panel, noise: float) -> _Weights:
    """Others that come closest in level; no period is subtracted."""
    others, start = panel.y[: panel.others, : panel.start], panel.start
    target = panel.y[panel.others :, :start].mean(axis=0)
    units = simplex_weights(others.T, target, ridge=1e-6 * noise, intercept=False, noise=noise)
    return _Weights(units, np.zeros(start))


def _difference_weights(panel: _Panel, noise: float) -> _Weights:
    """Others that move alike, spread by a ridge that grows with what is treated; periods alike."""
    before, after = panel.y[:, : panel.start], panel.y[:, panel.start :]
    ridge = (panel.treated * after.shape[1]) ** 0.25 * noise
    others = before[: panel.others]
    units = simplex_weights(
        others.T, before[panel.others :].mean(axis=0), ridge=ridge, intercept=True, noise=noise
    )
    periods = simplex_weights(
        others, after[: panel.others].mean(axis=1), ridge=1e-6 * noise, intercept=True, noise=noise
    )
    return _Weights(units, periods)


def _gap(panel: _Panel, weights: _Weights) -> Floats:
    """Treated less weighted others, by period, less the same over the weighted past."""
    gap = panel.y[panel.others :].mean(axis=0) - weights.units @ panel.y[: panel.others]
    return np.asarray(gap - weights.periods @ gap[: panel.start])


def _estimate(panel: _Panel, weights: _Weights) -> float:
    return float(_gap(panel, weights)[panel.start :].mean())


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt((values**2).mean()))


def _placebos(panel: _Panel, replicates: int, seed: int) -> Iterator[_Panel]:
    """The others alone, as many of them as were treated taken as treated."""
    others = np.arange(panel.others)
    if panel.treated == 1:
        for unit in others:
            yield panel.rows(np.append(np.delete(others, unit), unit), 1)
    elif panel.others >= panel.treated + 2:
        rng = np.random.default_rng(seed)
        for _ in range(replicates):
            yield panel.rows(rng.permutation(others), panel.treated)


def _jackknife(panel: _Panel, weights: _Weights) -> float:
    """The standard error from leaving out one unit at a time, the weights of the others kept."""
    units = panel.y.shape[0]
    estimates = []
    for left_out in range(units):
        kept = np.delete(np.arange(units), left_out)
        is_other = left_out < panel.others
        spared = np.delete(weights.units, left_out) if is_other else weights.units
        if spared.sum() <= 0:
            return float("nan")  # everything rests on one unit
        part = panel.rows(kept, panel.treated - (not is_other))
        estimates.append(_estimate(part, _Weights(spared / spared.sum(), weights.periods)))
    return float(np.sqrt((units - 1) * np.var(estimates)))


def _result(
    method: str,
    panel: _Panel,
    weigh: Callable[[_Panel, float], _Weights],
    rank: Literal["ratio", "size"],
    error: str,
    replicates: int,
    level: float,
    smallest: float | None,
    seed: int,
) -> SyntheticEffect:
    from scipy import special

    if not 0 < level < 1:
        raise ValueError(f"level: between 0 and 1 wanted, {level!r} given")
    at_least("replicates", replicates, 1)
    noise = panel.noise
    weights = weigh(panel, noise)
    gap = _gap(panel, weights)
    trial = _tried(panel, weigh, noise, rank, gap, replicates, seed)
    deviation = trial.deviation if error == "placebo" else _jackknife(panel, weights)
    estimate = float(gap[panel.start :].mean())
    half = float(special.ndtri(0.5 + level / 2)) * deviation
    low, high = estimate - half, estimate + half
    z = estimate / deviation if deviation > 0 else float("nan")
    observed = panel.y[panel.others :].mean(axis=0)
    if smallest is None:
        smallest = 0.2 * abs(float(observed[: panel.start].mean())) or 1.0
    positive("smallest_of_interest", smallest)
    fit_error = _root_mean_square(gap[: panel.start])
    fit = _in_a_word(fit_error, noise)
    by_interval = verdict_of(low, high, smallest, fit == "poor")
    verdict = _confirmed(by_interval, trial.p_value, level)
    return SyntheticEffect(
        basis=Basis(
            method=method,
            parameters={
                "treatment_start": panel.start, "error": error, "level": level,
                "smallest_of_interest": smallest, "treated": panel.treated,
            },
            n=panel.y.size,
            fingerprint=fingerprint(panel.y, panel.order),
            seed=None if panel.treated == 1 else seed,
            replicates=trial.estimates.size,
        ),
        estimate=estimate,
        standard_error=deviation,
        z=z,
        p_value=float(2 * special.ndtr(-abs(z))) if np.isfinite(z) else 1.0,
        interval=(low, high),
        verdict=verdict,
        caveats=_caveats(fit, weights, trial, verdict != by_interval, level),
        unit_weights=_in_order(panel, weights.units),
        period_weights=np.append(weights.periods, np.zeros(panel.y.shape[1] - panel.start)),
        observed=observed,
        synthetic=observed - gap,
        gap=gap,
        fit_error=fit_error,
        noise=noise,
        fit=fit,
        placebo_estimates=trial.estimates,
        placebo_p_value=trial.p_value,
        difference_in_differences=_estimate(panel, _equal_weights(panel)),
    )  # fmt: skip


def _in_a_word(fit_error: float, noise: float) -> Fit:
    if fit_error > noise:
        return "poor"
    return "good" if fit_error <= noise / 2 else "fair"


def _in_order(panel: _Panel, of_others: Floats) -> Floats:
    """Weights of the others as weights of all units, in the order they were given."""
    weights = np.zeros(panel.y.shape[0])
    weights[panel.order[: panel.others]] = of_others
    return weights


def _equal_weights(panel: _Panel) -> _Weights:
    return _Weights(np.full(panel.others, 1 / panel.others), np.full(panel.start, 1 / panel.start))


@dataclass(frozen=True)
class _Trial:
    """What the placebos said; NaN where there are too few others for any."""

    estimates: Floats
    deviation: float
    p_value: float


def _tried(
    panel: _Panel,
    weigh: Callable[[_Panel, float], _Weights],
    noise: float,
    rank: Literal["ratio", "size"],
    gap: Floats,
    replicates: int,
    seed: int,
) -> _Trial:
    gaps = [_gap(placebo, weigh(placebo, noise)) for placebo in _placebos(panel, replicates, seed)]
    if not gaps:
        return _Trial(np.zeros(0), float("nan"), float("nan"))
    estimates = np.array([each[panel.start :].mean() for each in gaps])
    statistics = np.array([_extremeness(each, panel.start, rank) for each in [gap, *gaps]])
    p_value = significance.monte_carlo(statistics[0], statistics[1:])[0]
    return _Trial(estimates, float(estimates.std()), float(p_value))


def _extremeness(gap: Floats, start: int, rank: Literal["ratio", "size"]) -> float:
    if rank == "size":
        return abs(float(gap[start:].mean()))
    before, after = _root_mean_square(gap[:start]), _root_mean_square(gap[start:])
    if before == 0:
        return np.inf if after > 0 else 0.0
    return after / before


def _confirmed(verdict: Verdict, placebo_p_value: float, level: float) -> Verdict:
    """'better' and 'worse' only where the placebos' rank says so too."""
    claims = verdict in ("better", "worse")
    return "cannot tell" if claims and not placebo_p_value <= 1 - level + 1e-12 else verdict


def _caveats(
    fit: Fit, weights: _Weights, trial: _Trial, unconfirmed: bool, level: float
) -> tuple[str, ...]:
    placebos = trial.estimates.size
    coarse = (
        f"With {placebos} placebos no placebo p-value can be below {1 / (placebos + 1):.3f}."
        if placebos
        else "Too few comparison units for placebos."
    )
    return tuple(
        sentence
        for says, sentence in (
            (fit == "poor", "The comparison did not follow the treated before: a poor fit."),
            (weights.units.max() > 0.5, "More than half of the comparison is one unit."),
            (placebos == 0 or 1 / (placebos + 1) > 1 - level, coarse),
            (unconfirmed, "The interval leaves out no change, but placebos go as far."),
        )
        if says
    )
