"""From moments to columns of days, weeks, months or years."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lagesbild._checks import one_of, rows_where

TimeUnit = Literal["day", "week", "month", "year"]
TIME_UNITS = ("day", "week", "month", "year")
_DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Calendar:
    """Columns of time: first and last day of each (n,), both inside; the first may be cut short."""

    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]

    def __len__(self) -> int:
        return int(self.first.size)


def divide(
    moments: NDArray[np.datetime64],
    unit: str,
    period: tuple[Any, Any] | None,
) -> tuple[NDArray[np.int64], Calendar]:
    """The column of each moment, and the calendar.

    Days, calendar months and calendar years as they are; a week is seven days, counted back from
    the last day of the period, so that the last week is always whole. The period is that of the
    moments unless first and last day are given.

    Raises ValueError for moments outside the period or a period that ends before it begins.
    """
    one_of("time_unit", unit, TIME_UNITS)
    days = moments.astype("datetime64[D]")
    begin, end = _period(days, period)
    outside = (days < begin) | (days > end)
    if outside.any():
        raise ValueError(f"period: {begin} to {end} leaves out events in {rows_where(outside)}")
    if unit in ("day", "week"):
        return _by_length(days, begin, end, 1 if unit == "day" else _DAYS_A_WEEK)
    code = "datetime64[M]" if unit == "month" else "datetime64[Y]"
    units = np.arange(begin.astype(code), end.astype(code) + 1)
    first = np.maximum(units.astype("datetime64[D]"), begin)
    last = np.minimum((units + 1).astype("datetime64[D]") - 1, end)
    return (days.astype(code) - units[0]).astype(np.int64), Calendar(first, last)


def _period(
    days: NDArray[np.datetime64], period: tuple[Any, Any] | None
) -> tuple[np.datetime64, np.datetime64]:
    if period is None:
        return days.min(), days.max()
    try:
        begin, end = (np.datetime64(day).astype("datetime64[D]") for day in period)
    except (TypeError, ValueError) as error:
        raise ValueError(f"period: first and last day wanted ({error})") from error
    if not begin <= end:
        raise ValueError(f"period: ends ({end}) before it begins ({begin})")
    return begin, end


def _by_length(
    days: NDArray[np.datetime64], begin: np.datetime64, end: np.datetime64, length: int
) -> tuple[NDArray[np.int64], Calendar]:
    columns = int((end - begin).astype(np.int64)) // length + 1
    back = np.arange(columns - 1, -1, -1)
    last = end - back * length
    first = np.maximum(last - (length - 1), begin)
    column = columns - 1 - (end - days).astype(np.int64) // length
    return column, Calendar(first, last)
