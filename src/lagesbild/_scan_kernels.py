"""The inner loops of the scan statistic, compiled. Importing this imports numba, which is slow.

Words shared by all. A *column* is a step of time counted backwards, 0 being the last. A *zone* is
a centre with its nearest locations. A *size* is what a window is measured by: expected cases
(Poisson, `population` 0) or people (Bernoulli, `population` their total). A *lane* is one
replicate: LANES of them lie side by side, so that one machine instruction treats many.

No window costs a logarithm unless it can matter. For each of several levels of the ratio,
`high_thresholds` and `low_thresholds` say from which count on a window of a given size can reach
that level; all lanes are compared with this whole number, and only those that pass are computed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[Any]  # int16 where the counts fit, else int32

LANES = 64
_GROUP = 16  # lanes that are looked at together before each alone
LEVELS = 32
LEVEL_STEP = 0.5
GRID = 32.0  # cells of a threshold table for each unit of the square root of a size
TOLERANCE = 1e-10  # ratios closer than this are equal
_WHOLE = 1.0 - 1e-12  # a window above this share holds everything and leaves nothing to compare


# The ratio --------------------------------------------------------------------------------------


@compiled
def _gain(count: float, size: float, share: float) -> float:
    """Binomial log-likelihood of `count` among `size` at its own share, less that at `share`."""
    rest = size - count
    gain = 0.0
    if count > 0.0:
        gain += count * np.log(count / (size * share))
    if rest > 0.0:
        gain += rest * np.log(rest / (size * (1.0 - share)))
    return gain


@compiled
def log_likelihood_ratio(count: float, size: float, cases: float, population: float) -> float:
    """The ratio for a window, whichever side of its expectation the count is on."""
    outside = cases - count
    if population > 0.0:
        share = cases / population
        return _gain(count, size, share) + _gain(outside, population - size, share)
    ratio = 0.0
    if count > 0.0:
        ratio += count * np.log(count / size)
    if outside > 0.0:
        ratio += outside * np.log(outside / (cases - size))
    return ratio


# Thresholds -------------------------------------------------------------------------------------


@compiled
def grid_cell(size: float) -> int:
    """Where a window of this size is looked up: equal widths in the square root of the size,
    about the scale on which thresholds change."""
    return int(np.sqrt(size) * GRID) if size > 0.0 else 0


@compiled
def high_thresholds(cells: int, cases: float, population: float, least: int) -> Ints:
    """(LEVELS, cells): the smallest count above expectation that can reach LEVEL_STEP · level.

    A cell holds many sizes and the threshold is right for the smallest of them, so no window that
    reaches the level is below it, though some that pass do not reach it. At least `least`.
    """
    table = np.empty((LEVELS, cells), dtype=np.int64)
    for level in range(LEVELS):
        wanted = LEVEL_STEP * level - TOLERANCE
        count = max(least, 1)
        for cell in range(cells):
            size = (cell / GRID) ** 2
            while count <= cases and not _can_be_high(count, size, wanted, cases, population):
                count += 1
            table[level, cell] = count
    return table


@compiled
def _can_be_high(count: int, size: float, wanted: float, cases: float, population: float) -> bool:
    if size == 0.0 or (population > 0.0 and count > size):
        return True  # only a larger size of the same cell can hold this count: let it pass
    if count <= (size * cases / population if population > 0.0 else size):
        return False
    return log_likelihood_ratio(count, size, cases, population) >= wanted


@compiled
def low_thresholds(cells: int, cases: float, population: float) -> Ints:
    """(LEVELS, cells): the largest count below expectation that can reach a level, -1 for none.

    As `high_thresholds`, but right for the largest size of a cell.
    """
    table = np.empty((LEVELS, cells), dtype=np.int64)
    whole = population if population > 0.0 else cases
    for level in range(LEVELS):
        wanted = LEVEL_STEP * level - TOLERANCE
        count = -1
        for cell in range(cells):
            size = ((cell + 1) / GRID) ** 2
            while count < cases and _can_be_low(count + 1, size, wanted, cases, population, whole):
                count += 1
            table[level, cell] = count
    return table


@compiled
def _can_be_low(
    count: int, size: float, wanted: float, cases: float, population: float, whole: float
) -> bool:
    if population > 0.0 and cases - count > whole - size:
        return True  # only a smaller size of the same cell leaves room for the other cases
    if size >= whole:
        return True
    if count >= (size * cases / population if population > 0.0 else size):
        return False
    return log_likelihood_ratio(count, size, cases, population) >= wanted


# Distances --------------------------------------------------------------------------------------


@compiled
def squared_distances(centres: Floats, places: Floats, out: Floats) -> None:
    """(centres, places) from (centres, d) and (d, places)."""
    for centre in range(centres.shape[0]):
        row = out[centre]
        row[:] = 0.0
        for axis in range(places.shape[0]):
            here, there = centres[centre, axis], places[axis]
            for place in range(there.size):
                apart = here - there[place]
                row[place] += apart * apart


# The search -------------------------------------------------------------------------------------


@compiled
def sum_columns(counts: Counts) -> None:
    """(locations, columns, LANES): each column becomes the sum of the columns up to it."""
    for location in range(counts.shape[0]):
        for column in range(1, counts.shape[1]):
            for lane in range(LANES):
                counts[location, column, lane] += counts[location, column - 1, lane]


# Greatest and least instead of "does any": a vector has an instruction for these.
@compiled
def _any_low(counts: Counts, at_most: int) -> bool:
    """Does any lane stay at or below `at_most`?"""
    least = counts[0]
    for lane in range(LANES):
        least = min(least, counts[lane])
    return bool(least <= at_most)


@compiled
def _add_and_test(here: Counts, more: Counts, at_least: int) -> bool:
    """Add `more` to `here`, lane by lane; does any lane come to `at_least`?"""
    greatest = here.dtype.type(0)
    for lane in range(LANES):
        count = here.dtype.type(here[lane] + more[lane])
        here[lane] = count
        greatest = max(greatest, count)
    return bool(greatest >= at_least)


@compiled
def _subtract_and_test(longer: Counts, shorter: Counts, between: Counts, at_least: int) -> bool:
    """`between` = `longer` - `shorter`, lane by lane; does any lane come to `at_least`?"""
    greatest = longer.dtype.type(0)
    for lane in range(LANES):
        count = longer.dtype.type(longer[lane] - shorter[lane])
        between[lane] = count
        greatest = max(greatest, count)
    return bool(greatest >= at_least)


@compiled
def _improve(
    counts: Counts,
    at_least: int,
    at_most: int,
    size: float,
    cell: int,
    high: Counts,
    low: Counts,
    cases: float,
    population: float,
    best: Floats,
    levels: Ints,
) -> None:
    """Compute the ratio of the lanes that pass at their own level, and keep what is greater."""
    whole = population if population > 0.0 else cases
    if size >= whole * _WHOLE:
        return
    for group in range(0, LANES, _GROUP):
        greatest = counts[group]
        for lane in range(group, group + _GROUP):
            greatest = max(greatest, counts[lane])
        if at_most < 0 and greatest < at_least:
            continue
        for lane in range(group, group + _GROUP):
            count = counts[lane]
            if at_most < count < at_least:  # most lanes: spare them the look at their own level
                continue
            if low[levels[lane], cell] < count < high[levels[lane], cell]:
                continue
            if _on_wrong_side(count, size, cell, high, low, cases, population):
                continue
            ratio = log_likelihood_ratio(float(count), size, cases, population)
            if ratio > best[lane]:
                best[lane] = ratio
                levels[lane] = min(int(ratio / LEVEL_STEP), LEVELS - 1)


@compiled
def _on_wrong_side(
    count: int,
    size: float,
    cell: int,
    high: Counts,
    low: Counts,
    cases: float,
    population: float,
) -> bool:
    """A cell's thresholds are for its edges: a size within it may expect more, or fewer."""
    expected = size * cases / population if population > 0.0 else size
    if count > expected:
        return bool(count < high[0, cell])
    return bool(count > low[0, cell])


@compiled
def scan_lanes(
    counts: Counts,
    sizes: Floats,
    neighbours: NDArray[np.int32],
    starts: Ints,
    longest: int,
    any_end: bool,
    want_low: bool,
    high: Counts,
    low: Counts,
    cases: float,
    population: float,
    floor: int,
    lanes: int,
    best: Floats,
) -> None:
    """The greatest ratio of each lane over all windows, into `best` (LANES,).

    counts      (locations, columns, LANES), summed from column 0 on
    sizes       (locations, columns), summed from column 0 on
    neighbours  the locations of centre i by distance: [starts[i], starts[i + 1])
    longest     columns in a window at most; it begins at column 0, or at any when `any_end`
    want_low    whether `low` says anything at all
    high, low   thresholds, of the counts' own type
    floor       the level to begin at: below it nothing is looked for, and a lane whose windows
                all are below is left at exactly that ratio
    lanes       in use
    """
    columns = sizes.shape[1]
    here = np.empty((columns, LANES), dtype=counts.dtype)
    between = np.empty(LANES, dtype=counts.dtype)
    size_here = np.empty(columns)
    cells = np.empty(columns, dtype=np.int64)
    at_least = np.empty(columns, dtype=counts.dtype)
    at_most = np.full(columns, -1, dtype=counts.dtype)
    levels = np.full(LANES, floor, dtype=np.int64)
    levels[lanes:] = LEVELS - 1
    level = floor
    best[:] = floor * LEVEL_STEP
    for centre in range(starts.size - 1):
        here[:] = 0
        size_here[:] = 0.0
        for position in range(starts[centre], starts[centre + 1]):
            location = neighbours[position]
            # Short loops of one kind each, as these become vector instructions.
            for column in range(columns):
                size_here[column] += sizes[location, column]
                cells[column] = grid_cell(size_here[column])
            for column in range(columns):
                at_least[column] = high[level, cells[column]]
            if want_low:
                for column in range(columns):
                    at_most[column] = low[level, cells[column]]
            for column in range(columns):
                passes = _add_and_test(here[column], counts[location, column], at_least[column])
                if want_low and not passes:
                    passes = _any_low(here[column], at_most[column])
                if passes and column < longest:
                    _improve(
                        here[column], at_least[column], at_most[column],
                        size_here[column], cells[column],
                        high, low, cases, population, best, levels,
                    )  # fmt: skip
            if not any_end:
                continue
            for last in range(columns - 1):
                for first in range(last + 1, min(last + longest + 1, columns)):
                    size = size_here[first] - size_here[last]
                    cell = grid_cell(size)
                    fewest, most = high[level, cell], low[level, cell]
                    passes = _subtract_and_test(here[first], here[last], between, fewest)
                    if want_low and not passes:
                        passes = _any_low(between, most)
                    if passes:
                        _improve(
                            between, fewest, most, size, cell,
                            high, low, cases, population, best, levels,
                        )  # fmt: skip
        level = levels.min()


@compiled
def zone_sizes(sizes: Floats, neighbours: NDArray[np.int32], starts: Ints, summed: Floats,
               cells: NDArray[np.int32]) -> None:  # fmt: skip
    """Of each circle, place by place: its size so far and where that is looked up."""
    for centre in range(starts.size - 1):
        size = 0.0
        for position in range(starts[centre], starts[centre + 1]):
            size += sizes[neighbours[position]]
            summed[position] = size
            cells[position] = grid_cell(size)


@compiled
def scan_lanes_in_space(
    counts: Counts,
    summed: Floats,
    cells: NDArray[np.int32],
    neighbours: NDArray[np.int32],
    starts: Ints,
    want_low: bool,
    high: Counts,
    low: Counts,
    cases: float,
    population: float,
    floor: int,
    lanes: int,
    best: Floats,
) -> None:
    """As `scan_lanes` where there is one column: `counts` (locations, LANES).

    Sizes and cells are those of `zone_sizes`, the same for all replicates.
    """
    here = np.empty(LANES, dtype=counts.dtype)
    levels = np.full(LANES, floor, dtype=np.int64)
    levels[lanes:] = LEVELS - 1
    level = floor
    best[:] = floor * LEVEL_STEP
    for centre in range(starts.size - 1):
        here[:] = 0
        fewest, most = high[level], low[level]
        for position in range(starts[centre], starts[centre + 1]):
            cell = cells[position]
            passes = _add_and_test(here, counts[neighbours[position]], fewest[cell])
            if want_low and not passes:
                passes = _any_low(here, most[cell])
            if passes:
                _improve(
                    here, fewest[cell], most[cell], summed[position], cell,
                    high, low, cases, population, best, levels,
                )  # fmt: skip
        level = levels.min()


@compiled
def scan_centres(
    counts: Ints,
    sizes: Floats,
    neighbours: NDArray[np.int32],
    starts: Ints,
    longest: int,
    any_end: bool,
    high: Counts,
    low: Counts,
    cases: float,
    population: float,
    ratio: Floats,
    window: Ints,
) -> None:
    """The best window of each centre: `ratio` (centres,) and `window` (centres, 4).

    A window is (locations, first column, last column + 1, count); `ratio` stays 0 where there is
    none. Of equal ratios the smallest circle wins, then the window that ends last, then the
    shortest: the order of the search.
    """
    columns = sizes.shape[1]
    whole = population if population > 0.0 else cases
    here = np.empty(columns + 1, dtype=np.int64)
    size_here = np.empty(columns + 1)
    for centre in range(starts.size - 1):
        here[:] = 0
        size_here[:] = 0.0
        level = 0
        for position in range(starts[centre], starts[centre + 1]):
            location = neighbours[position]
            for column in range(columns):
                here[column + 1] += counts[location, column]
                size_here[column + 1] += sizes[location, column]
            for last in range(columns if any_end else 1):
                for beyond in range(last + 1, min(last + longest, columns) + 1):
                    count = here[beyond] - here[last]
                    size = size_here[beyond] - size_here[last]
                    cell = grid_cell(size)
                    if low[level, cell] < count < high[level, cell] or size >= whole * _WHOLE:
                        continue
                    if _on_wrong_side(count, size, cell, high, low, cases, population):
                        continue
                    value = log_likelihood_ratio(float(count), size, cases, population)
                    if value > ratio[centre] + TOLERANCE:
                        ratio[centre] = value
                        level = min(int(value / LEVEL_STEP), LEVELS - 1)
                        window[centre, 0] = position - starts[centre] + 1
                        window[centre, 1] = last
                        window[centre, 2] = beyond
                        window[centre, 3] = count
