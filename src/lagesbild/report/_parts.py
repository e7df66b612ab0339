"""What a picture is made of: the frame all parts share, and one function for each part.

Each part returns a result of the library, or a reason why there is none: with few data most
methods have nothing to say, and a picture that says so is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import aoristic, hotspots, kde, near_repeat, neighbours, scan, significance
from lagesbild import surveillance as watch
from lagesbild._checks import finite
from lagesbild.events import Events

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

LEVEL = 0.05
YEAR_WEEKS = 52
_LISTED = 30  # categories; the rest go together
_SEASON = 2  # years of past that a season can be learnt from
_WATCHED = 26  # weeks that the bounds are drawn for
_CELLS = (
    *(25.0, 50.0, 100.0, 150.0, 250.0, 350.0, 500.0, 750.0),
    *(1000.0, 1500.0, 2000.0, 3000.0, 5000.0),
)
_EVENTS_A_CELL = 5.0
_FEWEST_FOR_RISE = 5  # in four weeks, as Farrington has it
_FEWEST_FOR_PLACES, _FEWEST_FOR_REPEATS, _FEWEST_FOR_HOURS = 30, 50, 20
_PLACES = 800  # that a scan looks at
_LONGEST, _WIDEST_M = 8, 3000.0
_NEAR_M, _SOON_DAYS = (0.0, 100.0, 250.0, 500.0), (7.0, 14.0, 28.0)
_PERMUTED_UP_TO = 2000
_LOOKED_AT = 6  # categories looked at one by one


@dataclass(frozen=True)
class Reason:
    """Why a part is missing: a key of the catalogue, and what it says."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()


# The frame ---------------------------------------------------------------------------------------


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


# What is new, risen, gone ------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Changes:
    """Weekly counts against what was expected.

    result  of all series: each category, and last all together when there are several
    counts, names  (series, weeks) and their names
    new, risen, gone  numbers of the series, most remarkable first
    """

    result: watch.Surveillance
    counts: Ints
    names: tuple[str, ...]
    new: tuple[int, ...]
    risen: tuple[int, ...]
    gone: tuple[int, ...]
    gone_expected: Floats


def changes(data: Frame, everything: str) -> Changes | Reason:
    """Farrington where two years of past are there, else EARS, else nothing."""
    weeks = data.weeks.size
    counts, names = data.counts, data.names
    if len(names) > 1:
        counts, names = np.vstack([counts, counts.sum(axis=0)]), (*names, everything)
    years = min(5, (weeks - 4) // YEAR_WEEKS)
    exposure = None if data.effort is None else np.tile(data.effort, (len(names), 1))
    if years >= _SEASON:
        earliest = years * YEAR_WEEKS + 3
        watched = np.arange(max(earliest, weeks - _WATCHED), weeks)
        result = watch.farrington_flexible(
            counts, weeks=watched, years_back=years, alpha=LEVEL, exposure=exposure
        )
    elif weeks >= 10:
        # Weeks of nothing but zeros would make one single event an alarm.
        spread = 1.0 if data.effort is None else 1.0 / float(data.effort.mean())
        watched = np.arange(max(9, weeks - _WATCHED), weeks)
        result = watch.ears(
            counts, method="C2", weeks=watched, exposure=exposure, minimum_deviation=spread
        )
    else:
        return Reason("changes.short", (("weeks", weeks),))
    with np.errstate(invalid="ignore"):
        is_risen = (result.q_value[:, -1] <= LEVEL) & (counts[:, -1] > result.expected[:, -1])
    is_risen &= counts[:, -4:].sum(axis=1) >= _FEWEST_FOR_RISE
    is_new = (counts[:, -4:].sum(axis=1) > 0) & (counts[:, :-4].sum(axis=1) == 0) & (weeks >= 30)
    expected, is_gone = _gone(counts)
    by_score = np.argsort(result.q_value[:, -1], kind="stable")
    return Changes(
        result=result,
        counts=counts,
        names=names,
        new=tuple(np.flatnonzero(is_new).tolist()),
        risen=tuple(int(row) for row in by_score if is_risen[row] and not is_new[row]),
        gone=tuple(np.flatnonzero(is_gone).tolist()),
        gone_expected=expected,
    )


def _gone(counts: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """Series without an event in four weeks, though the year before would have given some."""
    before = counts[:, -4 - YEAR_WEEKS : -4]
    if before.shape[1] < 8:
        return np.zeros(counts.shape[0]), np.zeros(counts.shape[0], bool)
    expected = 4 * before.mean(axis=1)
    p = np.where(counts[:, -4:].sum(axis=1) == 0, np.exp(-expected), 1.0)
    q = significance.false_discovery_rate(np.maximum(p, 1e-300))
    return expected, np.asarray(q <= LEVEL)


# Where -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Places:
    """The last year on a grid: cells where something was ever reported, and those next to them."""

    cell_m: float
    x: Floats
    y: Floats
    counts: Floats
    result: hotspots.Hotspots


def cell_size(x: Floats, y: Floats) -> float:
    """The smallest round size whose cells have five events and a place, where most are."""
    low, high = np.quantile(np.column_stack([x, y]), [0.005, 0.995], axis=0)
    area = float(np.prod(np.maximum(high - low, 1.0)))
    spots = np.unique(np.round(x) + 1j * np.round(y)).size
    wanted = np.sqrt(area / min(x.size / _EVENTS_A_CELL, spots))
    return next((size for size in _CELLS if size >= wanted), _CELLS[-1])


def places(data: Frame, seed: int) -> Places | Reason:
    events = data.recent
    if len(events) < _FEWEST_FOR_PLACES:
        return Reason("places.few", (("n", len(events)), ("least", _FEWEST_FOR_PLACES)))
    size = cell_size(events.x, events.y)
    column, row, spot = _cells(data.events, events, size)
    if column.size < 10:
        return Reason("places.narrow", (("cells", column.size),))
    counts = np.bincount(spot, minlength=column.size).astype(np.float64)
    if np.ptp(counts) == 0:
        return Reason("places.even")
    x, y = _centres(column, size), _centres(row, size)
    result = hotspots.getis_ord(
        counts,
        neighbours.by_distance(column.astype(float), row.astype(float), radius=1.5),
        permutations=9999 if column.size >= 1000 else 1999,
        alternative="greater",
        seed=seed,
    )
    return Places(size, x, y, counts, result)


def _cells(every: Events, recent: Events, size: float) -> tuple[Ints, Ints, Ints]:
    """Column and row of each cell that counts, and the cell of each recent event."""
    known = np.unique(np.column_stack(_grid(every, size)), axis=0)
    steps = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)])
    cells = np.unique((known[:, None, :] + steps).reshape(-1, 2), axis=0)
    low = cells.min(axis=0)
    span = int(np.ptp(cells[:, 1])) + 1
    keys = (cells[:, 0] - low[0]) * span + cells[:, 1] - low[1]
    column, row = _grid(recent, size)
    spot = np.searchsorted(keys, (column - low[0]) * span + row - low[1])
    return cells[:, 0], cells[:, 1], spot.astype(np.int64)


def _grid(events: Events, size: float) -> tuple[Ints, Ints]:
    return (
        np.floor(events.x / size).astype(np.int64),
        np.floor(events.y / size).astype(np.int64),
    )


def _centres(number: Ints, size: float) -> Floats:
    return np.asarray((number + 0.5) * size, np.float64)


def density(data: Frame) -> kde.Density | Reason:
    """A surface over where events usually are."""
    events = data.recent
    if len(events) < _FEWEST_FOR_PLACES:
        return Reason("places.few", (("n", len(events)), ("least", _FEWEST_FOR_PLACES)))
    size = cell_size(events.x, events.y)
    low, high = np.quantile(np.column_stack([events.x, events.y]), [0.005, 0.995], axis=0)
    if (high - low).min() <= 0:
        return Reason("places.narrow", (("cells", 1),))
    air = 2 * size
    west, south, east, north = (low[0] - air, low[1] - air, high[0] + air, high[1] + air)
    cell = max(size / 4, float(max(east - west, north - south)) / 300)
    grid = kde.Grid.covering(float(west), float(south), float(east), float(north), cell=cell)
    return kde.density(events, bandwidth=1.5 * size, grid=grid)


# Now, and where ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Clusters:
    """A scan of all events, and one of each common category; the first is the clearest.

    names  of what was scanned; None: all events
    level  for each scan, so that all together hold `LEVEL`
    """

    names: tuple[str | None, ...]
    results: tuple[scan.ScanResult, ...]
    level: float


def clusters(data: Frame, seed: int, threads: int | None, none: str) -> Clusters | Reason:
    """Prospective permutation scans of the last year by week, by cell of a grid."""
    events, weeks = data.recent, min(data.weeks.size, YEAR_WEEKS)
    if weeks < 4 or len(events) < _FEWEST_FOR_PLACES:
        return Reason("clusters.few", (("n", len(events)), ("weeks", weeks)))
    gridded, size = _gridded(events)
    if _spots(gridded) < 2:
        return Reason("clusters.one_place")
    kinds: list[tuple[str | None, Events]] = [(None, gridded)]
    if len(data.names) > 1:
        kinds += [
            (name, some)
            for name, some in _by_category(data, gridded, none)
            if len(some) >= _FEWEST_FOR_PLACES and _spots(some) > 1
        ]
    reach = float(np.hypot(np.ptp(gridded.x), np.ptp(gridded.y))) / 6
    first = data.last - 7 * weeks + 1 if weeks == YEAR_WEEKS else data.recent_from
    found = [
        scan.space_time_permutation(
            replace(some, category=None),
            time_unit="week",
            period=(first, data.last),
            max_duration=min(_LONGEST, max(1, weeks // 3)),
            max_radius_m=max(2 * size, min(_WIDEST_M, reach)),
            prospective=True,
            stop_after=50,  # nothing going on is soon known
            seed=seed,
            threads=threads,
        )
        for _, some in kinds
    ]
    clearest = np.argsort([_evidence(one) for one in found], kind="stable")
    return Clusters(
        names=tuple(kinds[i][0] for i in clearest),
        results=tuple(found[i] for i in clearest),
        level=LEVEL / len(found),
    )


def _gridded(events: Events) -> tuple[Events, float]:
    """Each event at its cell's centre, in cells so large that there are not too many."""
    size = cell_size(events.x, events.y)
    column, row = _grid(events, size)
    while np.unique(column + 1j * row).size > _PLACES:
        size *= 1.5
        column, row = _grid(events, size)
    _, location = np.unique(column + 1j * row, return_inverse=True)
    x, y = _centres(column, size), _centres(row, size)
    return replace(events, x=x, y=y, location=location.ravel(), weight=None), size


def _spots(events: Events) -> int:
    assert events.location is not None
    return int(np.unique(events.location).size)


def _by_category(data: Frame, events: Events, none: str) -> list[tuple[str, Events]]:
    """The most common ones, each with its events; `events` are the recent ones."""
    assert events.category is not None
    if events.category.dtype == object:
        labels = np.array([none if one is None else str(one) or none for one in events.category])
    else:
        labels = (
            np.where(events.category == "", none, events.category)
            if events.category.dtype.kind == "U"
            else events.category.astype(str)
        )
    return [(name, events.take(labels == name)) for name in data.names[:_LOOKED_AT]]


def _evidence(found: scan.ScanResult) -> float:
    """Small p-values first, and of equal ones great ratios."""
    best = found.most_likely
    return 2.0 if best is None else best.p_value - 1e-6 * best.log_likelihood_ratio


# Near repeats, and hours -------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Repeats:
    """Knox' test of each common category; the first is the clearest.

    level  for each cell of each table, so that all together hold `LEVEL`
    """

    names: tuple[str, ...]
    results: tuple[near_repeat.NearRepeat, ...]
    level: float


def repeats(data: Frame, seed: int, threads: int | None, none: str) -> Repeats | Reason:
    events = data.recent
    kinds = [(data.names[0], events)]
    if events.category is not None:
        kinds = _by_category(data, events, none)
    kinds = [(name, some) for name, some in kinds if len(some) >= _FEWEST_FOR_REPEATS]
    if not kinds:
        return Reason("repeats.few", (("least", _FEWEST_FOR_REPEATS),))
    tests = [
        near_repeat.knox(
            some,
            distances=_NEAR_M,
            intervals=_SOON_DAYS,
            method="permutation" if len(some) <= _PERMUTED_UP_TO else "normal",
            seed=seed,
            threads=threads,
        )
        for _, some in kinds
    ]
    clearest = np.argsort([_clarity(test) for test in tests], kind="stable")
    return Repeats(
        names=tuple(kinds[i][0] for i in clearest),
        results=tuple(tests[i] for i in clearest),
        level=LEVEL / len(tests),
    )


def _clarity(test: near_repeat.NearRepeat) -> float:
    """The smallest p-value, of equals the greatest ratio."""
    with np.errstate(invalid="ignore"):
        above = np.where(test.ratio > 1, test.p_value, 1.0)
    best = float(above.min())
    ratio = float(np.nan_to_num(test.ratio)[above == best].max())
    return best - 1e-9 * ratio


def hours(data: Frame, seed: int, time_zone: str) -> aoristic.WeekdayHour | Reason:
    events = data.recent
    if len(events) < _FEWEST_FOR_HOURS:
        return Reason("hours.few", (("n", len(events)), ("least", _FEWEST_FOR_HOURS)))
    timed = (events.start.astype(np.int64) % 86_400).any()
    if not timed and (events.end is None or (events.end == events.start).all()):
        return Reason("hours.dates")
    return aoristic.weekday_hour(replace(events, weight=None), time_zone=time_zone, seed=seed)
