"""Pairs of points that are close in space, in time, or in both, counted without listing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild import _threads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAF = 32  # points in a leaf, at most
_PARTS = 64  # that the work is cut into, whatever the number of threads: sums are then the same
_WORTH_THREADS = 4000  # points; below, starting threads costs more than they save
_LANES = 256
_LANE_BYTES = 64 << 20  # of permuted times held at once


@dataclass(frozen=True, eq=False)
class Tree:
    """Points in space, or in space and time, arranged so that near ones stand together."""

    points: Floats  # (axes, n)
    levels: int
    low: Floats
    high: Floats
    threads: int

    @classmethod
    def of(cls, columns: tuple[Floats, ...], scale: tuple[float, ...], threads: int) -> Tree:
        """`scale`: how far is far, along each column."""
        from lagesbild import _pair_kernels as kernels  # numba: seconds, only when computing

        points = np.stack(columns)
        axes, n = points.shape
        levels = max(0, int(np.ceil(np.log2(n / _LEAF))))
        low, high = np.empty((2 << levels, axes)), np.empty((2 << levels, axes))
        lengths = np.array([each if each > 0 else 1.0 for each in scale])
        crown = min(levels, 3)
        kernels.build(points, lengths, levels, low, high, 1, crown)

        def below(root: int) -> None:
            kernels.build(points, lengths, levels, low, high, root, levels)

        tree = cls(points, levels, low, high, threads if n >= _WORTH_THREADS else 1)
        if levels > crown:
            _threads.each(below, range(1 << (crown + 1), 2 << (crown + 1)), tree.threads)
        return tree

    def _over_leaves(self, count: Callable[[int, int], NDArray[Any]]) -> NDArray[Any]:
        """The sum of count(first, last) over parts of the leaves."""
        leaves = 1 << self.levels
        parts = min(leaves, _PARTS)
        borders = [leaves * part // parts for part in range(parts + 1)]
        found = _threads.each(
            lambda part: count(borders[part], borders[part + 1]), range(parts), self.threads
        )
        return np.asarray(np.sum(found, axis=0))

    def neighbours(self, distances: Floats) -> Floats:
        """(bands, 2): sums over the points of d and of d (d - 1), d its neighbours in a band."""
        from lagesbild import _pair_kernels as kernels

        edges = distances**2
        return self._over_leaves(
            lambda first, last: kernels.neighbours(
                self.points, self.levels, self.low, self.high, edges, first, last
            )
        )

    def close(self, distances: Floats, spans: Ints) -> Ints:
        """(bands, time bands): pairs, of a tree with time as its third axis."""
        from lagesbild import _pair_kernels as kernels

        edges, time_edges = distances**2, spans.astype(np.float64)
        return self._over_leaves(
            lambda first, last: kernels.close(
                self.points, self.levels, self.low, self.high, edges, time_edges, first, last
            )
        )

    def permuted(
        self, times: Ints, distances: Floats, spans: Ints, replicates: int, seed: int
    ) -> Ints:
        """(replicates, bands, time bands): pairs, with the times shuffled over the points.

        Each replicate has a generator of its own, so none depends on how many run side by side.
        """

        kind = _unsigned(int(times.max()))
        pool = times.astype(kind)
        time_edges = np.minimum(spans, times.max()).astype(kind)
        edges = distances**2
        words = np.random.SeedSequence(seed).generate_state(4 * replicates, np.uint64)
        generators = words.reshape(replicates, 4)
        fitting = _LANE_BYTES // (times.size * pool.itemsize) // 16 * 16
        width = min(_LANES, max(16, fitting))
        null = np.empty((replicates, edges.size, time_edges.size), np.int64)
        for begin in range(0, replicates, width):
            some = generators[begin : begin + width]
            lanes = np.empty((times.size, some.shape[0]), kind)
            self._shuffle(pool, some, lanes)
            counted = self._in_lanes(edges, lanes, time_edges)
            null[begin : begin + width] = np.moveaxis(counted, 2, 0)
        return np.diff(null, axis=2, prepend=0)

    def _in_lanes(self, edges: Floats, lanes: NDArray[Any], time_edges: NDArray[Any]) -> Ints:
        from lagesbild import _pair_kernels as kernels

        return self._over_leaves(
            lambda first, last: kernels.permuted(
                self.points, self.levels, self.low, self.high, edges, lanes, time_edges,
                first, last,
            )
        )  # fmt: skip

    def _shuffle(self, pool: NDArray[Any], generators: NDArray[Any], lanes: NDArray[Any]) -> None:
        from lagesbild import _pair_kernels as kernels

        width = lanes.shape[1]
        share = -(-width // self.threads)
        _threads.each(
            lambda lane: kernels.shuffle(pool, generators, lanes, lane, min(lane + share, width)),
            range(0, width, share),
            self.threads,
        )


def neighbours_in_time(times: Ints, spans: Ints) -> Floats:
    """As `Tree.neighbours`, along the one axis of time."""
    from lagesbild import _pair_kernels as kernels

    return kernels.neighbours_in_time(np.sort(times), spans)


def _unsigned(greatest: int) -> type[np.unsignedinteger[Any]]:
    """The smallest type that holds twice as much."""
    for kind in (np.uint16, np.uint32):
        if 2 * greatest < np.iinfo(kind).max:
            return kind
    return np.uint64
