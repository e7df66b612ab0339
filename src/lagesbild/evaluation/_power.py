"""What size of effect could a design see, before anything is done?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, finite
from lagesbild._checks import counts as checked_counts
from lagesbild.evaluation._difference import difference_in_differences

Floats = NDArray[np.float64]


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


def smallest_detectable_change(
    *,
    before: float,
    control_before: float,
    displacement_before: float = 0.0,
    chance: float = 0.8,
    level: float = 0.95,
) -> float:
    """The smallest fall, as a share below 0, that `power` sees with at least this chance.

    -0.35: a fall of 35 %. NaN when even the end of all events (-1) would be missed too often;
    then no difference of these two areas can tell. Arguments as in `power`; `chance` above
    1 - level.

    Raises ValueError as `power`.
    """
    from scipy import optimize

    if not 1 - level < chance < 1:
        raise ValueError(f"chance: between {1 - level:.3g} and 1 wanted, {chance!r} given")

    def missing(change: float) -> float:
        return chance - power(
            before=before,
            control_before=control_before,
            displacement_before=displacement_before,
            change=change,
            level=level,
        )

    most = -1 + 1e-9
    if missing(most) > 0:
        return float("nan")
    return float(optimize.brentq(missing, most, 0.0, xtol=1e-6))


def panel_power(
    counts: ArrayLike,
    *,
    treated: ArrayLike,
    periods_after: int,
    change: float,
    level: float = 0.95,
    simulations: int = 500,
    seed: int = 0,
) -> float:
    """The chance that a difference in differences would see a change, from the past alone.

    counts         (areas, periods) of the past, before anything is done
    treated        (areas,) where the measure is planned
    periods_after  how long it will be followed
    change         share by which the treated areas would change, such as -0.2; above -1

    As many periods are drawn anew, before and after, from the areas' means and the periods'
    rhythm in the past, as unlike one another as the past was (negative binomial), with the change
    put in; each draw goes through `difference_in_differences` itself, and the share with a p-value
    below 1 - level is returned. Its standard error is at most 0.5 / sqrt(simulations). A change
    of 0 gives the rate of false alarms.

    Raises ValueError as `difference_in_differences`, and for a past without events.
    """
    y = checked_counts("counts", counts, dimensions=2)
    is_treated = np.asarray(treated, bool)
    if is_treated.shape != y.shape[:1] or is_treated.all() or not is_treated.any():
        raise ValueError("treated: one value per area, and both kinds, wanted")
    at_least("periods_after", periods_after, 1)
    at_least("simulations", simulations, 1)
    if change <= -1:
        raise ValueError("change: above -1 wanted")
    if not y.any():
        raise ValueError("counts: no events to learn from")
    usual = np.outer(y.sum(axis=1), y.sum(axis=0)) / y.sum()
    dispersion = _dispersion(y, usual)
    periods = np.arange(y.shape[1] + periods_after)
    after = periods >= y.shape[1]
    mean = usual[:, periods % y.shape[1]]
    mean[np.ix_(is_treated, after)] *= 1 + change
    rng = np.random.default_rng(seed)
    draws = (_drawn(rng, mean, dispersion) for _ in range(simulations))
    return sum(_is_seen(drawn, is_treated, after, level) for drawn in draws) / simulations


def _drawn(rng: np.random.Generator, mean: Floats, dispersion: float) -> NDArray[np.int64]:
    if dispersion <= 1.001:  # the negative binomial has no such limit
        return rng.poisson(mean)
    size = np.maximum(mean, 1e-12) / (dispersion - 1)
    return rng.negative_binomial(size, 1 / dispersion)


def _is_seen(
    drawn: NDArray[np.int64], treated: NDArray[np.bool_], after: NDArray[np.bool_], level: float
) -> bool:
    try:
        found = difference_in_differences(drawn, treated=treated, after=after, level=level)
    except ValueError:  # one side drew no events at all: nothing to compare, nothing seen
        return False
    return found.p_value < 1 - level


def _dispersion(y: Floats, usual: Floats) -> float:
    """Pearson's: variance over mean, at least 1."""
    fitted = usual > 0
    freedom = max((y.shape[0] - 1) * (y.shape[1] - 1), 1)
    return max(1.0, float(((y - usual)[fitted] ** 2 / usual[fitted]).sum() / freedom))
