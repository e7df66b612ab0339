"""An effect, and how its interval becomes a word."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lagesbild._results import Basis, Result, fingerprint

Verdict = Literal["better", "worse", "no sign", "cannot tell"]

# Fewer events than this on one side, and the normal approximation says too much.
FEWEST = 5


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


def verdict_of(low: float, high: float, smallest: float, too_small: bool) -> Verdict:
    """In words: zero left out, nothing of interest left in, or neither."""
    if too_small or not (np.isfinite(low) and np.isfinite(high)):
        return "cannot tell"
    if high < 0:
        return "better"
    if low > 0:
        return "worse"
    return "no sign" if -smallest < low and high < smallest else "cannot tell"


def normal_effect(
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
        verdict=verdict_of(*interval, smallest, too_small),
        caveats=caveats,
    )
