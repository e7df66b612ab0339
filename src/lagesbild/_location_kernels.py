"""The inner loops of choosing sites, compiled. Importing this imports numba, which is slow.

`cost` is (sites, demands) here, weighted and finite, so that a plan's cost is a sum of minima.
Sums are cut into pieces, and given up once they have passed what there is to beat.
"""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled_with

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_PIECE = 512


# Every number that comes in is finite, so sums may be reordered.
compiled = compiled_with(fastmath=True)


@compiled
def pairs(cost: Floats, first: int, beyond: int, out: Floats) -> None:
    """out[a, b]: the cost when sites a and b alone are open; on the diagonal, a alone.

    For `first` <= a < `beyond`, and b from a on; out[b, a] is the same.
    """
    sites, demands = cost.shape
    for a in range(first, beyond):
        for b in range(a, sites):
            total = 0.0
            for i in range(demands):
                total += min(cost[a, i], cost[b, i])
            out[a, b] = total
            out[b, a] = total


@compiled
def best_third(
    cost: Floats, pair: Floats, beat: float, first: int, beyond: int, values: Floats, plans: Ints
) -> None:
    """For each site a, `first` <= a < `beyond`, the best plan of three that it is the first of.

    Of equals the first; infinity where none beats.

    A site adds the less the more are open, so a plan of a, b, c costs no less than
    pair[a, b] + pair[a, c] - pair[a, a], nor its two turns.
    """
    sites, demands = cost.shape
    for a in range(first, beyond):
        nearest = np.empty(demands)
        best = beat
        for b in range(a + 1, sites):
            is_ready = False
            for c in range(b + 1, sites):
                least = pair[a, b] + pair[a, c] - pair[a, a]
                least = max(least, pair[a, b] + pair[b, c] - pair[b, b])
                least = max(least, pair[a, c] + pair[b, c] - pair[c, c])
                if least >= best:
                    continue
                if not is_ready:
                    is_ready = True
                    for i in range(demands):
                        nearest[i] = min(cost[a, i], cost[b, i])
                total = 0.0
                start = 0
                while start < demands and total < best:
                    end = min(start + _PIECE, demands)
                    part = 0.0
                    for i in range(start, end):
                        part += min(nearest[i], cost[c, i])
                    total += part
                    start = end
                if total < best:
                    best = total
                    values[a] = total
                    plans[a, 0], plans[a, 1], plans[a, 2] = a, b, c
