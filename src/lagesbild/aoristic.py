"""When things happen, when all that is known of many is an interval.

Each event's weight is spread evenly over the time between `start` and `end` and gathered by
weekday and hour of local time. Sources: Ratcliffe (2000), Int J Geogr Inf Sci 14:669 (aoristic
analysis); Ashby & Bowers (2013), Crime Science 2:1 (compared with its rivals, it errs least).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lagesbild._checks import at_least
from lagesbild._results import Basis, Result
from lagesbild.events import Events

_HOUR, _WEEK_HOURS = 3600, 168
# 1970-01-01 was a Thursday: so many hours after a Monday's midnight.
_EPOCH_OFFSET = 3 * 24


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

    The intervals resample events; they say how much the picture hangs on single events, not how
    even the spreading within an interval truly was.

    Raises ValueError for no events, or a level outside 0 to 1.
    """
    if not len(events):
        raise ValueError("events: at least one wanted")
    if not 0 < level < 1:
        raise ValueError(f"level: between 0 and 1 wanted, {level!r} given")
    at_least("replicates", replicates, 2)
    shares = _shares(events, time_zone)
    weights = shares.sum(axis=0)
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


def _shares(events: Events, time_zone: str) -> NDArray[np.float64]:
    """(n, 168): how each event's weight is spread over the hours of the week."""
    start = events.start.astype(np.int64)
    shares = np.zeros((len(events), _WEEK_HOURS))
    every = np.arange(len(events))
    end = start if events.end is None else events.end.astype(np.int64)
    known = end == start
    shares[every[known], _week_hour(start[known] // _HOUR)] = 1.0
    for row in every[~known]:
        shares[row] = _spread(int(start[row]), int(end[row]), time_zone)
    return shares * events.weights[:, None]


def _week_hour(hours_since_epoch: NDArray[np.int64]) -> NDArray[np.int64]:
    return (hours_since_epoch + _EPOCH_OFFSET) % _WEEK_HOURS


def _spread(start: int, end: int, time_zone: str) -> NDArray[np.float64]:
    """Shares of one interval, given as local seconds.

    Local times are stretched back to true time, cut into true hours' pieces, and each piece is
    named by its local hour.
    """
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(time_zone)
    true_start, true_end = _to_true(start, zone), _to_true(end, zone)
    if true_end <= true_start:  # an interval that lies within a skipped or doubled hour
        true_end = true_start + max(end - start, 1)
    # Offsets are whole quarters of an hour everywhere: no local hour begins between two edges.
    step = 900
    inner = np.arange((true_start // step + 1) * step, true_end, step)
    edges = np.concatenate([[true_start], inner, [true_end]])
    middles = (edges[:-1] + edges[1:]) // 2
    local = middles + _offsets(middles, zone)
    pieces = np.bincount(_week_hour(local // _HOUR), weights=np.diff(edges), minlength=_WEEK_HOURS)
    return np.asarray(pieces / (true_end - true_start))


def _to_true(local: int, zone: object) -> int:
    from datetime import UTC, datetime

    naive = datetime.fromtimestamp(local, UTC).replace(tzinfo=zone)  # type: ignore[arg-type]
    return int(naive.timestamp())


def _offsets(moments: NDArray[np.int64], zone: object) -> NDArray[np.int64]:
    """Seconds from UTC to local time; asked once a day and where the day's ends differ."""
    from datetime import UTC, datetime

    def offset(moment: int) -> int:
        delta = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()  # type: ignore[arg-type]
        assert delta is not None
        return int(delta.total_seconds())

    days = moments // 86_400
    found = np.empty(moments.size, np.int64)
    for day in np.unique(days):
        rows = np.flatnonzero(days == day)
        first, last = offset(int(moments[rows[0]])), offset(int(moments[rows[-1]]))
        found[rows] = first
        if first != last:
            found[rows] = [offset(int(moment)) for moment in moments[rows]]
    return found


def _bootstrap(
    shares: NDArray[np.float64], replicates: int, level: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = shares.shape[0]
    drawn = np.empty((replicates, shares.shape[1]))
    even = np.full(n, 1 / n)
    for replicate in range(replicates):
        drawn[replicate] = rng.multinomial(n, even) @ shares
    tail = (1 - level) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return lower, upper
