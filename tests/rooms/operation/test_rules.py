"""When a job is given up, tried again, or due."""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.operation.rules import (
    MAX_ATTEMPTS,
    RunningJob,
    Schedule,
    abandoned,
    delay_after,
    is_gone,
    latest_due,
    may_try_again,
    time_between_beats,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MOMENTS = st.integers(0, 20 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def test_a_worker_keeps_its_lease_while_it_beats():
    assert not is_gone(NOW - LEASE, now=NOW, lease=LEASE)
    assert is_gone(NOW - LEASE - timedelta(microseconds=1), now=NOW, lease=LEASE)


def test_a_worker_without_a_row_is_gone():
    assert is_gone(None, now=NOW, lease=LEASE)


def test_a_worker_may_lose_some_beats():
    assert time_between_beats(LEASE) * 3 < LEASE


def test_only_the_jobs_of_workers_that_are_gone_are_abandoned():
    jobs = [
        RunningJob("a", "alive", NOW),
        RunningJob("b", "silent", NOW),
        RunningJob("c", "x", NOW),
    ]
    seen = {"alive": NOW - timedelta(seconds=5), "silent": NOW - timedelta(minutes=5)}
    assert [job.id for job in abandoned(jobs, seen, now=NOW, lease=LEASE)] == ["b", "c"]


def test_a_job_is_tried_a_fixed_number_of_times():
    assert may_try_again(MAX_ATTEMPTS - 1)
    assert not may_try_again(MAX_ATTEMPTS)


def test_each_wait_is_longer_than_the_one_before_and_none_is_longer_than_six_hours():
    delays = [delay_after(attempts) for attempts in range(1, 12)]
    assert delays[:4] == [timedelta(seconds=s) for s in (30, 120, 480, 1920)]
    assert delays == sorted(delays)
    assert delays[-1] == timedelta(hours=6)


def test_chance_spreads_the_waits_by_at_most_a_tenth():
    rng = random.Random(5)
    spread = {delay_after(2, rng=rng) for _ in range(20)}
    assert len(spread) == 20
    assert min(spread) >= timedelta(minutes=2)
    assert max(spread) <= timedelta(minutes=2, seconds=12)


def daily(at: time) -> Schedule:
    return Schedule("nightly", "some.job", daily_at=at)


def test_a_daily_job_is_due_at_its_local_time():
    schedule = daily(time(4, 0))
    before, after = datetime(2026, 1, 9, 2, 59, tzinfo=UTC), datetime(2026, 1, 9, 3, 0, tzinfo=UTC)
    assert latest_due(schedule, now=after, zone=STOCKHOLM) == after
    assert latest_due(schedule, now=before, zone=STOCKHOLM) == after - timedelta(days=1)


def test_an_hour_that_summer_time_skips_gives_one_due_time():
    schedule = daily(time(2, 30))  # 29 March 2026 has no 02:30 in Stockholm
    moments = [datetime(2026, 3, 29, 0, 0, tzinfo=UTC) + timedelta(minutes=m) for m in range(1440)]
    due = {latest_due(schedule, now=moment, zone=STOCKHOLM) for moment in moments}
    assert len(due) == 2  # the day before's, and the day's own
    assert max(due).astimezone(STOCKHOLM).date().isoformat() == "2026-03-29"


def test_an_hour_that_winter_time_repeats_gives_one_due_time():
    schedule = daily(time(2, 30))  # 25 October 2026 has two of them
    moments = [datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(minutes=m) for m in range(1500)]
    due = sorted({latest_due(schedule, now=moment, zone=STOCKHOLM) for moment in moments})
    assert len(due) == 2


@given(
    now=MOMENTS,
    at=st.times(),
)
def test_the_latest_due_time_is_never_later_than_now_and_at_most_a_day_old(now, at):
    due = latest_due(daily(at), now=now, zone=STOCKHOLM)
    assert due <= now
    assert now - due <= timedelta(hours=25)


@given(
    now=MOMENTS,
    minutes=st.integers(1, 3000),
)
def test_a_job_that_is_due_every_so_often_has_due_times_that_all_workers_agree_on(now, minutes):
    every = timedelta(minutes=minutes)
    schedule = Schedule("often", "some.job", every=every)
    due = latest_due(schedule, now=now, zone=UTC)
    assert due <= now < due + every
    assert latest_due(schedule, now=due, zone=UTC) == due


def test_a_schedule_says_daily_or_every_and_not_both():
    with pytest.raises(ValueError, match="either daily_at or every"):
        Schedule("odd", "some.job")
    with pytest.raises(ValueError, match="either daily_at or every"):
        Schedule("odd", "some.job", daily_at=time(1), every=timedelta(hours=1))
