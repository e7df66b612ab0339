"""What all parts share: the events of the period, by week and category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import finite
from lagesbild.events import Events

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]
LEVEL = 0.05
YEAR_WEEKS = 52
_LISTED = 30  # categories; the rest go together
FEWEST_FOR_PLACES = 30  # events


@dataclass(frozen=True)
class Reason:
    """Why a part is missing: a key of the catalogue, and what it says."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, eq=False)
class Frame:
    """The events of the period, by week and category.

    events      those within the period
    recent      those of the last year of it, and `recent_from` its first day
    first, last days of the period, both included
    weeks       (weeks,) first days; whole weeks counted back from the last day
    names       of the categories, most common first
    counts      (categories, weeks); totals (categories,) also of the days before the first week
    last_week   events of the last seven days, also of a period that is shorter
    outside     how many events lie outside the period
    effort      (weeks,) active reporters, or None
    """

    events: Events
    recent: Events
    recent_from: np.datetime64
    first: np.datetime64
    last: np.datetime64
    weeks: Days
    names: tuple[str, ...]
    counts: Ints
    totals: Ints
    last_week: int
    outside: int
    effort: Floats | None

    @property
    def this_week(self) -> np.datetime64:
        """The first of the last seven days, or of the period where that is shorter."""
        return max(self.first, self.last - 6)


def frame(
    events: Events, period: tuple[Any, Any] | None, effort: ArrayLike | None, rest: str, none: str
) -> Frame:
    """`rest` names the categories that go together, `none` the events without one.

    Raises ValueError for no events, a period that ends before it begins or holds none of them, and
    effort that does not fit the weeks.
    """
    if not len(events):
        raise ValueError("events: none, so there is no situation to picture")
    days = _middle(events).astype("datetime64[D]")
    first, last = _period(days, period)
    inside = (days >= first) & (days <= last)
    if not inside.any():
        raise ValueError(f"period: no event from {first} to {last}")
    kept = events if inside.all() else events.take(inside)
    days = days[inside]
    weeks = int((last - first).astype(int) + 1) // 7
    starts = last - 7 * np.arange(weeks, 0, -1) + 1
    back = (last - days).astype(np.int64) // 7
    names, number = _categories(kept.category, len(kept), rest, none)
    whole = back < weeks
    cell = number[whole] * max(weeks, 1) + (weeks - 1 - back[whole])
    counts = np.bincount(cell, minlength=len(names) * weeks).reshape(len(names), weeks)
    recent_from = max(first, last - 7 * YEAR_WEEKS + 1)
    recent = days >= recent_from
    return Frame(
        events=kept,
        recent=kept if recent.all() else kept.take(recent),
        recent_from=recent_from,
        first=first,
        last=last,
        weeks=starts,
        names=names,
        counts=counts,
        totals=np.bincount(number, minlength=len(names)),
        last_week=int((back == 0).sum()),
        outside=int(inside.size - inside.sum()),
        effort=_effort(effort, weeks),
    )


def _middle(events: Events) -> NDArray[np.datetime64]:
    if events.end is None:
        return events.start
    return events.start + (events.end - events.start) // 2


def _period(days: Days, given: tuple[Any, Any] | None) -> tuple[np.datetime64, np.datetime64]:
    if given is None:
        return days.min(), days.max()
    try:
        first, last = (np.datetime64(day).astype("datetime64[D]") for day in given)
    except (TypeError, ValueError) as error:
        raise ValueError(f"period: first and last day wanted ({error})") from error
    if not first <= last:
        raise ValueError(f"period: ends ({last}) before it begins ({first})")
    return first, last


def _effort(given: ArrayLike | None, weeks: int) -> Floats | None:
    if given is None:
        return None
    effort = finite("effort", given)
    if effort.size != weeks:
        raise ValueError(
            f"effort: one number for each of the {weeks} weeks wanted, {effort.size} given"
        )
    if (effort <= 0).any():
        raise ValueError("effort: above zero wanted in every week")
    return effort


def _categories(
    column: NDArray[Any] | None, n: int, rest: str, none: str
) -> tuple[tuple[str, ...], Ints]:
    """Names, most common first, and the number of each event's."""
    if column is None:
        return (none,), np.zeros(n, np.int64)
    labels = column
    if labels.dtype == object:
        labels = np.array([none if label is None else str(label) for label in labels.tolist()])
    names, number = np.unique(labels, return_inverse=True)
    sizes = np.bincount(number.ravel())
    order = np.argsort(-sizes, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    shown = [str(name) or none for name in names[order]]
    if len(shown) > _LISTED:
        shown = [*shown[: _LISTED - 1], rest]
    return tuple(shown), np.minimum(place[number.ravel()], _LISTED - 1).astype(np.int64)
