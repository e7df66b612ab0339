"""The process that takes jobs: one at a time, until it is told to stop.

Why not the worker that comes with django_tasks_db: there, a job whose worker is killed stays
running for ever, and one that fails is not tried again. See docs/adr/0005-jobs.md.
"""

import logging
import os
import random
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from traceback import extract_tb
from types import FrameType
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction
from django_tasks import TaskContext

from kraftsamling.operation import actions, queries
from kraftsamling.operation.rules import GiveUpError, Schedule, time_between_beats

logger = logging.getLogger("kraftsamling.jobs")

STOP_GRACE = timedelta(seconds=2)
_FRAMES_SHOWN = 6
_PAUSE = timedelta(seconds=2)  # when the database does not answer
IN_ONE_TRANSACTION = "runs_in_one_transaction"


class TimeLimitError(Exception):
    """A job ran longer than a job may."""


class StopNowError(BaseException):
    """The worker has to stop, and the job in hand did not end in time."""


class LeaseLostError(Exception):
    """Another worker has taken the job over: what this one did is rolled back."""


def in_one_transaction(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a job that only writes to our database: its writes and its being done are one commit.

    Such a job has its effect exactly once. Place it under `@task`. Not for long jobs: on SQLite
    nobody else writes meanwhile.
    """
    setattr(function, IN_ONE_TRANSACTION, True)
    return function


@dataclass(frozen=True)
class Pace:
    """How long things may take."""

    lease: timedelta
    time_limit: timedelta
    poll: timedelta = timedelta(seconds=1)


class JobWorker:
    """Takes and runs jobs. `run` MUST be called in the main thread, for the sake of signals."""

    def __init__(
        self,
        *,
        pace: Pace,
        schedules: Sequence[Schedule],
        zone: tzinfo,
        clock: Callable[[], datetime],
        rng: random.Random,
        parent_pid: int | None = None,
    ) -> None:
        self.id = uuid.uuid4().hex
        self.pace = pace
        self.schedules = schedules
        self.zone = zone
        self.clock = clock
        self.rng = rng
        self.parent_pid = parent_pid
        self._wake = threading.Event()
        self._is_stopping = False
        self._is_running_job = False
        self._next_round: datetime | None = None

    def run(self, *, until_empty: bool = False) -> int:
        """Take jobs until a signal comes, or (`until_empty`) none is due; how many were run."""
        host = host_name()
        self._listen_to_signals()
        actions.dismiss_dead_workers(
            host=host, living_pids=queries.pids_of_workers(host=host, is_alive=_is_alive)
        )
        actions.enlist_worker(worker_id=self.id, host=host, pid=os.getpid(), at=self.clock())
        done = 0
        with self._heart():
            while not self._should_stop():
                ran = self._take_turn()
                done += ran is True
                if until_empty and ran is False:
                    break
                if not ran:
                    self._wake.wait((self.pace.poll if ran is False else _PAUSE).total_seconds())
        with suppress(DatabaseError):  # else the lease runs out
            actions.dismiss_worker(worker_id=self.id)
        return done

    def _take_turn(self) -> bool | None:
        """Whether a job was run; None when the database did not answer."""
        close_old_connections()
        try:
            self._go_the_rounds()
            job = actions.take_next_job(worker_id=self.id, at=self.clock())
            if job is None:
                return False
            self._run_job(job)
        except DatabaseError as error:
            logger.warning("The database did not answer (%s); trying again.", type(error).__name__)
            connection.close()
            return None
        return True

    def _go_the_rounds(self) -> None:
        """At each beat: return what dead workers left, enqueue what has become due."""
        now = self.clock()
        if self._next_round is not None and now < self._next_round:
            return
        self._next_round = now + time_between_beats(self.pace.lease)
        reaped = actions.reap(at=now, lease=self.pace.lease)
        if reaped:
            logger.warning("%d job(s) of workers that are gone were returned to the queue.", reaped)
        actions.enqueue_due(schedules=self.schedules, at=now, zone=self.zone)

    def _run_job(self, job: actions.TakenJob) -> None:
        try:
            with self._time_limit():
                call, is_whole = _prepare(job)
                if is_whole:
                    with transaction.atomic():
                        self._finish(job, call())
                    return
                value = call()
            self._until_noted(lambda: self._finish(job, value))
        except StopNowError:
            self._until_noted(lambda: actions.hand_back_job(job))
        except LeaseLostError:
            logger.warning("Job %s was taken over by another worker.", job.id)
        except Exception as error:
            self._note_failure(job, error)

    def _finish(self, job: actions.TakenJob, value: Any) -> None:
        if not actions.finish_job(job, at=self.clock(), return_value=value):
            raise LeaseLostError

    def _note_failure(self, job: actions.TakenJob, error: Exception) -> None:
        name = f"{type(error).__module__}.{type(error).__qualname__}"
        where = describe_error(error)
        logger.warning("Job %s (%s) failed, attempt %d: %s", job.id, job.path, job.attempts, name)
        self._until_noted(
            lambda: actions.fail_job(
                job,
                at=self.clock(),
                error=name,
                where=where,
                is_final=isinstance(error, GiveUpError),
                rng=self.rng,
            )
        )

    def _until_noted(self, note: Callable[[], object]) -> None:
        """Note an outcome, through an outage of the database: a job that nobody notes would be
        held by a living worker for ever."""
        while True:
            try:
                note()
                return
            except DatabaseError as error:
                logger.warning("An outcome waits for the database (%s).", type(error).__name__)
                connection.close()
                if self._is_stopping:
                    return
                self._wake.wait(_PAUSE.total_seconds())

    # --- Time and signals --------------------------------------------------------------------

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        self._is_running_job = True
        signal.setitimer(signal.ITIMER_REAL, self.pace.time_limit.total_seconds())
        if self._is_stopping:  # the signal came between taking and starting
            signal.setitimer(signal.ITIMER_REAL, STOP_GRACE.total_seconds())
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._is_running_job = False

    def _listen_to_signals(self) -> None:
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGALRM, self._on_alarm)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True
        self._wake.set()
        if self._is_running_job:
            signal.setitimer(signal.ITIMER_REAL, STOP_GRACE.total_seconds())

    def _on_alarm(self, number: int, frame: FrameType | None) -> None:
        if self._is_stopping:
            raise StopNowError
        raise TimeLimitError

    def _should_stop(self) -> bool:
        is_orphan = self.parent_pid is not None and os.getppid() != self.parent_pid
        return self._is_stopping or is_orphan

    @contextmanager
    def _heart(self) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._beat_until, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=5)

    def _beat_until(self, stop: threading.Event) -> None:
        while not stop.wait(time_between_beats(self.pace.lease).total_seconds()):
            try:
                if not actions.note_beat(worker_id=self.id, at=self.clock()):
                    actions.enlist_worker(
                        worker_id=self.id, host=host_name(), pid=os.getpid(), at=self.clock()
                    )
            except DatabaseError as error:
                logger.warning("A beat was lost (%s).", type(error).__name__)
                connection.close()
        connection.close()


def _prepare(job: actions.TakenJob) -> tuple[Callable[[], Any], bool]:
    """The job as a call without arguments, and whether it wants one transaction."""
    task = job.row.task
    arguments = job.row.args_kwargs
    result: Any = job.row.task_result
    given = [TaskContext(task_result=result)] if task.takes_context else []
    return (
        lambda: task.call(*given, *arguments["args"], **arguments["kwargs"]),
        getattr(task.func, IN_ONE_TRANSACTION, False),
    )


def describe_error(error: Exception) -> str:
    """Where an error arose, without its text or any values: those may name somebody.

    The text of a GiveUpError is written for operators, and is kept.
    """
    frames = extract_tb(error.__traceback__)[-_FRAMES_SHOWN:]
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([str(error), *places] if isinstance(error, GiveUpError) else places)


def _short(filename: str) -> str:
    """The path from the package on: 'kraftsamling/ops/jobs/mail.py'."""
    for mark in ("/site-packages/", "/src/"):
        _, found, rest = filename.rpartition(mark)
        if found:
            return rest
    return Path(filename).name


def host_name() -> str:
    """This machine, or this container of it: process ids mean something only within."""
    try:
        space = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{space}" if space else socket.gethostname()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
