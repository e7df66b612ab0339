"""Jobs that keep the house clean. Each may run twice: the second run finds nothing to do."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django_tasks import task

from kraftsamling.operation.actions import prune_queue
from kraftsamling.operation.rules import GiveUpError
from kraftsamling.places.actions import discard_old_drafts
from kraftsamling.trail.queries import verify

DONE_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=90)
SCHEDULED_RUNS_KEPT = timedelta(days=30)


@task
def clear_sessions() -> None:
    """Remove sessions that have expired, and what the list of one's own sessions says of them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    for user_session in list(UserSession.objects.all()):
        user_session.purge()


@task
def discard_import_drafts() -> int:
    """Remove files that someone uploaded for a preview and never read in."""
    return discard_old_drafts(at=datetime.now(UTC))


@task
def prune_finished_jobs() -> int:
    """Remove jobs that finished long ago."""
    return prune_queue(
        at=datetime.now(UTC),
        done_kept=DONE_KEPT,
        failed_kept=FAILED_KEPT,
        runs_kept=SCHEDULED_RUNS_KEPT,
    )


@task
def tend_database() -> None:
    """Refresh SQLite's statistics and empty its write-ahead log. PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@task
def verify_trail() -> int:
    """Follow the chain of the history; a break shows as a failed job."""
    outcome = verify()
    if not outcome.is_whole:
        raise GiveUpError(f"The trail is broken at entry {outcome.broken_at}: {outcome.why}.")
    return outcome.checked
