"""What is expected to happen, where and on which day, and what each planted thing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lagesbild.simulate._calendar import day_of_year, weekdays, year_wheel
from lagesbild.simulate._map import Map
from lagesbild.simulate._parts import Category, Drift, HotSpot, Measure, Outbreak, When

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One planted thing, as it came out.

    kind        'hot spot', 'outbreak', 'drift' or 'measure'; `what` its description
    areas       in which it works; `zone` where a measure's displaced events go
    first, last days of the simulation with it, both included; None where it never works
    difference  expected events more (or fewer) because of it, over the simulation; for a measure
                in its own areas, `displaced` those expected in the zone instead
    """

    kind: str
    what: HotSpot | Outbreak | Drift | Measure
    areas: tuple[int, ...]
    zone: tuple[int, ...]
    first: np.datetime64 | None
    last: np.datetime64 | None
    difference: float
    displaced: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Period:
    """The simulated days; those before `start` let followers get going and are left out after."""

    days: Days
    lead: int

    @property
    def start(self) -> np.datetime64:
        return np.datetime64(self.days[self.lead])

    def column(self, name: str, when: When | None) -> int:
        """The column of a day, cut to those there are; None: after the last."""
        if when is None:
            return self.days.size
        if isinstance(when, int | np.integer):
            column = self.lead + 7 * int(when)
        else:
            try:
                day = np.datetime64(str(when), "D")
            except ValueError as error:
                raise ValueError(f"{name}: a week's number or a date wanted, {when!r}") from error
            column = int((day - self.days[0]).astype(np.int64))
        return int(np.clip(column, 0, self.days.size))


def rhythm_of_days(category: Category, days: Days) -> Floats:
    """How much of an ordinary day each day has; the weekdays' mean is 1."""
    share = category.hours().sum(axis=1) * 7
    factor = share[weekdays(days)]
    if category.season:
        angle = 2 * np.pi * (day_of_year(days) - category.season_peak) / 365.25
        factor = factor * (1 + category.season * np.cos(angle))
    if category.wheel:
        wheel = year_wheel(days)
        for name, times in category.wheel.items():
            factor = np.where(wheel[name], factor * times, factor)
    return np.asarray(factor)


def place_rates(category: Category, ground: Map, hot_spots: Sequence[HotSpot]) -> Floats:
    """Expected events on an ordinary day at each place, (m,); a hot spot adds to the total."""
    by_area = ground.population * ground.risk
    daily = category.weekly / 7 * by_area / by_area.sum()
    rate = daily[ground.place_area] * ground.place_share
    for spot in hot_spots:
        if concerns(spot.categories, category):
            rate = np.where(spot_places(spot, ground), rate * spot.factor, rate)
    return np.asarray(rate)


def spot_places(spot: HotSpot, ground: Map) -> NDArray[np.bool_]:
    chosen = np.isin(ground.place_area, spot.areas)
    chosen[list(spot.places)] = True
    return chosen


def concerns(categories: tuple[str, ...] | None, category: Category) -> bool:
    return categories is None or category.name in categories


def expected_rates(
    category: Category,
    ground: Map,
    period: Period,
    planted: Sequence[HotSpot | Outbreak | Drift | Measure],
) -> tuple[Floats, Floats, list[tuple[int, float, float]]]:
    """Expected events by place and ordinary day (m,), and by area and day (n, days).

    Also, for each planted thing that concerns the category: its number, the events more or fewer,
    and those displaced. Hot spots come first, measures last, whatever the order given: a measure
    works on what would have happened without it.
    """
    spots = [thing for thing in planted if isinstance(thing, HotSpot)]
    by_place = place_rates(category, ground, spots)
    n = ground.population.size
    by_area = np.bincount(ground.place_area, by_place, minlength=n)
    of_day = rhythm_of_days(category, period.days)
    table = np.outer(by_area, of_day)
    notes = _hot_spot_notes(category, ground, planted, by_place, of_day[period.lead :].sum())
    for kind in (Drift, Outbreak, Measure):
        for number, thing in enumerate(planted):
            if type(thing) is kind and concerns(thing.categories, category):
                more, moved = _work(thing, table, ground, period)
                notes.append((number, more, moved))
    return by_place, table, notes


def _hot_spot_notes(
    category: Category,
    ground: Map,
    planted: Sequence[HotSpot | Outbreak | Drift | Measure],
    by_place: Floats,
    days: float,
) -> list[tuple[int, float, float]]:
    notes = []
    for number, thing in enumerate(planted):
        if isinstance(thing, HotSpot) and concerns(thing.categories, category):
            rate = by_place[spot_places(thing, ground)].sum()
            more = rate * (1 - 1 / thing.factor) * days if thing.factor else 0.0
            notes.append((number, float(more), 0.0))
    return notes


def _work(
    thing: HotSpot | Outbreak | Drift | Measure, table: Floats, ground: Map, period: Period
) -> tuple[float, float]:
    """Change the table as the thing does; events more, and displaced, from the start on."""
    first, last = span(thing, period)
    rows = np.ix_(area_rows(thing, ground), np.arange(first, last))
    seen = slice(max(0, period.lead - first), None)
    before = table[rows]
    if isinstance(thing, Drift):
        after = before * thing.yearly ** (np.arange(last - first) / 365.25)
    elif isinstance(thing, Measure):
        after = before * thing.effect
    else:
        assert isinstance(thing, Outbreak)
        after = before * thing.factor
    table[rows] = after
    more = float((after - before)[:, seen].sum())
    if not isinstance(thing, Measure) or not thing.displacement:
        return more, 0.0
    zone = zone_rows(thing, ground)
    moved = (before - after).sum(axis=0) * thing.displacement
    table[np.ix_(zone, np.arange(first, last))] += moved / zone.size
    return more, float(moved[seen].sum())


def span(thing: HotSpot | Outbreak | Drift | Measure, period: Period) -> tuple[int, int]:
    """First column, and the one after the last, in which a thing works."""
    if isinstance(thing, HotSpot):
        return 0, period.days.size
    first = period.column("start", thing.start)
    if isinstance(thing, Outbreak):
        return first, min(period.days.size, first + 7 * thing.weeks)
    if isinstance(thing, Measure):
        return first, max(first, period.column("end", thing.end))
    return first, period.days.size


def area_rows(thing: HotSpot | Outbreak | Drift | Measure, ground: Map) -> Ints:
    if isinstance(thing, HotSpot):
        return np.unique(ground.place_area[spot_places(thing, ground)])
    if thing.areas is None:
        return np.arange(ground.population.size)
    return np.asarray(thing.areas, np.int64)


def zone_rows(measure: Measure, ground: Map) -> Ints:
    if measure.zone is not None:
        return np.asarray(measure.zone, np.int64)
    return ground.near(measure.areas)
