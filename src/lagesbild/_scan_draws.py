"""Chance for the scan's replicates, compiled. Importing this imports numba, which is slow.

All fill `counts` (cells, LANES), a lane for each replicate, from one generator per block of lanes.
"""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled
from lagesbild._scan_kernels import Counts, Floats, Ints

Generator = NDArray[np.uint64]  # the four words of xoshiro256++

_U11, _U17, _U19, _U23 = np.uint64(11), np.uint64(17), np.uint64(19), np.uint64(23)
_U32, _U41, _U45 = np.uint64(32), np.uint64(41), np.uint64(45)
_TWO_32 = np.uint64(1 << 32)
_LOW_32 = np.uint64((1 << 32) - 1)
_UNIT_53 = 2.0**-53


@compiled
def next_bits(generator: Generator) -> np.uint64:
    """64 random bits: xoshiro256++ (Blackman & Vigna 2021, ACM Trans Math Softw 47:36)."""
    sum_ = generator[0] + generator[3]
    result = ((sum_ << _U23) | (sum_ >> _U41)) + generator[0]
    shifted = generator[1] << _U17
    generator[2] ^= generator[0]
    generator[3] ^= generator[1]
    generator[1] ^= generator[2]
    generator[0] ^= generator[3]
    generator[2] ^= shifted
    generator[3] = (generator[3] << _U45) | (generator[3] >> _U19)
    return np.uint64(result)


@compiled
def below(generator: Generator, bound: int) -> np.int64:
    """A whole number in [0, bound), bound under 2**32, without bias (Lemire 2019)."""
    span = np.uint64(bound)
    product = (next_bits(generator) >> _U32) * span
    if (product & _LOW_32) < span:
        unfair = (_TWO_32 - span) % span
        while (product & _LOW_32) < unfair:
            product = (next_bits(generator) >> _U32) * span
    return np.int64(product >> _U32)


@compiled
def deal(
    pool: NDArray[np.int32], group_sizes: Ints, generator: Generator, counts: Counts, lanes: int
) -> None:
    """Shuffle, and count group by group: `counts` (cells, LANES) gains one at pool[i] + group.

    The first `group_sizes[0]` of a random order of the pool are group 0, and so on; entries below
    zero are counted nowhere. The pool is left shuffled, which the next lane does not mind.
    """
    size = pool.size
    for lane in range(lanes):
        dealt = 0
        for group in range(group_sizes.size):
            for _ in range(group_sizes[group]):
                pick = dealt + below(generator, size - dealt)
                chosen = pool[pick]
                pool[pick] = pool[dealt]
                pool[dealt] = chosen
                dealt += 1
                if chosen >= 0:
                    counts[chosen + group, lane] += 1


@compiled
def alias_table(weights: Floats, kept: NDArray[np.float32], other: NDArray[np.int32]) -> None:
    """Vose's tables for drawing an index in proportion to its weight (into `kept`, `other`)."""
    size = weights.size
    scaled = weights * (size / weights.sum())
    small = np.empty(size, dtype=np.int64)
    large = np.empty(size, dtype=np.int64)
    smalls, larges = 0, 0
    for index in range(size):
        kept[index] = 1.0
        other[index] = index
        if scaled[index] < 1.0:
            small[smalls] = index
            smalls += 1
        else:
            large[larges] = index
            larges += 1
    while smalls > 0 and larges > 0:
        smalls -= 1
        poor, rich = small[smalls], large[larges - 1]
        kept[poor] = scaled[poor]
        other[poor] = rich
        scaled[rich] -= 1.0 - scaled[poor]
        if scaled[rich] < 1.0:
            larges -= 1
            small[smalls] = rich
            smalls += 1


@compiled
def _draw(
    generator: Generator, kept: NDArray[np.float32], other: NDArray[np.int32], begin: int, size: int
) -> int:
    """An index in [0, size) from the alias table that begins at `begin`."""
    point = float(next_bits(generator) >> _U11) * _UNIT_53 * size
    index = int(point)
    alias = other[begin + index]  # read either way: a branch here would be a coin toss
    return index if point - index < kept[begin + index] else alias


@compiled
def scatter(
    totals: Ints,
    kept: NDArray[np.float32],
    other: NDArray[np.int32],
    generator: Generator,
    counts: Counts,
) -> None:
    """Multinomial draws, case by case: totals[lane] cases over the cells of `counts`."""
    cells = counts.shape[0]
    for lane in range(totals.size):
        for _ in range(totals[lane]):
            counts[_draw(generator, kept, other, 0, cells), lane] += 1


@compiled
def poisson_tables(
    means: Floats, begins: Ints, lowest: Ints, kept: NDArray[np.float32], other: NDArray[np.int32]
) -> None:
    """Alias tables for a Poisson count in each cell: counts lowest[i] and up, from begins[i] on."""
    for cell in range(means.size):
        begin, size = begins[cell], begins[cell + 1] - begins[cell]
        chances = np.empty(size)
        mode = min(max(int(means[cell]) - lowest[cell], 0), size - 1)
        chances[mode] = 1.0
        for step in range(mode + 1, size):
            chances[step] = chances[step - 1] * means[cell] / (lowest[cell] + step)
        for step in range(mode, 0, -1):
            chances[step - 1] = chances[step] * (lowest[cell] + step) / means[cell]
        alias_table(chances, kept[begin : begin + size], other[begin : begin + size])


@compiled
def scatter_dense(
    totals: Ints,
    kept: NDArray[np.float32],
    other: NDArray[np.int32],
    begins: Ints,
    lowest: Ints,
    cell_kept: NDArray[np.float32],
    cell_other: NDArray[np.int32],
    generator: Generator,
    counts: Counts,
) -> None:
    """Multinomial draws where cells hold many cases each: as `scatter`, in time by cells.

    Independent Poisson counts with a sum a little under the total, then single cases up to it.
    Given their sum, Poisson counts are multinomial, so the result is too, whatever the sum; a
    lane whose sum exceeds the total is drawn anew.
    """
    cells, lanes = counts.shape[0], totals.size
    drawn = np.zeros(lanes, dtype=np.int64)
    for cell in range(cells):  # lane by lane within a cell: its table stays at hand
        begin = begins[cell]
        size, least = begins[cell + 1] - begin, lowest[cell]
        for lane in range(lanes):
            count = least + _draw(generator, kept, other, begin, size)
            counts[cell, lane] = count
            drawn[lane] += count
    for lane in range(lanes):
        while drawn[lane] > totals[lane]:
            drawn[lane] = 0
            for cell in range(cells):
                begin = begins[cell]
                size, least = begins[cell + 1] - begin, lowest[cell]
                count = least + _draw(generator, kept, other, begin, size)
                counts[cell, lane] = count
                drawn[lane] += count
        for _ in range(totals[lane] - drawn[lane]):
            counts[_draw(generator, cell_kept, cell_other, 0, cells), lane] += 1
