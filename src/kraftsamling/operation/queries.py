"""Reading the queue and the installation's state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from kraftsamling.operation.models import Backup, Worker
from kraftsamling.operation.rules import is_gone

DAY = timedelta(days=1)


@dataclass(frozen=True)
class QueueState:
    """How many jobs are in which state, and since when the oldest due one has waited."""

    waiting: int
    delayed: int
    running: int
    done_last_day: int
    failed: int
    oldest_waiting_since: datetime | None


def queue_state(*, now: datetime) -> QueueState:
    is_due = Q(status=TaskResultStatus.READY) & (
        Q(run_after__lte=now) | Q(run_after=get_date_max())
    )
    is_done = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__gte=now - DAY)
    counts = DBTaskResult.objects.aggregate(
        waiting=Count("id", filter=is_due),
        ready=Count("id", filter=Q(status=TaskResultStatus.READY)),
        running=Count("id", filter=Q(status=TaskResultStatus.RUNNING)),
        done=Count("id", filter=is_done),
        failed=Count("id", filter=Q(status=TaskResultStatus.FAILED)),
        oldest=Min("enqueued_at", filter=is_due),
    )
    return QueueState(
        waiting=counts["waiting"],
        delayed=counts["ready"] - counts["waiting"],
        running=counts["running"],
        done_last_day=counts["done"],
        failed=counts["failed"],
        oldest_waiting_since=counts["oldest"],
    )


@dataclass(frozen=True)
class Job:
    """A job as operators see it: no arguments, and no text that could quote them."""

    id: str
    path: str
    status: str
    enqueued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    next_at: datetime | None
    attempts: int
    error: str
    where: str

    @property
    def name(self) -> str:
        """The function's own name: 'send_mail'."""
        return self.path.rsplit(".", 1)[-1]

    @property
    def error_name(self) -> str:
        """The exception's own name: 'SMTPServerDisconnected'."""
        return self.error.rsplit(".", 1)[-1]


STATES: dict[str, str] = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
}
_STATE_OF = {status: state for state, status in STATES.items()}


def jobs_in_state(state: str, *, limit: int = 50) -> list[Job]:
    """Jobs in one of STATES, the latest first (of the waiting: the next first)."""
    found = DBTaskResult.objects.filter(status=STATES[state]).defer("args_kwargs", "return_value")
    if state == "running":
        found = found.order_by("-started_at")
    elif state != "waiting":
        found = found.order_by("-finished_at")
    return [_to_job(row) for row in found[:limit]]


def _to_job(row: "DBTaskResult[..., Any]") -> Job:
    is_waiting = row.status == TaskResultStatus.READY
    has_time = row.run_after is not None and row.run_after != get_date_max()
    return Job(
        id=str(row.id),
        path=row.task_path,
        status=_STATE_OF[row.status],
        enqueued_at=row.enqueued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        next_at=row.run_after if is_waiting and has_time else None,
        attempts=len(row.worker_ids),
        error=row.exception_class_path,
        where=row.traceback,
    )


@dataclass(frozen=True)
class LivingWorker:
    host: str
    pid: int
    started_at: datetime
    seen_at: datetime


def living_workers(*, now: datetime, lease: timedelta) -> list[LivingWorker]:
    """The workers that have shown themselves within their lease."""
    return [
        LivingWorker(worker.host, worker.pid, worker.started_at, worker.seen_at)
        for worker in Worker.objects.all()
        if not is_gone(worker.seen_at, now=now, lease=lease)
    ]


def pids_of_workers(*, host: str, is_alive: Callable[[int], bool]) -> set[int]:
    """Of the workers noted on this host, the process ids that `is_alive` says yes to."""
    pids = Worker.objects.filter(host=host).values_list("pid", flat=True)
    return {pid for pid in pids if is_alive(pid)}


def latest_backup() -> Backup | None:
    return Backup.objects.first()
