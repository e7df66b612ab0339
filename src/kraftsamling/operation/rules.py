"""Rules of the queue: when a job is given up, when it is tried again, when a schedule is due.

Plain Python. All times are aware datetimes; a lease and a delay are timedeltas.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

MAX_ATTEMPTS = 5
_FIRST_DELAY = timedelta(seconds=30)
_GROWTH = 4
_LONGEST_DELAY = timedelta(hours=6)
BEATS_PER_LEASE = 4


class GiveUpError(Exception):
    """Raised by a job that knows that trying again is useless.

    Its text is shown to operators: it says what happened without naming anybody.
    """


@dataclass(frozen=True)
class RunningJob:
    """A job that a worker has taken: the worker, and since when."""

    id: str
    worker_id: str
    started_at: datetime


def is_gone(seen_at: datetime | None, *, now: datetime, lease: timedelta) -> bool:
    """Whether a worker last seen then (None: it has no row) is gone."""
    return seen_at is None or now - seen_at > lease


def abandoned(
    running: Iterable[RunningJob],
    seen: Mapping[str, datetime],
    *,
    now: datetime,
    lease: timedelta,
) -> list[RunningJob]:
    """The running jobs whose worker is gone, by what `seen` says about each worker."""
    return [job for job in running if is_gone(seen.get(job.worker_id), now=now, lease=lease)]


def time_between_beats(lease: timedelta) -> timedelta:
    """How often a worker shows that it lives: a few lost beats do not cost it its lease."""
    return lease / BEATS_PER_LEASE


def may_try_again(attempts: int, *, max_attempts: int = MAX_ATTEMPTS) -> bool:
    """Whether a job that failed its `attempts`-th attempt gets another one."""
    return attempts < max_attempts


def delay_after(attempts: int, *, rng: random.Random | None = None) -> timedelta:
    """How long to wait after the `attempts`-th failure: 30 s, 2 min, 8 min, 32 min ... 6 h.

    With `rng`, up to a tenth is added, so that jobs that failed together do not return together.
    """
    growth: int = _GROWTH ** (max(attempts, 1) - 1)
    delay = min(_FIRST_DELAY * growth, _LONGEST_DELAY)
    return delay * (1 + rng.random() / 10) if rng else delay


@dataclass(frozen=True)
class Schedule:
    """A job that is due by the clock: daily at a local time, or every so often.

    Exactly one of `daily_at` and `every` is given. `job` is the dotted path of the task.
    """

    name: str
    job: str
    daily_at: time | None = None
    every: timedelta | None = None

    def __post_init__(self) -> None:
        if (self.daily_at is None) == (self.every is None):
            raise ValueError(f"{self.name}: give either daily_at or every")


def latest_due(schedule: Schedule, *, now: datetime, zone: tzinfo) -> datetime:
    """The latest time at or before `now` at which the schedule was due, in UTC.

    Times that were missed while nothing ran are not made up for, one by one: the latest counts.
    An hour that summer time skips or repeats gives one due time all the same.
    """
    if schedule.every is not None:
        epoch = datetime(2020, 1, 1, tzinfo=UTC)
        return epoch + (now - epoch) // schedule.every * schedule.every
    assert schedule.daily_at is not None
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        due = datetime.combine(day, schedule.daily_at, tzinfo=zone).astimezone(UTC)
        if due <= now:
            return due
    raise AssertionError("yesterday's due time lies before now")  # pragma: no cover
