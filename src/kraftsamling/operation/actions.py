"""Every write to the queue and to what the installation knows about itself.

A job that a worker holds is named by (id, started_at): each taking has its own start, so a worker
that lost its lease and wakes up later cannot overwrite what the next one did.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max

from kraftsamling.kit.actor import Actor
from kraftsamling.operation.models import Backup, ScheduledRun, Worker
from kraftsamling.operation.rules import (
    MAX_ATTEMPTS,
    RunningJob,
    Schedule,
    abandoned,
    delay_after,
    latest_due,
    may_try_again,
)
from kraftsamling.trail.actions import record

BACKEND = "default"
WORKER_GONE = "kraftsamling.operation.WorkerGone"


class NoSuchJobError(LookupError):
    """There is no failed job with this id; perhaps it was retried a moment ago."""


@dataclass(frozen=True)
class TakenJob:
    """A job that a worker holds, and how often it has been tried, this time included."""

    id: str
    started_at: datetime
    attempts: int
    path: str
    row: "DBTaskResult[..., Any]"


# --- Workers ---------------------------------------------------------------------------------


def enlist_worker(*, worker_id: str, host: str, pid: int, at: datetime) -> None:
    """Note that a worker lives, before it takes its first job."""
    Worker.objects.create(id=worker_id, host=host[:120], pid=pid, started_at=at, seen_at=at)


def note_beat(*, worker_id: str, at: datetime) -> bool:
    """Renew a worker's lease. False: others took it for gone, its jobs may be theirs by now."""
    return bool(Worker.objects.filter(id=worker_id).update(seen_at=at))


def dismiss_worker(*, worker_id: str) -> None:
    Worker.objects.filter(id=worker_id).delete()


def dismiss_dead_workers(*, host: str, living_pids: set[int]) -> int:
    """Remove workers of this host whose process is no more: their jobs need not wait."""
    dead = Worker.objects.filter(host=host).exclude(pid__in=living_pids)
    return dead.delete()[0]


# --- Jobs as a worker sees them --------------------------------------------------------------


def take_next_job(*, worker_id: str, at: datetime) -> TakenJob | None:
    """Take the most urgent job that is due, for this worker alone."""
    due = DBTaskResult.objects.filter(
        Q(run_after=get_date_max()) | Q(run_after__lte=at),
        status=TaskResultStatus.READY,
        backend_name=BACKEND,
    )
    # Looking first: on SQLite every transaction takes the one write lock, and workers ask often.
    if not due.exists():
        return None
    with transaction.atomic():
        row = due.get_locked()
        if row is None:
            return None
        row.status = TaskResultStatus.RUNNING
        row.started_at = at
        row.worker_ids = [*row.worker_ids, worker_id]
        row.save(update_fields=["status", "started_at", "worker_ids"])
    return TakenJob(str(row.id), at, len(row.worker_ids), row.task_path, row)


def finish_job(job: TakenJob, *, at: datetime, return_value: Any = None) -> bool:
    """Note success. False when the lease was lost meanwhile: the outcome is then not ours.

    The arguments are erased: they may hold an address or a sign-in link, and have served.
    """
    return _close(
        job,
        status=TaskResultStatus.SUCCESSFUL,
        finished_at=at,
        return_value=normalize_json(return_value),
        args_kwargs={"args": [], "kwargs": {}},
        exception_class_path="",
        traceback="",
    )


def fail_job(
    job: TakenJob,
    *,
    at: datetime,
    error: str,
    where: str,
    is_final: bool = False,
    max_attempts: int = MAX_ATTEMPTS,
    rng: random.Random | None = None,
) -> bool:
    """Note a failure: the job returns to the queue after a while, or has failed for good.

    `error` is the exception's name and `where` where it arose; neither may quote the job's data.
    """
    outcome: dict[str, Any] = {"exception_class_path": error, "traceback": where}
    if is_final or not may_try_again(job.attempts, max_attempts=max_attempts):
        return _close(job, status=TaskResultStatus.FAILED, finished_at=at, **outcome)
    return _close(
        job,
        status=TaskResultStatus.READY,
        run_after=at + delay_after(job.attempts, rng=rng),
        **outcome,
    )


def hand_back_job(job: TakenJob) -> bool:
    """Return a job that its worker could not finish before it had to stop: no attempt is lost."""
    return _close(job, status=TaskResultStatus.READY, worker_ids=job.row.worker_ids[:-1])


def _close(job: TakenJob, **outcome: Any) -> bool:
    held = DBTaskResult.objects.filter(
        id=job.id, status=TaskResultStatus.RUNNING, started_at=job.started_at
    )
    return held.update(**outcome) == 1


# --- The reaper ------------------------------------------------------------------------------


def reap(*, at: datetime, lease: timedelta, max_attempts: int = MAX_ATTEMPTS) -> int:
    """Return the jobs of workers that are gone to the queue; how many there were.

    A job whose workers vanished on every attempt has failed: it may be what kills them.
    """
    with transaction.atomic():
        # Beats are read after the jobs: a worker that takes a job now is seen as alive.
        running = {
            str(job_id): (RunningJob(str(job_id), ids[-1] if ids else "", started_at), len(ids))
            for job_id, ids, started_at in DBTaskResult.objects.running().values_list(
                "id", "worker_ids", "started_at"
            )
            if started_at is not None
        }
        seen = dict(Worker.objects.values_list("id", "seen_at"))
        jobs = abandoned((job for job, _ in running.values()), seen, now=at, lease=lease)
        for job in jobs:
            _return_abandoned(job, attempts=running[job.id][1], at=at, max_attempts=max_attempts)
        Worker.objects.filter(seen_at__lt=at - lease).delete()
    return len(jobs)


def _return_abandoned(job: RunningJob, *, attempts: int, at: datetime, max_attempts: int) -> None:
    held = DBTaskResult.objects.filter(
        id=job.id, status=TaskResultStatus.RUNNING, started_at=job.started_at
    )
    if may_try_again(attempts, max_attempts=max_attempts):
        held.update(status=TaskResultStatus.READY, run_after=at)
    else:
        held.update(
            status=TaskResultStatus.FAILED,
            finished_at=at,
            exception_class_path=WORKER_GONE,
            traceback="",
        )


# --- Scheduled jobs --------------------------------------------------------------------------


def enqueue_due(*, schedules: Sequence[Schedule], at: datetime, zone: tzinfo) -> list[str]:
    """Enqueue what has become due, each due time once however many workers ask; their names."""
    due = {schedule: latest_due(schedule, now=at, zone=zone) for schedule in schedules}
    taken = set(ScheduledRun.objects.filter(due_at__in=due.values()).values_list("name", "due_at"))
    return [
        schedule.name
        for schedule, due_at in due.items()
        if (schedule.name, due_at) not in taken and _enqueue_once(schedule, due_at=due_at, at=at)
    ]


def _enqueue_once(schedule: Schedule, *, due_at: datetime, at: datetime) -> bool:
    with transaction.atomic():
        _, is_first = ScheduledRun.objects.get_or_create(
            name=schedule.name, due_at=due_at, defaults={"enqueued_at": at}
        )
        if is_first:
            import_string(schedule.job).enqueue()
    return is_first


# --- What an operator does -------------------------------------------------------------------


def retry_job(*, job_id: str, by: Actor, at: datetime) -> None:
    """Put a failed job back in the queue with a fresh count of attempts.

    Raises NoSuchJobError where no failed job has this id.
    """
    if not _retry(DBTaskResult.objects.filter(id=job_id), by=by, at=at):
        raise NoSuchJobError(job_id)


def retry_failed_jobs(*, by: Actor, at: datetime) -> int:
    """Put all failed jobs back in the queue; how many."""
    return _retry(DBTaskResult.objects.all(), by=by, at=at)


def _retry(jobs: Any, *, by: Actor, at: datetime) -> int:
    with transaction.atomic():
        failed = list(
            jobs.filter(status=TaskResultStatus.FAILED).select_for_update().only("id", "task_path")
        )
        for job in failed:
            DBTaskResult.objects.filter(id=job.id).update(
                status=TaskResultStatus.READY, run_after=at, worker_ids=[], finished_at=None
            )
            record(
                act="operation.retry_job",
                by=by,
                at=at,
                on=("job", str(job.id)),
                before={"status": "failed"},
                after={"status": "waiting", "job": job.task_path.rsplit(".", 1)[-1]},
            )
    return len(failed)


def note_backup(
    *, file_name: str, size: int, trail_count: int, trail_head: str, by: Actor, at: datetime
) -> Backup:
    """Note that a backup was made and read back."""
    with transaction.atomic():
        backup = Backup.objects.create(
            made_at=at,
            file_name=file_name[:200],
            size=size,
            trail_count=trail_count,
            trail_head=trail_head,
        )
        record(
            act="operation.make_backup",
            by=by,
            at=at,
            on=("backup", str(backup.pk)),
            after={"file_name": backup.file_name, "size": size, "trail_count": trail_count},
        )
    return backup


def note_restore(*, made_at: str, version: str, by: Actor, at: datetime) -> None:
    """Note in the restored history itself that it was restored, and from when."""
    with transaction.atomic():
        record(
            act="operation.restore_backup",
            by=by,
            at=at,
            on=("backup", made_at[:80]),
            after={"made_at": made_at, "version": version},
        )


def prune_queue(
    *, at: datetime, done_kept: timedelta, failed_kept: timedelta, runs_kept: timedelta
) -> int:
    """Remove finished jobs, and marks of scheduled runs, older than they are kept; how many."""
    jobs = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=at - done_kept)
        | Q(status=TaskResultStatus.FAILED, finished_at__lt=at - failed_kept)
    )
    runs = ScheduledRun.objects.filter(due_at__lt=at - runs_kept)
    with transaction.atomic():
        return jobs.delete()[0] + runs.delete()[0]
