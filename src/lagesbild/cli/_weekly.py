"""Counts by series and whole week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lagesbild import cube
from lagesbild.cli._data import Data
from lagesbild.cli._place import covering
from lagesbild.cli._text import day
from lagesbild.events import Events

_MONDAY = np.datetime64("1970-01-05")


@dataclass(frozen=True)
class Weekly:
    """counts (series, weeks), their labels and Mondays, and in words what was left out."""

    counts: np.ndarray[Any, Any]
    labels: list[str]
    mondays: np.ndarray[Any, Any]
    said: str


def weekly(data: Data, by: str, cell: float | None = None) -> Weekly:
    """Events by `location`, `category` or `cell`, or `all` together, in the weeks that are whole.

    A week that the period cuts is left out: half a week is fewer events than a week.
    Raises ValueError when no week is whole, or the column is not there.
    """
    first, last = data.period
    begin = first + (-(first - _MONDAY).astype(int)) % 7
    weeks = int(((last - begin).astype(int) + 1) // 7)
    if weeks < 1:
        raise ValueError(f"events: no whole week from Monday to Sunday in {first} to {last}")
    end = begin + 7 * weeks
    days = data.events.start.astype("datetime64[D]")
    inside = (days >= begin) & (days < end)
    if not inside.any():
        raise ValueError("events: none in the weeks that are whole")
    events = _labelled(data.events, by).take(inside)
    grid = covering(events, cell or 500.0) if by == "cell" else None
    table = cube.count(events, grid=grid, first=begin, last=end - 1)
    names = [str(each) for each in table.areas.tolist()] if by != "all" else ["all events"]
    cut = int((~inside).sum())
    said = f"Weeks: {weeks} whole ones, from Monday {day(begin)} to Sunday {day(end - 1)}"
    return Weekly(
        table.weekly(), names, table.weeks,
        f"{said}; {cut} events before or after are left out." if cut else f"{said}.",
    )  # fmt: skip


def _labelled(events: Events, by: str) -> Events:
    if by == "all":
        return replace(events, location=np.zeros(len(events), np.int64), category=None)
    if by == "cell":
        return replace(events, location=None, category=None)
    labels = getattr(events, by)
    if labels is None:
        raise ValueError(f"by: the file has no {by}; say which column it is with --columns")
    return replace(events, location=labels, category=None)
