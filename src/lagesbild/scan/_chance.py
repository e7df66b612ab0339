"""How data would look under the null hypothesis: one class for each way of drawing replicates.

Each fills `counts` (cells, LANES), cell = place · columns + column (counted backwards), for the
first `lanes` lanes of a block. A block's numbers depend on the seed and its number alone, so that
it does not matter which thread draws it.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_STANDARD_DEVIATIONS = 12  # beyond these no binomial or Poisson count will ever be seen
PoissonTables = tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]
_DENSE = 2  # cases a cell from which drawing cells beats drawing cases


class Chance(Protocol):
    def most(self, size: float) -> int:
        """The largest count ever seen in a zone where `size` cases (or people) are expected."""

    def fill(self, counts: NDArray[Any], lanes: int, seed: np.random.SeedSequence) -> None: ...


def _reach(mean: Any) -> Any:
    return _STANDARD_DEVIATIONS * (np.sqrt(mean) + 1)


def _generator(seed: np.random.SeedSequence) -> NDArray[np.uint64]:
    return seed.generate_state(4, np.uint64).astype(np.uint64)


@dataclass(frozen=True)
class Dealt:
    """Individuals in random order, dealt into groups.

    Space-time permutation: cases keep their places (`pool`: the place's first cell) and are dealt
    over the columns (`groups`: cases in each), so both margins stay as they are. Bernoulli: people
    (`pool`: their cell, or -1 outside the columns looked at), of whom one group are the cases.
    """

    pool: NDArray[np.int32]
    groups: NDArray[np.int64]

    def most(self, size: float) -> int:
        return int(self.groups.sum())

    def fill(self, counts: NDArray[Any], lanes: int, seed: np.random.SeedSequence) -> None:
        from lagesbild import _scan_draws as draws  # numba: seconds, only when computing

        draws.deal(self.pool.copy(), self.groups, _generator(seed), counts, lanes)


class Scattered:
    """A given number of cases, each falling into a cell with chance in proportion to its mean.

    `means` (cells,) of the columns looked at; `cases` in all columns, of which a binomial number
    falls among these.
    """

    def __init__(self, means: NDArray[np.float64], cases: int) -> None:
        from lagesbild import _scan_draws as draws  # numba: seconds, only when computing

        self._cases = cases
        self._share = min(1.0, float(means.sum()) / cases)
        self._whole = self._share > 1 - 1e-12
        self._alias = _empty_tables(means.size)
        draws.alias_table(means, *self._alias)
        self._dense: PoissonTables | None = None
        mean = cases * self._share
        if mean > _DENSE * means.size:
            fewest = cases if self._whole else max(0.0, mean - _reach(mean))
            # A little under the fewest cases a replicate has, as those beyond are drawn one by one.
            aim = max(fewest - 4 * np.sqrt(fewest), 0.0)
            self._dense = _poisson_tables(means * (aim / mean))

    def most(self, size: float) -> int:
        return min(self._cases, int(size + _reach(size)) + 1)

    def fill(self, counts: NDArray[Any], lanes: int, seed: np.random.SeedSequence) -> None:
        from lagesbild import _scan_draws as draws  # numba: seconds, only when computing

        for_totals, for_cells = seed.spawn(2)
        if self._whole:
            totals = np.full(lanes, self._cases, dtype=np.int64)
        else:
            drawn = np.random.default_rng(for_totals).binomial(self._cases, self._share, lanes)
            totals = drawn.astype(np.int64)
        generator = _generator(for_cells)
        if self._dense is None:
            draws.scatter(totals, *self._alias, generator, counts)
        else:
            by_cell = (*self._dense, *self._alias)
            draws.scatter_dense(totals, *by_cell, generator, counts)


def _empty_tables(size: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    return np.empty(size, dtype=np.float32), np.empty(size, dtype=np.int32)


def _poisson_tables(means: NDArray[np.float64]) -> "PoissonTables":
    """Alias tables of every cell end to end: (kept, other, begins, lowest)."""
    from lagesbild import _scan_draws as draws  # numba: seconds, only when computing

    reach = _reach(means)
    lowest = np.maximum(0, np.floor(means - reach)).astype(np.int64)
    lengths = np.ceil(means + reach).astype(np.int64) - lowest + 1
    begins = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    chances, other = _empty_tables(int(begins[-1]))
    draws.poisson_tables(means, begins, lowest, chances, other)
    return chances, other, begins, lowest


def permuted(counts: NDArray[np.int64], columns: int) -> Dealt:
    """Cases of a (places, columns) table, to be dealt over its last columns."""
    by_place = counts.sum(axis=1)
    first_cells = np.arange(counts.shape[0], dtype=np.int32) * np.int32(columns)
    groups = counts.sum(axis=0)[::-1][:columns]
    return Dealt(np.repeat(first_cells, by_place), np.ascontiguousarray(groups))


def drawn_from(people: NDArray[np.float64], columns: int, cases: int) -> Dealt:
    """People of a (places, columns) table, among whom the cases are drawn."""
    in_cells = kept(people, columns).astype(np.int64)
    cells = np.repeat(np.arange(in_cells.size, dtype=np.int32), in_cells)
    elsewhere = np.full(int(people.sum()) - cells.size, -1, dtype=np.int32)
    return Dealt(np.concatenate([cells, elsewhere]), np.array([cases], dtype=np.int64))


def kept(values: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """The last columns, the last one first, as one row of cells."""
    return np.ascontiguousarray(values[:, ::-1][:, :columns]).ravel()
