"""The compiled loop of `_folding`. Importing this imports numba, which is slow."""

from lagesbild._compiling import compiled
from lagesbild._folding import MULTIPLIER, SHIFT, Words


@compiled
def fold_rows(rows: Words, lanes: Words) -> None:
    """Each row mixed into the lanes, in place."""
    for i in range(rows.shape[0]):
        for j in range(lanes.size):
            mixed = (lanes[j] ^ rows[i, j]) * MULTIPLIER
            lanes[j] = mixed ^ (mixed >> SHIFT)
