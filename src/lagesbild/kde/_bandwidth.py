"""How wide a kernel should be."""

from __future__ import annotations

from typing import Literal

import numpy as np

from lagesbild._checks import finite, one_of, positive
from lagesbild.events import Events

Rule = Literal["scott", "silverman", "cv"]
_VALIDATED = 2_000  # events that cross-validation looks at; its work grows with their square
_QUARTIC_WIDTH = float(np.sqrt(8))  # a quartic kernel of this radius has standard deviation 1


def bandwidth_of(
    events: Events, given: Rule | float | tuple[float, float], kernel: str
) -> tuple[float, float]:
    if isinstance(given, str):
        one_of("bandwidth", given, ("scott", "silverman", "cv"))
        factor = _QUARTIC_WIDTH if kernel == "quartic" else 1.0
        east, north = _rule_of_thumb(events)
        if given == "cv":
            factor *= _cross_validated(events, (east, north))
        return factor * east, factor * north
    if np.ndim(given) == 0:
        width = positive("bandwidth", float(given))  # type: ignore[arg-type]
        return width, width
    pair = finite("bandwidth", given)
    if pair.size != 2:
        raise ValueError(f"bandwidth: a number or (east, north) wanted, {given!r} given")
    return positive("bandwidth", float(pair[0])), positive("bandwidth", float(pair[1]))


def _rule_of_thumb(events: Events) -> tuple[float, float]:
    """n^(-1/6) standard deviations each way, n the effective number of weighted events."""
    weight = events.weights
    if weight.sum() <= 0:
        raise ValueError("weight: none above zero, so no bandwidth follows from the events")
    share = weight / weight.sum()
    number = 1.0 / float(np.square(share).sum())
    spreads = []
    for name, values in (("x", events.x), ("y", events.y)):
        centred = values - float(share @ values)
        variance = float(share @ centred**2)
        if variance <= 1e-18 * max(1.0, float(np.abs(values).max()) ** 2) or number <= 1:
            raise ValueError(f"bandwidth: {name} has no spread; give the bandwidth as a number")
        # As a sample's standard deviation, with weights of reliability.
        spreads.append(float(np.sqrt(variance / (1 - 1 / number))) * number ** (-1 / 6))
    return spreads[0], spreads[1]


def _cross_validated(events: Events, unit: tuple[float, float]) -> float:
    """The multiple of `unit` that gives the others' density at each event the best likelihood."""
    from scipy import optimize

    from lagesbild.kde import _kernels as kernels

    weight = events.weights
    order = np.lexsort((weight, events.y, events.x))
    order = order[weight[order] > 0]
    if order.size > _VALIDATED:
        order = order[np.linspace(0, order.size - 1, _VALIDATED).round().astype(np.int64)]
    x, y, w = events.x[order] / unit[0], events.y[order] / unit[1], weight[order]
    # So few have a wider best bandwidth than all have: as n^(-1/6).
    scale = float(order.size / max(1, int(np.count_nonzero(weight > 0)))) ** (1 / 6)
    others = np.empty(order.size)

    def loss(logarithm: float) -> float:
        width = float(np.exp(logarithm))
        kernels.leave_one_out(x / width, y / width, w, others)
        heights = np.log(np.maximum(others, 1e-300)) - 2 * logarithm
        return -float(w @ heights)

    tried = np.log(np.geomspace(0.05, 3.0, 25))
    best = int(np.argmin([loss(each) for each in tried]))
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, tried.size - 1)]
    found = optimize.minimize_scalar(
        loss, bounds=(low, high), method="bounded", options={"xatol": 1e-3}
    )
    return float(np.exp(float(found.x)) * scale)
