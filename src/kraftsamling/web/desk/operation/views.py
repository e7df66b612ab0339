"""The operator's page: is all well, what waits, what failed, and once more."""

import platform
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import django
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kraftsamling import __version__
from kraftsamling.operation import checks, queries
from kraftsamling.operation.actions import NoSuchJobError, retry_failed_jobs, retry_job
from kraftsamling.people.permissions import Permission
from kraftsamling.web.desk.operation.words import finding_words, job_words
from kraftsamling.web.requests import actor_in, moment, standing_in

_SHOWN = 50


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    _require(request, Permission.OPERATION_READ)
    now, lease = moment(), timedelta(seconds=settings.JOB_LEASE_SECONDS)
    queue = queries.queue_state(now=now)
    workers = len(queries.living_workers(now=now, lease=lease))
    findings = [
        checks.check_queue(queue=queue, workers=workers),
        checks.check_backup(now=now),
        checks.check_storage(data_dir=Path(settings.DATA_DIR)),
        checks.check_database(),
        checks.check_durability(),
        checks.check_migrations(),
        checks.check_mail(is_sent="smtp" in settings.MAIL_DELIVERY_BACKEND, is_demo=settings.DEMO),
    ]
    context = {
        "queue": queue,
        "findings": [finding_words(finding) for finding in findings],
        "troubles": [
            finding_words(finding) for finding in findings if finding.state != checks.State.GOOD
        ],
        "failed": [job_words(job) for job in queries.jobs_in_state("failed", limit=_SHOWN)],
        "running": [job_words(job) for job in queries.jobs_in_state("running", limit=_SHOWN)],
        "delayed": _waiting_for_another_try(),
        "shown": _SHOWN,
        "versions": _versions(findings),
        "may_manage": standing_in(request).may_everywhere(Permission.OPERATION_MANAGE),
        "now": now,
    }
    return render(request, "desk/operation/overview.html", context)


@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    _require(request, Permission.OPERATION_MANAGE)
    try:
        retry_job(job_id=str(job_id), by=actor_in(request), at=moment())
    except NoSuchJobError:
        messages.info(request, _("Jobbet finns inte kvar bland de misslyckade."))
    else:
        messages.success(request, _("Jobbet är tillbaka i kön."))
    return redirect("desk:operation:overview")


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    _require(request, Permission.OPERATION_MANAGE)
    count = retry_failed_jobs(by=actor_in(request), at=moment())
    text = ngettext("%(count)s jobb är tillbaka i kön.", "%(count)s jobb är tillbaka i kön.", count)
    messages.success(request, text % {"count": count})
    return redirect("desk:operation:overview")


def _require(request: HttpRequest, permission: Permission) -> None:
    """The queue holds the whole city's jobs: a permission in one organisation is not enough."""
    if not standing_in(request).may_everywhere(permission):
        raise PermissionDenied


def _waiting_for_another_try() -> list[dict[str, object]]:
    waiting = queries.jobs_in_state("waiting", limit=_SHOWN)
    return [job_words(job) for job in waiting if job.error]


def _versions(findings: list[checks.Finding]) -> list[tuple[str, str]]:
    database = next((f for f in findings if f.code.startswith("database.")), None)
    names = {"database.sqlite": "SQLite", "database.postgresql": "PostgreSQL"}
    versions = [
        ("Kraftsamling", __version__),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
    ]
    if database and database.code in names:
        versions.append((names[database.code], str(database.figures["version"])))
    return versions
