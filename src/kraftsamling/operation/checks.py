"""Is the installation well? One function per question; each answers with a Finding.

A finding carries a code and figures; its words are chosen where it is shown.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kraftsamling.operation.queries import QueueState, latest_backup

# UPSERT and RETURNING, JSON functions, and the on-line backup are used; 3.35 is the first with all.
OLDEST_SQLITE = (3, 35, 0)
DISK_WARNING_PERCENT = 85
BACKUP_WARNING_AFTER = timedelta(days=2)


class State(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """The answer to one question: `code` names question and outcome, `figures` fill its words."""

    code: str
    state: State
    figures: Mapping[str, str | int | datetime] = field(default_factory=dict)


def check_database() -> Finding:
    """Does the database answer, and which is it?"""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT sqlite_version()")
                return Finding(
                    "database.sqlite", State.GOOD, {"version": str(cursor.fetchone()[0])}
                )
            cursor.execute("SHOW server_version")
            version = str(cursor.fetchone()[0]).split(" ")[0]
            return Finding("database.postgresql", State.GOOD, {"version": version})
    except DatabaseError as error:
        return Finding("database.silent", State.PROBLEM, {"error": type(error).__name__})


def check_sqlite_version() -> Finding:
    """Is the SQLite that Python was built with new enough for what we use?"""
    figures: dict[str, str | int | datetime] = {
        "version": sqlite3.sqlite_version,
        "oldest": ".".join(map(str, OLDEST_SQLITE)),
    }
    is_enough = sqlite3.sqlite_version_info >= OLDEST_SQLITE and _has_json()
    return Finding(
        "sqlite.new_enough" if is_enough else "sqlite.too_old",
        State.GOOD if is_enough else State.PROBLEM,
        figures,
    )


def _has_json() -> bool:
    memory = sqlite3.connect(":memory:")
    try:
        return bool(memory.execute("SELECT json_valid('{}')").fetchone()[0])
    except sqlite3.OperationalError:
        return False
    finally:
        memory.close()


def check_durability() -> Finding:
    """Is a committed write on disk? On SQLite that takes WAL with synchronous=FULL."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            setting = str(cursor.fetchone()[0])
        is_safe = setting != "off"
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            mode = str(cursor.fetchone()[0])
            cursor.execute("PRAGMA synchronous")
            level = int(cursor.fetchone()[0])
        setting = f"{mode}, synchronous={level}"
        is_safe = mode == "wal" and level >= 2
    return Finding(
        "durability.safe" if is_safe else "durability.unsafe",
        State.GOOD if is_safe else State.WARNING,
        {"setting": setting},
    )


def waiting_migrations() -> int:
    """How many migrations have not been applied."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_migrations() -> Finding:
    """Do the tables fit the program?"""
    count = waiting_migrations()
    code = "migrations.waiting" if count else "migrations.applied"
    return Finding(code, State.PROBLEM if count else State.GOOD, {"count": count})


def check_storage(*, data_dir: Path) -> Finding:
    """Can files be written, and how full is the disk?"""
    try:
        with tempfile.NamedTemporaryFile(dir=data_dir, prefix=".check-") as file:
            file.write(b"kraftsamling")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        return Finding(
            "storage.not_writable", State.PROBLEM, {"path": str(data_dir), "error": reason}
        )
    disk = shutil.disk_usage(data_dir)
    percent = round(100 * (disk.total - disk.free) / disk.total)
    is_full = percent >= DISK_WARNING_PERCENT
    return Finding(
        "storage.filling" if is_full else "storage.good",
        State.WARNING if is_full else State.GOOD,
        {"percent": percent, "free": disk.free, "path": str(data_dir)},
    )


def check_queue(*, queue: QueueState, workers: int) -> Finding:
    """Is somebody taking jobs, and did any fail for good? `workers` is how many are alive."""
    figures: dict[str, str | int | datetime] = {
        "workers": workers,
        "waiting": queue.waiting,
        "failed": queue.failed,
    }
    if not workers:
        return Finding("queue.no_worker", State.WARNING, figures)
    if queue.failed:
        return Finding("queue.failed", State.WARNING, figures)
    return Finding("queue.good", State.GOOD, figures)


def check_backup(*, now: datetime) -> Finding:
    """When was the latest backup made?"""
    backup = latest_backup()
    if backup is None:
        return Finding("backup.none", State.WARNING)
    is_old = now - backup.made_at > BACKUP_WARNING_AFTER
    return Finding(
        "backup.old" if is_old else "backup.good",
        State.WARNING if is_old else State.GOOD,
        {"made_at": backup.made_at, "size": backup.size, "file_name": backup.file_name},
    )


def check_mail(*, is_sent: bool, is_demo: bool) -> Finding:
    """Does mail leave the house? In a demo it must not."""
    if is_sent:
        return Finding("mail.sent", State.GOOD)
    if is_demo:
        return Finding("mail.demo", State.GOOD)
    return Finding("mail.to_files", State.WARNING)
