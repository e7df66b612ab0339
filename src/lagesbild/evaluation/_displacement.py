"""Weighted displacement difference, and the older quotient with its effects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import positive
from lagesbild.evaluation._results import FEWEST, Effect, normal_effect

Pair = tuple[float, float]
_UNLIKE = 2  # times as many events before, and the areas cannot be compared by difference


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

    'cannot tell' as well where treated and control differ more than twofold in size before: the
    same trend in percent is then another number of events in each, and looks like an effect.

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
    return normal_effect(
        method="weighted displacement difference",
        estimate=float(estimate),
        standard_error=float(np.sqrt(variance)),
        level=level,
        smallest=smallest_of_interest,
        n=int(variance),
        data=np.concatenate(list(numbers.values())),
        too_small=fewest < FEWEST or not _are_of_a_size(numbers),
        parameters={**{name: pair.tolist() for name, pair in numbers.items()}},
        caveats=_wdd_caveats(numbers, fewest),
    )


def _wdd_caveats(numbers: dict[str, NDArray[np.float64]], fewest: float) -> tuple[str, ...]:
    caveats = []
    if fewest < FEWEST:
        caveats.append(f"Fewer than {FEWEST} events in one of the periods.")
    if "displacement" not in numbers:
        caveats.append("Displacement to the surroundings was not looked at.")
    if not _are_of_a_size(numbers):
        caveats.append("The comparison area was of another size before: a trend weighs unevenly.")
    return tuple(caveats)


def _are_of_a_size(numbers: dict[str, NDArray[np.float64]]) -> bool:
    small, large = sorted((numbers["treated"][0], numbers["control"][0]))
    return bool(large <= _UNLIKE * small)


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


def _pair(name: str, pair: Pair) -> NDArray[np.float64]:
    numbers = checked_counts(name, pair)
    if numbers.size != 2:
        raise ValueError(f"{name}: (before, after) wanted, {numbers.size} numbers given")
    return numbers


def _or_nan(value: float) -> float:
    return float(value) if np.isfinite(value) else float("nan")
