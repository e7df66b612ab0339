"""The installation's findings in words, for the command line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError

from kraftsamling.operation import checks
from kraftsamling.operation.checks import Finding, State
from kraftsamling.operation.queries import living_workers, queue_state

_WORDS = {
    "settings.good": "Settings: they can be used.",
    "settings.demo": "Settings: this is a demo city; its incidents are synthetic.",
    "settings.wrong": "Settings: {error}",
    "settings.plain_http": (
        "Settings: KRAFTSAMLING_BASE_URL is {url}. Others than you need https: sign-in links and "
        "sessions travel in the clear."
    ),
    "database.sqlite": "Database: SQLite {version} answers.",
    "database.postgresql": "Database: PostgreSQL {version} answers.",
    "database.silent": (
        "Database: no answer ({error}). Check KRAFTSAMLING_DATABASE_URL, and that it runs."
    ),
    "sqlite.new_enough": "SQLite library: {version} (at least {oldest} is needed).",
    "sqlite.too_old": (
        "SQLite library: {version} is too old, at least {oldest} with JSON is needed. It comes "
        "with Python: use a newer system, or PostgreSQL."
    ),
    "durability.safe": "Durability: a committed change is on disk ({setting}).",
    "durability.unsafe": (
        "Durability: {setting}: a power cut can lose what was confirmed. Set synchronous_commit "
        "to on."
    ),
    "migrations.applied": "Tables: up to date.",
    "migrations.waiting": "Tables: {count} migrations wait. Run: kraftsamling migrate",
    "storage.good": "Storage: {path} is writable, the disk is {percent} % full.",
    "storage.filling": "Storage: the disk of {path} is {percent} % full. Make room.",
    "storage.not_writable": "Storage: cannot write in {path}: {error}.",
    "queue.good": "Jobs: {workers} worker(s), {waiting} waiting.",
    "queue.failed": "Jobs: {failed} failed for good. See: kraftsamling jobs list",
    "queue.no_worker": (
        "Jobs: no worker is running, {waiting} waiting: no mail leaves. Run: kraftsamling worker"
    ),
    "backup.good": "Backup: {file_name} of {made_at:%Y-%m-%d %H:%M} UTC.",
    "backup.old": "Backup: the latest is of {made_at:%Y-%m-%d}. Run: kraftsamling backup FILE",
    "backup.none": "Backup: none was ever made. Run: kraftsamling backup FILE",
    "mail.sent": "Mail: delivered through the mail server.",
    "mail.answers": "Mail: the mail server answers.",
    "mail.silent": "Mail: the mail server does not answer ({error}). Check KRAFTSAMLING_EMAIL_URL.",
    "mail.demo": "Mail: this is a demo, so mail is written to files. Read it at /demo/mail.",
    "mail.to_files": (
        "Mail: written to files in the data folder; nobody receives it. Set KRAFTSAMLING_EMAIL_URL."
    ),
}


def to_words(finding: Finding) -> str:
    return _WORDS[finding.code].format(**finding.figures)


def all_findings(*, try_mail: bool = False) -> list[Finding]:
    """What every check finds; without a database, what can be said without one."""
    return list(_findings(try_mail=try_mail))


def _findings(*, try_mail: bool) -> Iterator[Finding]:
    yield from _check_settings()
    database = checks.check_database()
    yield database
    if database.code == "database.sqlite":
        yield checks.check_sqlite_version()
    if database.state != State.PROBLEM:
        yield checks.check_durability()
        migrations = checks.check_migrations()
        yield migrations
        if migrations.state == State.GOOD:
            yield from _check_operation()
    yield checks.check_storage(data_dir=Path(settings.DATA_DIR))
    yield _check_mail(try_mail=try_mail)


def _check_settings() -> Iterator[Finding]:
    errors = run_checks(include_deployment_checks=False)
    serious = [error for error in errors if error.level >= ERROR]
    for error in serious:
        yield Finding("settings.wrong", State.PROBLEM, {"error": error.msg})
    is_local = settings.BASE_URL.startswith(("http://localhost", "http://127.0.0.1"))
    if not settings.IS_HTTPS and not is_local:
        yield Finding("settings.plain_http", State.WARNING, {"url": settings.BASE_URL})
    if not serious:
        yield Finding("settings.demo" if settings.DEMO else "settings.good", State.GOOD)


def _check_operation() -> Iterator[Finding]:
    now, lease = datetime.now(UTC), timedelta(seconds=settings.JOB_LEASE_SECONDS)
    try:
        workers = len(living_workers(now=now, lease=lease))
        yield checks.check_queue(queue=queue_state(now=now), workers=workers)
        yield checks.check_backup(now=now)
    except DatabaseError as error:  # answers, but not about these tables
        yield Finding("database.silent", State.PROBLEM, {"error": type(error).__name__})


def _check_mail(*, try_mail: bool) -> Finding:
    is_sent = "smtp" in settings.MAIL_DELIVERY_BACKEND
    if not is_sent or not try_mail:
        return checks.check_mail(is_sent=is_sent, is_demo=settings.DEMO)
    from django.core.mail import get_connection

    try:
        with get_connection(settings.MAIL_DELIVERY_BACKEND):
            return Finding("mail.answers", State.GOOD)
    except OSError as error:  # smtplib's errors are OSErrors too
        return Finding("mail.silent", State.PROBLEM, {"error": type(error).__name__})
