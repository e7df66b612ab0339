"""What is due by the clock. A line here is all that a scheduled job needs."""

from datetime import time, timedelta

from kraftsamling.operation.rules import Schedule

_UPKEEP = "kraftsamling.ops.jobs.upkeep"

SCHEDULES = (
    Schedule("clear-sessions", f"{_UPKEEP}.clear_sessions", daily_at=time(3, 40)),
    Schedule("discard-drafts", f"{_UPKEEP}.discard_import_drafts", daily_at=time(3, 45)),
    Schedule("prune-queue", f"{_UPKEEP}.prune_finished_jobs", daily_at=time(3, 50)),
    Schedule("tend-database", f"{_UPKEEP}.tend_database", every=timedelta(hours=6)),
    Schedule("verify-trail", f"{_UPKEEP}.verify_trail", daily_at=time(4, 0)),
)
