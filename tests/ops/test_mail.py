"""Mail leaves after the act is committed, once for each recipient, and waits when it cannot."""

import smtplib
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from kraftsamling.operation import actions, queries
from kraftsamling.ops.jobs.worker import JobWorker, Pace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued(settings):
    settings.EMAIL_BACKEND = "kraftsamling.ops.jobs.mail.QueuedBackend"
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def deliver():
    """Run the queued jobs in this process; signals and the heart are another test's concern."""

    def run(now: datetime | None = None) -> None:
        worker = JobWorker(
            pace=Pace(lease=timedelta(minutes=1), time_limit=timedelta(minutes=1)),
            schedules=(), zone=UTC, clock=lambda: now or datetime.now(UTC), rng=mock.Mock(
                random=lambda: 0.0
            ),
        )  # fmt: skip
        with mock.patch("signal.setitimer"):
            while job := actions.take_next_job(worker_id=worker.id, at=worker.clock()):
                worker._run_job(job)

    return run


def test_mail_waits_for_the_worker(mailoutbox, deliver):
    send_mail("Hej", "Välkommen", "from@demo.example", ["a@demo.example"])
    assert mailoutbox == []
    deliver()
    (mail,) = mailoutbox
    assert (mail.subject, mail.body, mail.to) == ("Hej", "Välkommen", ["a@demo.example"])


def test_an_act_that_is_rolled_back_sends_nothing(mailoutbox, deliver):
    with transaction.atomic():
        send_mail("Hej", "Välkommen", "from@demo.example", ["a@demo.example"])
        transaction.set_rollback(True)
    deliver()
    assert mailoutbox == []


def test_each_recipient_gets_a_copy_of_their_own_that_is_whole(mailoutbox, deliver):
    message = EmailMultiAlternatives(
        "Ämne", "text", "from@demo.example", ["a@demo.example"], bcc=["b@demo.example"],
        reply_to=["svar@demo.example"], headers={"X-Kind": "test"},
    )  # fmt: skip
    message.attach_alternative("<p>html</p>", "text/html")
    message.attach("program.ics", "BEGIN:VCALENDAR", "text/calendar")
    message.send()
    deliver()
    assert [mail.to for mail in mailoutbox] == [["a@demo.example"], ["b@demo.example"]]
    for mail in mailoutbox:
        assert mail.reply_to == ["svar@demo.example"]
        assert mail.extra_headers["X-Kind"] == "test"
        assert [tuple(each) for each in mail.alternatives] == [("<p>html</p>", "text/html")]
        assert mail.attachments[0][:2] == ("program.ics", "BEGIN:VCALENDAR")


def test_a_second_delivery_of_the_same_job_carries_the_same_message_id(mailoutbox, deliver):
    send_mail("Hej", "text", "from@demo.example", ["a@demo.example"])
    kept = DBTaskResult.objects.get().args_kwargs
    deliver()
    DBTaskResult.objects.update(status="READY", args_kwargs=kept)
    deliver()
    first, second = (mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert first == second


def test_what_was_sent_is_not_kept(mailoutbox, deliver):
    send_mail("Hej", "https://demo.example/secret-link", "from@demo.example", ["a@demo.example"])
    deliver()
    assert "secret-link" not in str(DBTaskResult.objects.values())
    assert "a@demo.example" not in str(DBTaskResult.objects.values())


def test_a_server_that_is_away_is_tried_again_later(deliver):
    send_mail("Hej", "text", "from@demo.example", ["a@demo.example"])
    with mock.patch(
        "django.core.mail.backends.locmem.EmailBackend.send_messages",
        side_effect=smtplib.SMTPServerDisconnected("no"),
    ):
        deliver()
    (job,) = queries.jobs_in_state("waiting")
    assert (job.error_name, job.attempts) == ("SMTPServerDisconnected", 1)
    assert job.next_at > datetime.now(UTC) + timedelta(seconds=20)


@pytest.mark.parametrize(("code", "state"), [(450, "waiting"), (550, "failed")])
def test_an_address_that_is_refused_for_good_is_given_up_without_being_named(deliver, code, state):
    send_mail("Hej", "text", "from@demo.example", ["okand@demo.example"])
    refused = smtplib.SMTPRecipientsRefused({"okand@demo.example": (code, b"no okand")})
    with mock.patch(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=refused
    ):
        deliver()
    (job,) = queries.jobs_in_state(state)
    assert "okand" not in job.where + job.error
