"""The jobs that keep the house clean: each is in the schedule by its true name, and runs."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks.base import Task

from kraftsamling.kit.actor import system_actor
from kraftsamling.operation.rules import GiveUpError
from kraftsamling.ops.jobs import upkeep
from kraftsamling.ops.jobs.schedule import SCHEDULES
from kraftsamling.trail.actions import record
from kraftsamling.web.desk.operation.words import _JOBS
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.name)
def test_what_is_scheduled_is_a_job_that_runs_twice_and_has_a_name(schedule):
    job = import_string(schedule.job)
    assert isinstance(job, Task)
    if job.func is not upkeep.tend_database.func:  # that one cannot be run within a transaction
        job.call()
        job.call()
    assert job.name in _JOBS


def test_schedules_have_names_of_their_own():
    names = [schedule.name for schedule in SCHEDULES]
    assert len(set(names)) == len(names)


def test_expired_sessions_go_and_current_ones_stay(client):
    person = PersonFactory()
    client.force_login(person)
    kept = client.session.session_key
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(days=1))
    for key in ("old", kept):
        UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1", user_agent="x")
    upkeep.clear_sessions.call()
    assert set(Session.objects.values_list("session_key", flat=True)) == {kept}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {kept}


def test_a_broken_trail_makes_the_nightly_check_fail_by_name():
    with transaction.atomic():
        record(act="t.t", by=system_actor("t"), at=NOW, on=("t", "1"))
        record(act="t.t", by=system_actor("t"), at=NOW, on=("t", "2"))
    assert upkeep.verify_trail.call() == 2
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_entry SET actor = 'x' WHERE number = 2")
    with pytest.raises(GiveUpError, match="broken at entry 2"):
        upkeep.verify_trail.call()
