"""Counts as they were given: checked, with their exposure and the weeks to monitor."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, finite
from lagesbild._checks import counts as checked_counts


@dataclass(frozen=True)
class Panel:
    """y, exposure (series, weeks), the columns to monitor, and how it was given."""

    y: NDArray[np.float64]
    exposure: NDArray[np.float64]
    weeks: NDArray[np.int64]
    one_series: bool
    has_exposure: bool

    @property
    def observed(self) -> NDArray[np.float64]:
        """The counts of the monitored weeks, (series, monitored)."""
        return self.y[:, self.weeks]

    @property
    def exposure_now(self) -> NDArray[np.float64]:
        return self.exposure[:, self.weeks]

    @property
    def compact(self) -> NDArray[Any]:
        """The counts in a quarter of the bytes, where they fit: to be told apart, not reckoned."""
        return self.y.astype(np.uint16) if self.y.max() < 65536 else self.y

    @property
    def rates(self) -> NDArray[np.float64]:
        """Counts per unit of exposure, (series, weeks)."""
        return self.y / self.exposure if self.has_exposure else self.y

    def not_before(self, earliest: int) -> None:
        if self.weeks.min() < earliest:
            raise ValueError(f"weeks: the first that can be monitored is {earliest}")

    def enough(self, fewest: tuple[int, int]) -> NDArray[np.bool_]:
        """Whether so many were counted in the last weeks, this one included."""
        cases, span = fewest
        at_least("fewest", span, 1)
        recent = np.zeros(self.observed.shape)
        for lag in range(span):
            there = self.weeks >= lag
            recent[:, there] += self.y[:, self.weeks[there] - lag]
        return np.asarray(recent >= cases)


def read_panel(
    counts: ArrayLike, weeks: ArrayLike | None, exposure: ArrayLike | None = None
) -> Panel:
    """Raises ValueError for counts that are not whole, weeks outside, exposure not above zero."""
    array = np.asarray(counts)
    y = checked_counts("counts", np.atleast_2d(array), dimensions=2)
    if y.size == 0:
        raise ValueError("counts: at least one series with one week wanted")
    return Panel(
        y, _exposure(exposure, y), _weeks(weeks, y.shape[1]), array.ndim == 1, exposure is not None
    )


def _exposure(exposure: ArrayLike | None, y: NDArray[np.float64]) -> NDArray[np.float64]:
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
