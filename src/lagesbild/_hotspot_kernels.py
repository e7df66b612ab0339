"""The inner loops of permuting neighbours' values, compiled. Importing this imports numba."""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled
from lagesbild._scan_draws import below
from lagesbild._scan_kernels import Floats, Ints


@compiled
def sums_of_any(
    x: Floats, own: int, weights: Floats, observed: float, slack: float,
    generator: NDArray[np.uint64], pool: Ints, null: Floats,
) -> None:  # fmt: skip
    """Fill `null` with weighted sums of values drawn without replacement from all units but `own`
    (-1: from all). `pool` holds every unit once, in any order, and is left so.

    A sum within `slack` of the observed is set equal to it: the same values added in another order
    may differ in the last digits, and are a tie nevertheless.
    """
    size = weights.size
    for replicate in range(null.size):
        total = 0.0
        for k in range(size):
            pick = k + below(generator, x.size - k)
            while pool[pick] == own:
                pick = k + below(generator, x.size - k)
            drawn = pool[pick]
            pool[pick] = pool[k]
            pool[k] = drawn
            total += weights[k] * x[drawn]
        null[replicate] = observed if abs(total - observed) <= slack else total


@compiled
def sums_of_others(
    x: Floats, units: Ints, indptr: Ints, weights: Floats, observed: Floats, slack: float,
    generators: NDArray[np.uint64], with_own: bool, null: Floats,
) -> None:  # fmt: skip
    """As `sums_of_any`, for several units, each by its own neighbours: `null` (units, m).

    `with_own`: drawn from all, with one draw more, of weight one, in the unit's own place.
    """
    pool = np.arange(x.size)
    for row in range(units.size):
        unit = units[row]
        some = weights[indptr[unit] : indptr[unit + 1]]
        if with_own:
            some = np.append(some, 1.0)
        left_out = -1 if with_own else unit
        sums_of_any(x, left_out, some, observed[unit], slack, generators[row], pool, null[row])
