"""Counts as they were given: checked, with their exposure and the weeks to monitor."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, finite
from lagesbild._checks import counts as checked_counts

Floats = NDArray[np.float64]
BLOCK = 8192  # series at a time, so that what is reckoned with stays near and small


@dataclass(frozen=True)
class Block:
    """Some series, turned: counts and exposure (weeks, series), the weeks from `first` on."""

    rows: slice
    first: int
    counts: Floats
    exposure: Floats

    def sums(self, weeks: NDArray[np.int64], offsets: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Counts and exposure added up over the weeks at these offsets: (monitored, series)."""
        start = weeks - self.first
        counts = np.zeros((weeks.size, self.counts.shape[1]))
        exposure = np.zeros_like(counts)
        for offset in offsets:
            counts += self.counts[start + offset]
            exposure += self.exposure[start + offset]
        return counts, exposure


@dataclass(frozen=True)
class Panel:
    """y, exposure (series, weeks), the columns to monitor, and how it was given.

    Whole numbers stay what they were: a hundred thousand series are not copied in double precision
    to look at the last weeks.
    """

    y: NDArray[Any]
    exposure: Floats
    weeks: NDArray[np.int64]
    one_series: bool
    has_exposure: bool

    @property
    def observed(self) -> Floats:
        """The counts of the monitored weeks, (series, monitored)."""
        return self.of(self.weeks)

    @property
    def exposure_now(self) -> Floats:
        return self.exposure[:, self.weeks]

    @property
    def compact(self) -> NDArray[Any]:
        """The counts in few bytes, where they fit: to be told apart, not reckoned."""
        return self.y.astype(np.uint16 if self.y.max() < 65536 else np.float64)

    def of(self, weeks: NDArray[np.int64]) -> Floats:
        """The counts of these weeks, (series, weeks)."""
        return np.ascontiguousarray(self.y[:, weeks], np.float64)

    def blocks(self, back: int) -> Iterator[Block]:
        """All series, block by block, with the monitored weeks and so many before the first."""
        first, after = int(self.weeks.min()) - back, int(self.weeks.max()) + 1
        for begin in range(0, self.y.shape[0], BLOCK):
            rows = slice(begin, begin + BLOCK)
            counts = np.ascontiguousarray(self.y[rows, first:after].T, np.float64)
            exposure = np.broadcast_to(1.0, counts.shape)
            if self.has_exposure:
                exposure = np.ascontiguousarray(self.exposure[rows, first:after].T)
            yield Block(rows, first, counts, exposure)

    def not_before(self, earliest: int) -> None:
        if self.weeks.min() < earliest:
            raise ValueError(f"weeks: the first that can be monitored is {earliest}")

    def enough(self, fewest: tuple[int, int]) -> NDArray[np.bool_]:
        """Whether so many were counted in the last weeks, this one included."""
        cases, span = fewest
        at_least("fewest", span, 1)
        recent = np.zeros((self.y.shape[0], self.weeks.size))
        for lag in range(span):
            there = self.weeks >= lag
            recent[:, there] += self.y[:, self.weeks[there] - lag]
        return np.asarray(recent >= cases)


def read_panel(
    counts: ArrayLike, weeks: ArrayLike | None, exposure: ArrayLike | None = None
) -> Panel:
    """Raises ValueError for counts that are not whole, weeks outside, exposure not above zero."""
    array = np.asarray(counts)
    y = np.atleast_2d(array)
    if y.dtype.kind not in "iu" or y.ndim != 2 or (y.size > 0 and y.min() < 0):
        y = checked_counts("counts", y, dimensions=2)
    if y.size == 0:
        raise ValueError("counts: at least one series with one week wanted")
    return Panel(
        y, _exposure(exposure, y), _weeks(weeks, y.shape[1]), array.ndim == 1, exposure is not None
    )


def _exposure(exposure: ArrayLike | None, y: NDArray[Any]) -> Floats:
    if exposure is None:
        return np.broadcast_to(1.0, y.shape)
    base = finite("exposure", np.atleast_2d(np.asarray(exposure, np.float64)), dimensions=2)
    if base.shape != y.shape:
        raise ValueError(f"exposure: shape {y.shape} wanted, {base.shape} given")
    if (base <= 0).any():
        raise ValueError("exposure: above zero wanted in every week")
    return base


def _weeks(weeks: ArrayLike | None, length: int) -> NDArray[np.int64]:
    if weeks is None:
        return np.array([length - 1])
    monitored = np.atleast_1d(np.asarray(weeks))
    if monitored.dtype.kind not in "iu" or monitored.size == 0:
        raise ValueError("weeks: column numbers, from 0, wanted")
    if monitored.min() < 0 or monitored.max() >= length:
        raise ValueError(f"weeks: outside 0 to {length - 1}")
    return monitored.astype(np.int64)


def fraction(name: str, value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(f"{name}: between 0 and 1 wanted, {value!r} given")
    return float(value)
