"""The worker is killed, stopped, left alone: no job is lost, and none is done twice by halves."""

import json
import os
import random
import signal
from pathlib import Path

import pytest

from tests.ops.conftest import Installation, until

pytestmark = pytest.mark.faults


def enqueue(installation: Installation, *calls: str) -> None:
    installation.python(
        "from tests.ops import some_jobs\n" + "\n".join(f"some_jobs.{call}" for call in calls)
    )


def rows(installation: Installation) -> list[tuple[str, int, str, str]]:
    """Of each job of these tests: status, attempts, where it failed, with which error."""
    found = installation.sql(
        "SELECT status, worker_ids, traceback, exception_class_path "
        "FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%some_jobs%'"
    )
    return [
        (status, len(json.loads(ids) if isinstance(ids, str) else ids), where, error)
        for status, ids, where, error in found
    ]


def marks(folder: Path, pattern: str) -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


def test_a_job_whose_worker_is_killed_is_done_by_the_next(any_installation, tmp_path):
    quick = [f"leave_mark.enqueue(folder={str(tmp_path)!r}, name='q{n}')" for n in range(5)]
    slow = f"leave_mark.enqueue(folder={str(tmp_path)!r}, name='slow', seconds=4)"
    enqueue(any_installation, slow, *quick)
    first = any_installation.start("worker")
    until(lambda: marks(tmp_path, "slow.begun-*"), what="the slow job has begun")
    first.kill()
    first.wait()
    assert not marks(tmp_path, "slow.done")
    any_installation.run("worker", "--until-empty")
    assert len(marks(tmp_path, "slow.begun-*")) == 2
    assert len(marks(tmp_path, "*.done")) == 6
    outcomes = rows(any_installation)
    assert {status for status, *_ in outcomes} == {"SUCCESSFUL"}
    assert sorted(attempts for _, attempts, *_ in outcomes) == [1, 1, 1, 1, 1, 2]


def test_the_job_of_a_worker_on_a_machine_that_vanished_is_done_when_its_lease_ends(
    installation, tmp_path
):
    enqueue(installation, f"leave_mark.enqueue(folder={str(tmp_path)!r}, name='j', seconds=2)")
    first = installation.start("worker")
    until(lambda: marks(tmp_path, "j.begun-*"), what="the job has begun")
    first.kill()
    first.wait()
    installation.sql("UPDATE operation_worker SET host = 'another machine'")
    installation.start("worker")
    until(lambda: marks(tmp_path, "j.done"), what="the job is done")
    assert len(marks(tmp_path, "j.begun-*")) == 2


def test_nothing_is_lost_when_workers_are_killed_again_and_again(any_installation, tmp_path):
    count, kills, rng = 40, 4, random.Random(20260301)
    enqueue(
        any_installation,
        *(f"leave_mark.enqueue(folder={str(tmp_path)!r}, name='j{n}', seconds=0.03)"
          for n in range(count)),
    )  # fmt: skip
    killed = set()
    for number in range(kills):
        worker = any_installation.start("worker")
        wanted = (number + 1) * count // (kills + 2) + rng.randrange(3)
        until(lambda w=wanted: len(marks(tmp_path, "*.done")) >= w, what=f"{wanted} are done")
        worker.kill()
        worker.wait()
        killed.add(worker.pid)
    any_installation.run("worker", "--until-empty")
    assert len(marks(tmp_path, "*.done")) == count
    assert {status for status, *_ in rows(any_installation)} == {"SUCCESSFUL"}
    served = {int(name.rsplit("-", 1)[1]) for name in marks(tmp_path, "*.begun-*")}
    assert killed <= served, "a killed worker had not been at work: the test proves nothing"


def test_a_job_in_one_transaction_has_its_effect_once_though_its_worker_is_killed(
    any_installation, tmp_path
):
    enqueue(
        any_installation,
        f"create_network.enqueue(slug='once', seconds=3, folder={str(tmp_path)!r})",
    )
    worker = any_installation.start("worker")
    until(lambda: marks(tmp_path, "once.begun-*"), what="the row is written")
    worker.kill()
    worker.wait()
    count = "SELECT count(*) FROM people_network"
    assert any_installation.sql(count) == [(0,)]
    any_installation.run("worker", "--until-empty")
    assert any_installation.sql(count) == [(1,)]
    assert [row[:2] for row in rows(any_installation)] == [("SUCCESSFUL", 2)]


def test_a_worker_that_is_told_to_stop_hands_back_the_job_in_hand(installation, tmp_path):
    enqueue(installation, f"leave_mark.enqueue(folder={str(tmp_path)!r}, name='long', seconds=600)")
    worker = installation.start("worker")
    until(lambda: marks(tmp_path, "long.begun-*"), what="the job has begun")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
    assert [row[:2] for row in rows(installation)] == [("READY", 0)]
    assert installation.sql("SELECT count(*) FROM operation_worker") == [(0,)]


def test_an_idle_worker_stops_when_it_is_told(installation):
    worker = installation.start("worker")
    alive = "SELECT count(*) FROM operation_worker"
    until(lambda: installation.sql(alive) == [(1,)], what="the worker is there")
    worker.send_signal(signal.SIGINT)
    assert worker.wait(timeout=60) == 0


def test_a_worker_whose_server_is_gone_stops_by_itself(installation):
    worker = installation.start("worker", "--beside", str(os.getpid() + 1))
    assert worker.wait(timeout=60) == 0


def test_a_job_that_runs_for_ever_is_stopped(installation):
    installation.extra["KRAFTSAMLING_JOB_TIME_LIMIT_SECONDS"] = "1"
    enqueue(installation, "run_for_ever.enqueue()")
    installation.run("worker", "--until-empty")
    ((status, attempts, where, error),) = rows(installation)
    assert (status, attempts, error.rsplit(".", 1)[-1]) == ("READY", 1, "TimeLimitError")
    assert "some_jobs.py" in where


def test_an_error_shows_where_it_arose_and_never_what_it_said(installation):
    enqueue(
        installation,
        "fail_with.enqueue(text='anna.andersson@example.se is unknown')",
        "give_up.enqueue(text='The register is closed.')",
    )
    finished = installation.run("worker", "--until-empty")
    assert "anna" not in finished.stderr + finished.stdout
    by_error = {row[3].rsplit(".", 1)[-1]: row for row in rows(installation)}
    assert by_error["RuntimeError"][0] == "READY"
    assert "anna" not in by_error["RuntimeError"][2]
    assert "tests/ops/some_jobs.py" in by_error["RuntimeError"][2] or (
        "some_jobs.py" in by_error["RuntimeError"][2]
    )
    assert by_error["GiveUpError"][0] == "FAILED"
    assert by_error["GiveUpError"][2].startswith("The register is closed.")
    (failed,) = installation.json("jobs", "list")
    assert failed["name"] == "give_up"
    assert installation.json("jobs", "retry", failed["id"]) == {"retried": 1}
