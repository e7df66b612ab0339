"""The operator's page: who gets in, what it tells, what it keeps to itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from kraftsamling.kit.actor import system_actor
from kraftsamling.operation import actions
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.trail.models import Entry
from tests.factories import MembershipFactory, PersonFactory, RoleFactory, person_with
from tests.ops.some_jobs import add_line

pytestmark = pytest.mark.django_db
PAGE = "/desk/operation/"


@pytest.fixture
def operator(client):
    person = person_with("operator")
    client.force_login(person)
    return person


def fail_a_job(text: str = "anna.andersson@example.se", error: str = "some.TimeoutError") -> str:
    now = datetime.now(UTC)
    add_line.enqueue(file="nowhere", text=text)
    job = actions.take_next_job(worker_id="w", at=now)
    actions.fail_job(job, at=now, error=error, where="kraftsamling/x.py:7 f", is_final=True)
    return job.id


@pytest.mark.parametrize("role", ["coordinator", "analyst", "security", "reporter", "member"])
def test_only_operators_get_in(client, role):
    client.force_login(person_with(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("desk:operation:retry-all")).status_code == 403
    address = reverse("desk:operation:retry", args=[fail_a_job()])
    assert client.post(address).status_code == 403


def test_a_permission_in_one_organisation_does_not_open_the_whole_citys_queue(client):
    role = RoleFactory(
        permissions=[Permission.OPERATION_READ, Permission.OPERATION_MANAGE], reach=Reach.OWN
    )
    person = PersonFactory()
    MembershipFactory(person=person, role=role)
    client.force_login(person)
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("desk:operation:retry-all")).status_code == 403


def test_a_calm_queue_says_so(client, operator):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Inget har misslyckats" in page.text


def test_a_failed_job_shows_what_happened_and_never_what_it_carried(client, operator):
    job_id = fail_a_job()
    page = client.get(PAGE).text
    assert "Servern som jobbet behöver svarade inte i tid." in page
    assert "kraftsamling/x.py:7 f" in page
    assert reverse("desk:operation:retry", args=[job_id]) in page
    assert "anna.andersson" not in page


def test_someone_who_may_only_read_sees_no_buttons(client):
    role = RoleFactory(permissions=[Permission.OPERATION_READ], reach=Reach.CITY)
    person = PersonFactory()
    MembershipFactory(person=person, role=role)
    client.force_login(person)
    job_id = fail_a_job()
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "/retry/" not in page.text
    assert client.post(reverse("desk:operation:retry", args=[job_id])).status_code == 403


def test_retrying_puts_the_job_back_and_says_so(client, operator):
    job_id = fail_a_job()
    page = client.post(reverse("desk:operation:retry", args=[job_id]), follow=True)
    assert "Jobbet är tillbaka i kön." in page.text
    assert DBTaskResult.objects.get(id=job_id).status == "READY"
    entry = Entry.objects.get(act="operation.retry_job")
    assert (entry.object_id, entry.actor) == (job_id, operator.as_actor.id)


def test_retrying_twice_tells_that_it_is_gone_from_the_list(client, operator):
    address = reverse("desk:operation:retry", args=[fail_a_job()])
    client.post(address)
    page = client.post(address, follow=True)
    assert "Jobbet finns inte kvar bland de misslyckade." in page.text
    assert Entry.objects.filter(act="operation.retry_job").count() == 1


def test_retrying_all_counts_them(client, operator):
    for _ in range(3):
        fail_a_job()
    page = client.post(reverse("desk:operation:retry-all"), follow=True)
    assert "3 jobb är tillbaka i kön." in page.text
    assert DBTaskResult.objects.filter(status="READY").count() == 3


def test_looking_does_not_retry(client, operator):
    assert client.get(reverse("desk:operation:retry-all")).status_code == 405
    assert client.get(reverse("desk:operation:retry", args=[fail_a_job()])).status_code == 405


def test_the_page_asks_as_much_of_the_database_however_many_jobs_there_are(
    client, operator, django_assert_max_num_queries
):
    for _ in range(30):
        fail_a_job()
    for _ in range(30):
        add_line.enqueue(file="nowhere", text="x")
    client.get(PAGE)
    with django_assert_max_num_queries(18):
        client.get(PAGE)


def test_a_worker_and_a_fresh_backup_make_all_well(client, operator):
    now = datetime.now(UTC)
    assert "Ingen arbetare är i gång" in client.get(PAGE).text
    actions.enlist_worker(worker_id="w", host="here", pid=1, at=now)
    actions.note_backup(
        file_name="x.tar.gz", size=2_000_000, trail_count=0, trail_head="",
        by=system_actor("tests"), at=now - timedelta(hours=1),
    )  # fmt: skip
    page = client.get(PAGE).text
    assert "Ingen arbetare är i gång" not in page
    assert "Ingen har gjorts än" not in page


@pytest.mark.parametrize("is_demo", [True, False])
def test_mail_to_files_is_fine_in_a_demo_alone(client, operator, settings, is_demo):
    settings.DEMO = is_demo
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    page = client.get(PAGE).text
    assert ("I demon skrivs mejl till filer, se /demo/mail." in page) == is_demo
    assert ("Ange KRAFTSAMLING_EMAIL_URL" in page) != is_demo
