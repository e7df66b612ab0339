"""Chance: events, their followers, who reports, and what is known of when.

Each category has a stream of random numbers of its own, so that one more category leaves the
others as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lagesbild.simulate._calendar import weekdays, year_wheel
from lagesbild.simulate._map import Map
from lagesbild.simulate._parts import Category, Change, Effort, NearRepeat
from lagesbild.simulate._rates import Period

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_HOUR, _DAY = 3600, 86_400


@dataclass(frozen=True)
class Drawn:
    """Columns of what happened: day and place numbers, second of the day, generation."""

    day: Ints
    second: Ints
    place: Ints
    generation: Ints


def happening(
    category: Category,
    by_place: Floats,
    table: Floats,
    ground: Map,
    period: Period,
    draw: np.random.Generator,
) -> Drawn:
    """First events by the table of areas and days, then their followers."""
    repeat = category.near_repeat
    share = 1.0 if repeat is None else 1 - repeat.followers
    area, day = _cells(table, share, draw)
    place = _places(area, by_place, ground, draw)
    days, places, generations = [day], [place], [np.zeros(day.size, np.int64)]
    while repeat is not None and days[-1].size:
        day, place = _followers(repeat, days[-1], places[-1], ground, draw)
        kept = day < period.days.size
        days.append(day[kept])
        places.append(place[kept])
        generations.append(np.full(int(kept.sum()), len(days) - 1))
    day, place = np.concatenate(days), np.concatenate(places)
    generation = np.concatenate(generations)
    second = _seconds(category, period, day, draw)
    kept = day >= period.lead
    return Drawn(day[kept] - period.lead, second[kept], place[kept], generation[kept])


def _cells(table: Floats, share: float, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """Area and day of Poisson events; sorted uniform numbers run through the sums once."""
    sums = np.cumsum(table.ravel())
    total = float(sums[-1]) if sums.size else 0.0
    count = int(draw.poisson(total * share))
    wanted = np.sort(draw.random(count)) * total
    cell = np.minimum(np.searchsorted(sums, wanted, side="right"), sums.size - 1)
    return np.divmod(cell, table.shape[1])


def _places(area: Ints, by_place: Floats, ground: Map, draw: np.random.Generator) -> Ints:
    """A place of each area, in proportion to its rate."""
    n = ground.population.size
    order = np.argsort(ground.place_area, kind="stable")
    total = np.bincount(ground.place_area, by_place, minlength=n)
    even = total == 0
    share = np.where(even[ground.place_area], ground.place_share, by_place)
    total = np.where(even, 1.0, total)
    share = (share / total[ground.place_area])[order]
    last = np.cumsum(np.bincount(ground.place_area, minlength=n))
    sums = np.cumsum(share)
    start = np.concatenate([[0.0], sums])[last - np.diff(last, prepend=0)]
    wanted = start[area] + draw.random(area.size) * (sums[last - 1] - start)[area]
    found = np.searchsorted(sums, wanted, side="right")
    first = last - np.diff(last, prepend=0)
    return np.asarray(order[np.clip(found, first[area], last[area] - 1)])


def _followers(
    repeat: NearRepeat, day: Ints, place: Ints, ground: Map, draw: np.random.Generator
) -> tuple[Ints, Ints]:
    from scipy.spatial import KDTree

    parent = np.repeat(np.arange(day.size), draw.poisson(repeat.followers, day.size))
    later = day[parent] + draw.geometric(1 / repeat.days, parent.size)
    aim = ground.places[place[parent]] + draw.normal(0, repeat.metres, (parent.size, 2))
    if not parent.size:
        return later, place[parent]
    return later, np.asarray(KDTree(ground.places).query(aim)[1], np.int64)


def _seconds(category: Category, period: Period, day: Ints, draw: np.random.Generator) -> Ints:
    """The second of the day, by the rhythm of its weekday."""
    hours = category.hours()
    totals = hours.sum(axis=1, keepdims=True)
    of_day = np.where(totals > 0, hours / np.where(totals > 0, totals, 1), 1 / 24)
    sums = (np.cumsum(of_day, axis=1) + np.arange(7)[:, None]).ravel()
    weekday = weekdays(period.days)[day]
    cell = np.searchsorted(sums, weekday + draw.random(day.size), side="right")
    hour = np.clip(cell - 24 * weekday, 0, 23)
    return np.asarray(hour * _HOUR + draw.integers(0, _HOUR, day.size))


def known_interval(
    category: Category, moment: NDArray[np.datetime64], draw: np.random.Generator
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Start and end between which the moment is known to lie; the moment itself for most."""
    vague = draw.random(moment.size) < category.uncertain
    length = draw.gamma(2.0, category.interval_hours / 2 * _HOUR, moment.size) * vague
    before = (length * draw.random(moment.size)).astype(np.int64)
    start = moment - before
    return start, np.asarray(start + length.astype(np.int64))


def active_reporters(
    effort: Effort, ground: Map, period: Period, weeks: int, draw: np.random.Generator
) -> Ints:
    """How many report from each area in each week, (n, weeks)."""
    n = ground.population.size
    level = np.exp(draw.normal(0, 1, n) * effort.variation - effort.variation**2 / 2)
    employed = np.outer(effort.reporters * level, np.ones(weeks))
    for change in effort.changes:
        _change(change, employed, period)
    monday = period.days[period.lead :: 7][:weeks]
    presence = effort.presence * np.where(year_wheel(monday)["summer"], effort.summer, 1.0)
    # Whole people; the fraction is one more who is there now and then.
    people = np.floor(employed + draw.random((n, 1))).astype(np.int64)
    active = draw.binomial(people, presence[None, :])
    silent = draw.random((n, weeks)) < effort.silent
    return np.asarray(np.where(silent, 0, active))


def _change(change: Change, employed: Floats, period: Period) -> None:
    first = (period.column("start", change.start) - period.lead + 6) // 7
    last = (period.column("end", change.end) - period.lead + 6) // 7
    rows: Sequence[int] | slice = slice(None) if change.areas is None else list(change.areas)
    employed[rows, max(0, first) : max(0, last)] *= change.factor


def chance_of_report(effort: Effort, active: Ints) -> Floats:
    if effort.overlapping:
        return np.asarray(1 - (1 - effort.reach) ** active)
    return np.asarray(np.minimum(1.0, effort.reach * active))
