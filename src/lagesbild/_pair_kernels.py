"""The inner loops of counting pairs, compiled. Importing this imports numba, which is slow.

Points lie in a balanced tree without pointers: node k of level l holds the points from n·k/2^l to
n·(k+1)/2^l, arranged so that the two halves of a node lie apart along its longest side. `low` and
`high` are the nodes' boxes, numbered as in a heap: node k of level l is row 2^l + k. All pairs of
two nodes are in one band when the nearest and the farthest corners of their boxes are, so most
pairs are counted without being looked at. Rounding is monotone: a distance between two points,
computed in the same way as that between corners, is never outside it.

`edges` are upper edges of bands, inclusive, those of distance squared. Axis 0 and 1 are space,
axis 2, if any, is time. Loops over points have unsigned counters: only then LLVM vectorises them.
"""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled
from lagesbild._scan_draws import below
from lagesbild._scan_kernels import Floats, Ints

_BUFFER = 8192  # pairs that are counted in 16 bits before they are added up


# The tree ---------------------------------------------------------------------------------------


@compiled
def build(
    points: Floats, scale: Floats, levels: int, low: Floats, high: Floats, root: int, last: int
) -> None:
    """Arrange `points` (axes, n) and fill the boxes (nodes, axes), from a root to level `last`.

    Sides are compared after division by `scale`.
    """
    axes, n = points.shape
    top = _level(root)
    for level in range(top, last + 1):
        first = root << (level - top)
        for node in range(first, first + (1 << (level - top))):
            begin, end = _span(n, node)
            longest, side = 0, -1.0
            for axis in range(axes):
                least = most = points[axis, begin]
                for i in range(np.uint64(begin), np.uint64(end)):
                    least, most = min(least, points[axis, i]), max(most, points[axis, i])
                low[node, axis], high[node, axis] = least, most
                length = (most - least) / scale[axis]
                if length > side:
                    longest, side = axis, length
            if level < levels and side > 0.0:
                _halve(points, longest, begin, _span(n, 2 * node)[1], end)


@compiled
def _level(node: int) -> int:
    level = 0
    while node >> (level + 1):
        level += 1
    return level


@compiled
def _span(n: int, node: int) -> tuple[int, int]:
    """From which point until which a node goes."""
    level = _level(node)
    k = node - (1 << level)
    return (n * k) >> level, (n * (k + 1)) >> level


@compiled
def _halve(points: Floats, axis: int, begin: int, middle: int, end: int) -> None:
    """Rearrange so that no point before `middle` lies beyond one after it: Hoare's selection."""
    key = points[axis]
    first, last = begin, end - 1
    while first < last:
        a, b, c = key[first], key[(first + last) // 2], key[last]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = first, last
        while i <= j:
            while key[i] < pivot:
                i += 1
            while key[j] > pivot:
                j -= 1
            if i <= j:
                for other in range(points.shape[0]):
                    kept = points[other, i]
                    points[other, i] = points[other, j]
                    points[other, j] = kept
                i += 1
                j -= 1
        if j < middle < i:
            return
        if middle <= j:
            last = j
        else:
            first = i


@compiled
def _bands(
    low: Floats, high: Floats, a: int, b: int, edges: Floats, axis: int, axes: int
) -> tuple[int, int]:
    """The first edge that some pair of two boxes may be within, and the first that all are.

    Over so many axes from `axis` on; one axis is time, whose distances are not squared.
    """
    nearest = farthest = 0.0
    for one in range(axis, axis + axes):
        gap = max(low[b, one] - high[a, one], low[a, one] - high[b, one], 0.0)
        reach = max(high[b, one] - low[a, one], high[a, one] - low[b, one])
        nearest += gap if axes == 1 else gap * gap
        farthest += reach if axes == 1 else reach * reach
    some = 0
    while some < edges.size and edges[some] < nearest:
        some += 1
    every = some
    while every < edges.size and edges[every] < farthest:
        every += 1
    return some, every


# Neighbours of each point -----------------------------------------------------------------------


@compiled
def neighbours(
    points: Floats, levels: int, low: Floats, high: Floats, edges: Floats, first: int, last: int
) -> Floats:
    """(bands, 2), for the points of the leaves from `first` until `last`: the sum of the numbers d
    of neighbours in each band, and the sum of d · (d - 1)."""
    x, y = points[0], points[1]
    n, bands, leaves = x.size, edges.size, 1 << levels
    within = np.empty((n // leaves + 1, bands), np.int64)
    runs = np.empty((leaves, 4), np.int64)
    stack = np.empty(2 * levels + 2, np.int64)
    sums = np.zeros((bands, 2))
    for own in range(leaves + first, leaves + last):
        begin, end = _span(n, own)
        for i in range(end - begin):
            for band in range(bands):
                within[i, band] = 0
        count = _in_doubt(n, own, leaves, low, high, edges, stack, runs, within)
        for run in range(count):
            start, stop, some, every = runs[run, 0], runs[run, 1], runs[run, 2], runs[run, 3]
            for i in range(begin, end):
                east, north = x[i], y[i]
                for band in range(some, every):
                    within[i - begin, band] += _near(x, y, east, north, edges[band], start, stop)
        for i in range(end - begin):
            closer = 1  # itself
            for band in range(bands):
                degree = float(within[i, band] - closer)
                closer = within[i, band]
                sums[band, 0] += degree
                sums[band, 1] += degree * (degree - 1.0)
    return sums


@compiled
def _in_doubt(
    n: int, own: int, leaves: int, low: Floats, high: Floats, edges: Floats, stack: Ints,
    runs: Ints, within: Ints,
) -> int:  # fmt: skip
    """Count for leaf `own` all nodes that are wholly within an edge; of the other leaves' points
    list (from, until, first and last edge in doubt) in `runs`, and return how many."""
    count = 0
    stack[0] = 1
    height = 1
    while height:
        height -= 1
        node = stack[height]
        some, every = _bands(low, high, own, node, edges, 0, 2)
        if some == edges.size:
            continue
        if some < every and node < leaves:
            stack[height], stack[height + 1] = 2 * node + 1, 2 * node
            height += 2
            continue
        start, stop = _span(n, node)
        for i in range(within.shape[0]):
            for band in range(every, edges.size):
                within[i, band] += stop - start
        if some == every:
            continue
        run = max(count - 1, 0)
        if count and runs[run, 1] == start and runs[run, 2] == some and runs[run, 3] == every:
            runs[run, 1] = stop
        else:
            runs[count, 0], runs[count, 1], runs[count, 2], runs[count, 3] = (
                start,
                stop,
                some,
                every,
            )
            count += 1
    return count


@compiled
def _near(
    x: Floats, y: Floats, east: float, north: float, edge: float, start: int, stop: int
) -> np.int64:
    count = np.int64(0)
    for j in range(np.uint64(start), np.uint64(stop)):
        dx, dy = x[j] - east, y[j] - north
        count += np.int64(dx * dx + dy * dy <= edge)
    return count


@compiled
def neighbours_in_time(times: Ints, edges: Ints) -> Floats:
    """As `neighbours`, of rising whole numbers."""
    n, bands = times.size, edges.size
    lower, upper = np.zeros(bands, np.int64), np.zeros(bands, np.int64)
    sums = np.zeros((bands, 2))
    for i in range(n):
        closer = 1  # itself
        for band in range(bands):
            while times[i] - times[lower[band]] > edges[band]:
                lower[band] += 1
            while upper[band] < n and times[upper[band]] - times[i] <= edges[band]:
                upper[band] += 1
            within = upper[band] - lower[band]
            degree = float(within - closer)
            closer = within
            sums[band, 0] += degree
            sums[band, 1] += degree * (degree - 1.0)
    return sums


# Pairs close in both ----------------------------------------------------------------------------


@compiled
def close(
    points: Floats, levels: int, low: Floats, high: Floats, edges: Floats, time_edges: Floats,
    first: int, last: int,
) -> Ints:  # fmt: skip
    """(bands, time bands): pairs of a point of the leaves from `first` until `last` and a later."""
    n, leaves = points.shape[1], 1 << levels
    stack = np.empty(2 * levels + 2, np.int64)
    table = np.zeros((edges.size, time_edges.size), np.int64)
    for own in range(leaves + first, leaves + last):
        begin, end = _span(n, own)
        stack[0] = 1
        height = 1
        while height:
            height -= 1
            node = stack[height]
            start, stop = _span(n, node)
            if stop <= begin:
                continue
            some, every = _bands(low, high, own, node, edges, 0, 2)
            some_time, every_time = _bands(low, high, own, node, time_edges, 2, 1)
            if some == edges.size or some_time == time_edges.size:
                continue
            if some == every and some_time == every_time and start >= end:
                table[some, some_time] += (end - begin) * (stop - start)
            elif node < leaves:
                stack[height], stack[height + 1] = 2 * node + 1, 2 * node
                height += 2
            else:
                for i in range(begin, end):
                    _close_to(points, i, max(start, i + 1), stop, edges, time_edges, table)
    return table


@compiled
def _close_to(
    points: Floats, i: int, start: int, stop: int, edges: Floats, time_edges: Floats, table: Ints
) -> None:
    x, y, time = points[0], points[1], points[2]
    east, north, moment = x[i], y[i], time[i]
    farthest, longest = edges[-1], time_edges[-1]
    for j in range(np.uint64(start), np.uint64(stop)):
        dx, dy, apart = x[j] - east, y[j] - north, abs(time[j] - moment)
        squared = dx * dx + dy * dy
        if (squared <= farthest) & (apart <= longest):
            band = time_band = 0
            while edges[band] < squared:
                band += 1
            while time_edges[time_band] < apart:
                time_band += 1
            table[band, time_band] += 1


# Permutations -----------------------------------------------------------------------------------
# A lane is one permutation. Many lie side by side, so that one machine instruction treats many,
# and the pairs are found once for all of them rather than kept.


@compiled
def shuffle(times: NDArray[np.unsignedinteger], generators: NDArray[np.uint64],
            lanes: NDArray[np.unsignedinteger], first: int, last: int) -> None:  # fmt: skip
    """Fill lanes `first` until `last` of `lanes` (n, lanes), each with `times` in random order."""
    n = times.size
    dealt = times.copy()
    for lane in range(first, last):
        for i in range(n):
            dealt[i] = times[i]
        for i in range(n - 1, 0, -1):
            j = below(generators[lane], i + 1)
            kept = dealt[i]
            dealt[i] = dealt[j]
            dealt[j] = kept
        for i in range(n):
            lanes[i, lane] = dealt[i]


@compiled
def permuted(
    points: Floats, levels: int, low: Floats, high: Floats, edges: Floats,
    lanes: NDArray[np.unsignedinteger], time_edges: NDArray[np.unsignedinteger],
    first: int, last: int,
) -> Ints:  # fmt: skip
    """(bands, time bands, lanes): as `close`, cumulative over time bands, the times being `lanes`.

    Times are unsigned, and the greatest is less than half of what their type can hold.
    """
    n, leaves = points.shape[1], 1 << levels
    stack = np.empty(2 * levels + 2, np.int64)
    table = np.zeros((edges.size * time_edges.size, lanes.shape[1]), np.int64)
    part = np.zeros(table.shape, np.uint16)
    pairs = np.empty((3, _BUFFER), np.int64)
    count = 0
    for own in range(leaves + first, leaves + last):
        begin, end = _span(n, own)
        stack[0] = 1
        height = 1
        while height:
            height -= 1
            node = stack[height]
            start, stop = _span(n, node)
            some, _ = _bands(low, high, own, node, edges, 0, 2)
            if stop <= begin or some == edges.size:
                continue
            if node < leaves:
                stack[height], stack[height + 1] = 2 * node + 1, 2 * node
                height += 2
                continue
            for i in range(begin, end):
                if count + stop - start > _BUFFER:
                    _count_lanes(pairs, count, lanes, time_edges, part, table)
                    count = 0
                count = _pairs_of(points, i, max(start, i + 1), stop, edges, pairs, count)
    _count_lanes(pairs, count, lanes, time_edges, part, table)
    return table.reshape(edges.size, time_edges.size, lanes.shape[1])


@compiled
def _pairs_of(
    points: Floats, i: int, start: int, stop: int, edges: Floats, pairs: Ints, count: int
) -> int:
    """Append i's pairs with the points from `start` on that are within the last edge."""
    x, y = points[0], points[1]
    for j in range(start, stop):
        dx, dy = x[j] - x[i], y[j] - y[i]
        squared = dx * dx + dy * dy
        band = 0
        for edge in range(edges.size):
            band += 1 if edges[edge] < squared else 0
        pairs[0, count], pairs[1, count], pairs[2, count] = i, j, band
        count += 1 if band < edges.size else 0
    return count


@compiled
def _count_lanes(
    pairs: Ints, count: int, lanes: NDArray[np.unsignedinteger],
    time_edges: NDArray[np.unsignedinteger], part: NDArray[np.uint16], table: Ints,
) -> None:  # fmt: skip
    """Add to `table` in which lanes each pair is within each of the edges of time.

    |a - b| <= edge is a - b + edge <= 2 edge where numbers below zero wrap to large ones.
    """
    width = np.uint64(lanes.shape[1])
    bands = time_edges.size
    for row in range(part.shape[0]):
        for lane in range(width):
            part[row, lane] = 0
    for pair in range(count):
        i, j = np.uint64(pairs[0, pair]), np.uint64(pairs[1, pair])
        for band in range(bands):
            edge = time_edges[band]
            twice = time_edges.dtype.type(2 * edge)
            into = np.uint64(pairs[2, pair] * bands + band)
            for lane in range(width):
                apart = time_edges.dtype.type(lanes[i, lane] - lanes[j, lane] + edge)
                part[into, lane] += np.uint16(apart <= twice)
    for row in range(part.shape[0]):
        for lane in range(width):
            table[row, lane] += part[row, lane]
