"""What a scan works on, however it was given."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.scan._places import Places


@dataclass(frozen=True)
class Table:
    """What is scanned: (places, columns) counts, and sizes to hold them against.

    sizes       expected cases; or people when `population` (their total) is above zero
    cases       in all
    """

    counts: NDArray[np.int64]
    sizes: NDArray[np.float64]
    cases: int
    population: float = 0.0

    def expected(self, size: float) -> float:
        return size * self.cases / self.population if self.population else size

    def backwards(self, columns: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The last `columns`, the last one first, each summed up to itself."""
        back = slice(None, -columns - 1, -1)
        return (
            np.ascontiguousarray(self.counts[:, back].cumsum(axis=1)),
            np.ascontiguousarray(self.sizes[:, back].cumsum(axis=1)),
        )


@dataclass(frozen=True)
class Data:
    """A table with the names of its rows and columns; `starts`, `ends` label the columns."""

    table: Table
    places: Places
    starts: NDArray[Any]
    ends: NDArray[Any]
    fingerprint: str
