"""The inner loops of counting into a cube, compiled. Importing this imports numba, which is slow.

Loops over events have unsigned counters: only then LLVM vectorises them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled
from lagesbild._scan_kernels import Floats, Ints

Codes = NDArray[np.int32]

NO_AREA, NO_WEEK = -1, -2
_WEEK_S = 604_800.0
_U27, _U30, _U31 = np.uint64(27), np.uint64(30), np.uint64(31)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@compiled
def grid_cells(
    x: Floats, y: Floats, west: float, south: float, cell: float, columns: int, rows: int,
    codes: Codes,
) -> None:  # fmt: skip
    """The cell of each point, row by row from the south-west, or NO_AREA. Borders belong to it."""
    east, north = west + columns * cell, south + rows * cell
    for i in range(np.uint64(x.size)):
        is_within = (x[i] >= west) & (x[i] <= east) & (y[i] >= south) & (y[i] <= north)
        column, row = np.int64((x[i] - west) / cell), np.int64((y[i] - south) / cell)
        column, row = np.minimum(column, columns - 1), np.minimum(row, rows - 1)
        codes[i] = row * columns + column if is_within else NO_AREA


@compiled
def mark(labels: Ints, least: int, seen: NDArray[np.bool_]) -> None:
    """Set `seen` where a label is `least` plus its index."""
    for i in range(np.uint64(labels.size)):
        seen[labels[i] - least] = True


@compiled
def code_words(words: NDArray[np.uint32], table: Ints, firsts: Ints, codes: Codes) -> int:
    """Number the distinct rows of `words` (n, width) in the order of their first appearance.

    `firsts` gets the row of each; `table`, all -1 and a power of two long, is the hash table.
    Returns how many there are, or -1 when the table is half full.
    """
    mask, count = table.size - 1, 0
    for row in range(words.shape[0]):
        bits = np.uint64(1469598103934665603)
        for column in range(words.shape[1]):
            bits = _mixed(bits ^ np.uint64(words[row, column]))
        slot = np.int64(bits & np.uint64(mask))
        while table[slot] >= 0 and not _is_same(words, row, firsts[table[slot]]):
            slot = (slot + 1) & mask
        if table[slot] < 0:
            if 2 * count >= mask:
                return -1
            table[slot] = count
            firsts[count] = row
            count += 1
        codes[row] = table[slot]
    return count


@compiled
def _is_same(words: NDArray[np.uint32], one: int, other: int) -> bool:
    difference = np.uint32(0)
    for column in range(words.shape[1]):
        difference |= words[one, column] ^ words[other, column]
    return bool(difference == 0)


@compiled
def place(
    areas: Codes, seconds: Ints, categories: Codes, first: int, shape: tuple[int, int, int],
    places: Ints,
) -> tuple[np.int64, np.int64]:  # fmt: skip
    """Where each event belongs in a cube of `shape` (weeks, areas, categories), or NO_AREA or
    NO_WEEK; returns how often each of these two. `first`: when the first week begins."""
    weeks, all_areas, all_categories = shape
    without_area = without_week = np.int64(0)
    for i in range(np.uint64(areas.size)):
        # In floating point, as whole numbers are not divided many at a time. It is exact: a week
        # has too few seconds for the quotient to be rounded up to the next.
        week = np.int64(np.floor((seconds[i] - first) / _WEEK_S))
        where = (week * all_areas + areas[i]) * all_categories + categories[i]
        has_area, has_week = areas[i] >= 0, (week >= 0) & (week < weeks)
        places[i] = (where if has_week else NO_WEEK) if has_area else NO_AREA
        without_area += np.int64(not has_area)
        without_week += np.int64(has_area and not has_week)
    return without_area, without_week


@compiled
def add(places: Ints, weights: Ints, counts: NDArray[Any], most: int, begin: int) -> np.int64:
    """Add the events from `begin` on to `counts`; stop before one that would pass `most`.

    Returns how far it came. `weights` is empty where each event counts one.
    """
    for i in range(np.uint64(begin), np.uint64(places.size)):
        where = places[i]
        if where < 0:
            continue
        count = np.int64(counts[np.uint64(where)]) + (weights[i] if weights.size else 1)
        if count > most:
            return np.int64(i)
        counts[np.uint64(where)] = count
    return np.int64(places.size)


@compiled
def checksum(places: Ints, weights: Ints, shift: int) -> np.uint64:
    """A sum that is the same for the same events in any order, and adds up over parts of them."""
    total = np.uint64(0)
    for i in range(np.uint64(places.size)):
        weight = np.uint64(weights[i]) if weights.size else np.uint64(1)
        mixed = _mixed(np.uint64(places[i] + shift)) * weight
        total += mixed if places[i] >= 0 else np.uint64(0)
    return total


@compiled
def _mixed(bits: np.uint64) -> np.uint64:
    """SplitMix64's last step (Steele, Lea & Flood 2014): every bit depends on every bit."""
    bits = (bits ^ (bits >> _U30)) * _MIX_1
    bits = (bits ^ (bits >> _U27)) * _MIX_2
    return bits ^ (bits >> _U31)
