"""The queue as workers and operators use it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from kraftsamling.kit.actor import system_actor
from kraftsamling.operation import actions, queries
from kraftsamling.operation.models import ScheduledRun, Worker
from kraftsamling.operation.rules import MAX_ATTEMPTS, Schedule
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import change_of, verify
from tests.ops.some_jobs import add_line

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 5, 6, 7, tzinfo=UTC)
LEASE = timedelta(seconds=60)
OPERATOR = system_actor("tests")


@pytest.fixture
def worker():
    actions.enlist_worker(worker_id="w1", host="here", pid=1, at=NOW)
    return "w1"


def enqueue(text: str = "hello") -> str:
    return str(add_line.enqueue(file="nowhere", text=text).id)


def state_of(job_id: str) -> str:
    for state in queries.STATES:
        for job in queries.jobs_in_state(state):
            if job.id == job_id:
                return state
    raise LookupError(job_id)


def test_a_job_is_taken_by_one_worker(worker):
    job_id = enqueue()
    assert actions.take_next_job(worker_id=worker, at=NOW).id == job_id
    assert actions.take_next_job(worker_id="w2", at=NOW) is None
    assert state_of(job_id) == "running"


def test_a_job_of_a_rolled_back_act_is_never_seen(worker):
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)
    assert actions.take_next_job(worker_id=worker, at=NOW) is None


def test_a_finished_job_keeps_nothing_of_its_arguments(worker):
    enqueue("a secret link")
    job = actions.take_next_job(worker_id=worker, at=NOW)
    assert actions.finish_job(job, at=NOW, return_value={"count": 1})
    row = DBTaskResult.objects.get()
    assert "secret" not in str(row.args_kwargs)
    assert row.return_value == {"count": 1}
    assert state_of(job.id) == "done"


def test_a_failed_job_waits_and_then_fails_for_good(worker):
    job_id, now = enqueue(), NOW
    for attempt in range(1, MAX_ATTEMPTS + 1):
        job = actions.take_next_job(worker_id=worker, at=now)
        assert job.attempts == attempt
        actions.fail_job(job, at=now, error="some.Error", where="here.py:1 f")
        assert actions.take_next_job(worker_id=worker, at=now) is None, "it came back at once"
        now += timedelta(hours=7)
    assert state_of(job_id) == "failed"
    (failed,) = queries.jobs_in_state("failed")
    assert (failed.name, failed.error_name, failed.attempts) == ("add_line", "Error", MAX_ATTEMPTS)


def test_a_job_that_gives_up_is_not_tried_again(worker):
    job_id = enqueue()
    job = actions.take_next_job(worker_id=worker, at=NOW)
    actions.fail_job(job, at=NOW, error="some.GiveUpError", where="", is_final=True)
    assert state_of(job_id) == "failed"


def test_the_job_of_a_silent_worker_returns_to_the_queue(worker):
    job_id = enqueue()
    actions.take_next_job(worker_id=worker, at=NOW)
    assert actions.reap(at=NOW + LEASE, lease=LEASE) == 0
    later = NOW + LEASE + timedelta(seconds=1)
    assert actions.reap(at=later, lease=LEASE) == 1
    assert not Worker.objects.exists()
    again = actions.take_next_job(worker_id="w2", at=later)
    assert (again.id, again.attempts) == (job_id, 2)


def test_a_worker_that_beats_keeps_its_job_however_long_it_takes(worker):
    enqueue()
    actions.take_next_job(worker_id=worker, at=NOW)
    for minute in range(1, 200):
        now = NOW + timedelta(minutes=minute)
        assert actions.note_beat(worker_id=worker, at=now)
        assert actions.reap(at=now, lease=LEASE) == 0


def test_a_worker_that_comes_back_too_late_cannot_overwrite_what_the_next_one_did(worker):
    enqueue()
    late = actions.take_next_job(worker_id=worker, at=NOW)
    now = NOW + timedelta(minutes=5)
    actions.reap(at=now, lease=LEASE)
    assert not actions.note_beat(worker_id=worker, at=now)
    actions.enlist_worker(worker_id="w2", host="here", pid=2, at=now)
    second = actions.take_next_job(worker_id="w2", at=now)
    assert not actions.finish_job(late, at=now, return_value="late")
    assert not actions.fail_job(late, at=now, error="x", where="")
    assert not actions.hand_back_job(late)
    assert actions.finish_job(second, at=now, return_value="second")
    assert DBTaskResult.objects.get().return_value == "second"


def test_a_job_whose_workers_vanish_every_time_has_failed():
    job_id, now = enqueue(), NOW
    for number in range(MAX_ATTEMPTS):
        assert actions.take_next_job(worker_id=f"w{number}", at=now) is not None
        now += timedelta(minutes=2)
        assert actions.reap(at=now, lease=LEASE) == 1
    assert state_of(job_id) == "failed"
    assert queries.jobs_in_state("failed")[0].error_name == "WorkerGone"


def test_a_job_that_is_handed_back_loses_no_attempt(worker):
    enqueue()
    job = actions.take_next_job(worker_id=worker, at=NOW)
    assert actions.hand_back_job(job)
    assert actions.take_next_job(worker_id=worker, at=NOW).attempts == 1


def test_workers_of_a_dead_process_here_are_dismissed_and_others_are_not(worker):
    actions.enlist_worker(worker_id="w2", host="here", pid=2, at=NOW)
    actions.enlist_worker(worker_id="w3", host="elsewhere", pid=2, at=NOW)
    assert queries.pids_of_workers(host="here", is_alive=lambda pid: pid == 1) == {1}
    assert actions.dismiss_dead_workers(host="here", living_pids={1}) == 1
    assert set(Worker.objects.values_list("id", flat=True)) == {"w1", "w3"}


def test_retrying_puts_failed_jobs_back_with_all_their_attempts_and_is_recorded(worker):
    enqueue()
    enqueue("another")
    job = actions.take_next_job(worker_id=worker, at=NOW)
    actions.fail_job(job, at=NOW, error="some.Error", where="", is_final=True)
    actions.retry_job(job_id=job.id, by=OPERATOR, at=NOW)
    assert state_of(job.id) == "waiting"
    assert DBTaskResult.objects.get(id=job.id).worker_ids == []
    entry = Entry.objects.get()
    assert (entry.act, entry.object_id, entry.actor) == ("operation.retry_job", job.id, OPERATOR.id)
    assert change_of(entry).after["job"] == "add_line"


def test_a_job_that_has_not_failed_cannot_be_retried():
    with pytest.raises(actions.NoSuchJobError):
        actions.retry_job(job_id=enqueue(), by=OPERATOR, at=NOW)
    assert not Entry.objects.exists()


def test_all_failed_jobs_are_retried_at_once(worker):
    for _ in range(3):
        enqueue()
        job = actions.take_next_job(worker_id=worker, at=NOW)
        actions.fail_job(job, at=NOW, error="some.Error", where="", is_final=True)
    enqueue()
    assert actions.retry_failed_jobs(by=OPERATOR, at=NOW) == 3
    assert queries.queue_state(now=NOW).failed == 0
    assert queries.queue_state(now=NOW).waiting == 4
    assert verify().is_whole


def test_the_state_of_the_queue_counts_each_job_once(worker):
    for _ in range(4):
        enqueue()
    actions.finish_job(actions.take_next_job(worker_id=worker, at=NOW), at=NOW)
    failing = actions.take_next_job(worker_id=worker, at=NOW)
    actions.fail_job(failing, at=NOW, error="some.Error", where="")
    actions.take_next_job(worker_id=worker, at=NOW)
    state = queries.queue_state(now=NOW)
    assert (state.waiting, state.delayed, state.running, state.done_last_day, state.failed) == (
        1, 1, 1, 1, 0,
    )  # fmt: skip
    assert queries.queue_state(now=NOW + timedelta(days=2)).done_last_day == 0


def test_a_due_time_is_enqueued_once_whoever_asks():
    hourly = Schedule("hourly", "tests.ops.some_jobs.count_once", every=timedelta(hours=1))
    for seconds in (0, 1, 3599):
        names = actions.enqueue_due(
            schedules=(hourly,), at=NOW + timedelta(seconds=seconds), zone=UTC
        )
        assert names == (["hourly"] if seconds == 0 else [])
    assert actions.enqueue_due(schedules=(hourly,), at=NOW + timedelta(hours=1), zone=UTC)
    assert DBTaskResult.objects.count() == ScheduledRun.objects.count() == 2


def test_old_jobs_are_pruned_and_failed_ones_are_kept_longer(worker):
    week, quarter = timedelta(days=7), timedelta(days=90)
    enqueue()
    actions.finish_job(actions.take_next_job(worker_id=worker, at=NOW), at=NOW)
    enqueue()
    job = actions.take_next_job(worker_id=worker, at=NOW)
    actions.fail_job(job, at=NOW, error="some.Error", where="", is_final=True)
    enqueue()

    def prune(after: timedelta) -> int:
        return actions.prune_queue(
            at=NOW + after, done_kept=week, failed_kept=quarter, runs_kept=week
        )

    assert [prune(week), prune(timedelta(days=8)), prune(quarter)] == [0, 1, 0]
    assert prune(timedelta(days=91)) == 1
    assert queries.queue_state(now=NOW).waiting == 1


def test_a_backup_is_noted_with_its_trail():
    actions.note_backup(
        file_name="monday.tar.gz", size=5, trail_count=7, trail_head="ab", by=OPERATOR, at=NOW
    )
    assert queries.latest_backup().file_name == "monday.tar.gz"
    assert Entry.objects.get().act == "operation.make_backup"
