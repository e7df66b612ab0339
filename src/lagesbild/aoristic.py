"""When things happen, when all that is known of many is an interval.

Each event's weight is spread evenly over the time between `start` and `end` and gathered by
weekday and hour of local time. Sources: Ratcliffe (2000), Int J Geogr Inf Sci 14:669 (aoristic
analysis); Ashby & Bowers (2013), Crime Science 2:1 (compared with its rivals, it errs least).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lagesbild._checks import at_least
from lagesbild._results import Basis, Result
from lagesbild.events import Events

_HOUR, _WEEK_HOURS = 3600, 168
# 1970-01-01 was a Thursday: so many hours after a Monday's midnight.
_EPOCH_OFFSET = 3 * 24
# More events than this are resampled in so many groups: the spread is met within 2 %.
_GROUPS = 2_000
_PIECES = 2_000_000  # treated at a time
_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class WeekdayHour(Result):
    """Events by weekday (0 = Monday) and hour of local time, each array (7, 24).

    weights       expected number of events in each hour of the week; sums to the events' weight
    lower, upper  bootstrap percentile interval at `basis.parameters['level']`
    """

    weights: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def weekday_hour(
    events: Events,
    *,
    time_zone: str = "Europe/Stockholm",
    replicates: int = 999,
    level: float = 0.95,
    seed: int = 0,
) -> WeekdayHour:
    """Spread events over the 168 hours of the week, with bootstrap intervals.

    An event whose moment is known falls wholly in its hour. Times are local in `time_zone`: over
    a change to or from daylight saving an interval has the hours that truly passed, so that the
    hour that is skipped gets nothing and the one that is doubled counts twice.

    The intervals resample events (more than 2,000: as many groups of events drawn by lot); they
    say how much the picture hangs on single events, not how even the spreading within an interval
    truly was.

    Raises ValueError for no events, or a level outside 0 to 1.
    """
    if not len(events):
        raise ValueError("events: at least one wanted")
    if not 0 < level < 1:
        raise ValueError(f"level: between 0 and 1 wanted, {level!r} given")
    at_least("replicates", replicates, 2)
    shares = _shares(events, time_zone)
    weights = shares.sums()
    rng = np.random.default_rng(seed)
    lower, upper = _bootstrap(shares, replicates, level, rng)
    return WeekdayHour(
        basis=Basis(
            method="aoristic weekday and hour",
            parameters={"time_zone": time_zone, "level": level},
            n=len(events),
            fingerprint=events.fingerprint,
            seed=seed,
            replicates=replicates,
        ),
        weights=weights.reshape(7, 24),
        lower=lower.reshape(7, 24),
        upper=upper.reshape(7, 24),
    )


@dataclass(frozen=True)
class _Shares:
    """How each event's weight is spread: pieces, each of an event, in an hour of the week."""

    n: int
    event: NDArray[np.int64]
    hour: NDArray[np.int64]
    share: NDArray[np.float64]

    def sums(self) -> NDArray[np.float64]:
        """(168,): by hour of the week."""
        return np.bincount(self.hour, self.share, _WEEK_HOURS).astype(np.float64)

    def in_groups(self, group: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
        """(groups, 168): by group of events and hour."""
        cell = group[self.event] * _WEEK_HOURS + self.hour
        summed = np.bincount(cell, self.share, groups * _WEEK_HOURS)
        return summed.reshape(groups, _WEEK_HOURS).astype(np.float64)


def _shares(events: Events, time_zone: str) -> _Shares:
    start = events.start.astype(np.int64)
    end = start if events.end is None else events.end.astype(np.int64)
    known = np.flatnonzero(end == start)
    parts = [(known, _week_hour(start[known] // _HOUR), np.ones(known.size))]
    vague = np.flatnonzero(end != start)
    if vague.size:
        clock = _Clock.of(int(start.min()), int(end.max()), ZoneInfo(time_zone))
        parts += _pieces(vague, start[vague], end[vague], clock)
    event, hour, share = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Shares(len(events), event, hour, share * events.weights[event])


def _week_hour(hours_since_epoch: NDArray[np.int64]) -> NDArray[np.int64]:
    return (hours_since_epoch + _EPOCH_OFFSET) % _WEEK_HOURS


def _pieces(
    rows: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], clock: _Clock
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    """Events, hours of the week and shares, of intervals given as local seconds.

    Local times are stretched back to true time, cut into true hours' pieces, and each piece is
    named by its local hour.
    """
    first, last = clock.to_true(start), clock.to_true(end)
    # An interval that lies within a skipped or doubled hour.
    last = np.where(last <= first, first + np.maximum(end - start, 1), last)
    step = clock.step
    counts = (last - 1) // step - first // step + 1
    edges = np.flatnonzero(np.diff(np.cumsum(counts) // _PIECES)) + 1
    for part in np.split(np.arange(rows.size), edges):
        count = counts[part]
        own = np.repeat(part, count)
        cell = first[own] // step + np.arange(own.size) - np.repeat(np.cumsum(count) - count, count)
        begin = np.maximum(cell * step, first[own])
        finish = np.minimum((cell + 1) * step, last[own])
        hour = _week_hour((begin + clock.offset(begin)) // _HOUR)
        yield rows[own], hour, (finish - begin) / (last - first)[own]


@dataclass(frozen=True)
class _Clock:
    """Local time against true time: `offsets[i]` seconds from the `changes[i - 1]` on."""

    changes: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, first: int, last: int, zone: ZoneInfo) -> _Clock:
        """The changes between two local moments, looked for day by day and then by the second."""
        days = range(first // _DAY * _DAY - 2 * _DAY, last + 3 * _DAY, _DAY)
        found = [_offset(day, zone) for day in days]
        changes, offsets = [], [found[0]]
        for before, after, day in zip(found[:-1], found[1:], days, strict=False):
            if before != after:
                changes.append(_change(day, day + _DAY, before, zone))
                offsets.append(after)
        return cls(np.array(changes, np.int64), np.array(offsets, np.int64))

    @property
    def step(self) -> int:
        """Seconds within which no local hour begins and no offset changes."""
        edges = np.concatenate([self.changes, self.offsets])
        return _HOUR if not (edges % _HOUR).any() else 900 if not (edges % 900).any() else 1

    def offset(self, moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of true moments."""
        return self.offsets[np.searchsorted(self.changes, moments, side="right")]

    def to_true(self, local: NDArray[np.int64]) -> NDArray[np.int64]:
        """Local moments as true ones: the first of a doubled hour, in a skipped one by old time."""
        switch = self.changes + np.maximum(self.offsets[:-1], self.offsets[1:])
        return local - self.offsets[np.searchsorted(switch, local, side="right")]


def _offset(moment: int, zone: ZoneInfo) -> int:
    delta = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    assert delta is not None
    return int(delta.total_seconds())


def _change(low: int, high: int, before: int, zone: ZoneInfo) -> int:
    """The first second with another offset than `before`; `low` still has it, `high` not."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _bootstrap(
    shares: _Shares, replicates: int, level: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Percentiles of the sums over resampled events, or groups of them.

    Groups differ by one in size; what they hold beyond their size times the mean is resampled, so
    that the number of events stays the same in every replicate.
    """
    groups = min(shares.n, _GROUPS)
    group = np.arange(shares.n) % groups
    if shares.n > groups:
        group = rng.permutation(group)
    mean = shares.sums() / shares.n
    beyond = shares.in_groups(group, groups) - np.outer(np.bincount(group), mean)
    drawn = np.empty((replicates, _WEEK_HOURS))
    even = np.full(groups, 1 / groups)
    for first in range(0, replicates, 256):
        some = slice(first, min(first + 256, replicates))
        drawn[some] = rng.multinomial(groups, even, size=some.stop - some.start) @ beyond
    tail = (1 - level) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail], axis=0)
    total = shares.n * mean
    return np.maximum(0.0, total + lower), np.maximum(0.0, total + upper)
