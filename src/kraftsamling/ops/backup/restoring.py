"""Restoring a backup: all of it is checked before anything is replaced."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kraftsamling.ops.backup import postgresql, sqlite
from kraftsamling.ops.backup.archive import (
    FILES,
    POSTGRESQL_NAME,
    SQLITE_NAME,
    BrokenBackupError,
    Manifest,
    read_through,
)
from kraftsamling.ops.console import Problem, Progress, WrongUse
from kraftsamling.trail.queries import verify


@dataclass(frozen=True)
class Restored:
    """What was restored, and where what was there before now lies."""

    manifest: Manifest
    set_aside: tuple[Path, ...] = ()


def restore_backup(source: Path, *, at: datetime, replace: bool, progress: Progress) -> Restored:
    """Put a backup's database and files in place.

    Raises WrongUse where there is data already and `replace` was not given, BrokenBackupError for
    a backup that is not whole, Problem where the database is in use. Until the last moment
    nothing is touched; what was there is set aside, not deleted.
    """
    if has_data() and not replace:
        raise WrongUse(
            "There is data here already. To put the backup in its place: add --replace "
            "(what is here is set aside, not deleted)."
        )
    home = Path(settings.DATA_DIR)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as name:
        staged = Path(name)
        total = source.stat().st_size
        manifest = read_through(
            source, into=staged, progress=lambda done: progress("Unpacking", done, 0)
        )
        progress("Unpacking", total, total)
        if manifest.engine != connection.vendor:
            raise WrongUse(
                f"The backup is of {manifest.engine}, and this installation uses "
                f"{connection.vendor}. Point KRAFTSAMLING_DATABASE_URL to such a database."
            )
        stamp = at.strftime("%Y%m%dT%H%M%S")
        if manifest.engine == "postgresql":
            aside = _restore_postgresql(staged, manifest, stamp, progress)
        else:
            aside = _restore_sqlite(staged, manifest, stamp, progress)
    return Restored(manifest, aside)


def has_data() -> bool:
    """Whether this installation has a database with tables, or uploaded files."""
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir() and any(path.is_file() for path in root.rglob("*")):
        return True
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return path.is_file() and path.stat().st_size > 0
    return postgresql.has_tables()


def _restore_sqlite(
    staged: Path, manifest: Manifest, stamp: str, progress: Progress
) -> tuple[Path, ...]:
    database = staged / SQLITE_NAME
    sqlite.check_integrity(database)
    with _looking_at(database):
        _check_content(manifest, progress)
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = []
    if target.is_file():
        try:
            sqlite.close_for_replacing(target)
        except sqlite.DatabaseInUseError:
            raise Problem(
                "The database is in use. Stop the server and the workers, then try again."
            ) from None
        aside.append(_move_aside(target, stamp))
    database.replace(target)
    return (*aside, *_place_files(staged, stamp))


def _restore_postgresql(
    staged: Path, manifest: Manifest, stamp: str, progress: Progress
) -> tuple[Path, ...]:
    progress("Database", 0, 0)
    postgresql.set_aside()
    try:
        postgresql.restore_database(staged / POSTGRESQL_NAME)
        _check_content(manifest, progress)
    except BaseException:
        postgresql.take_back()
        raise
    postgresql.drop_set_aside()
    return _place_files(staged, stamp)


def _check_content(manifest: Manifest, progress: Progress) -> None:
    """Refuse a database of a newer program, and one whose history is not what was backed up."""
    known = set(MigrationLoader(None).disk_migrations or ())
    newer = sorted(
        f"{app}.{name}"
        for app, name in MigrationRecorder(connection).applied_migrations()
        if (app, name) not in known
    )
    if newer:
        raise WrongUse(
            f"The backup was made by version {manifest.version}, which is newer than this one "
            f"({newer[0]} is unknown here). Install that version first."
        )
    if not manifest.trail_count:
        return
    try:
        outcome = verify(
            expected_count=manifest.trail_count,
            expected_head=manifest.trail_head,
            progress=lambda done: progress("Trail", done, manifest.trail_count),
        )
    except DatabaseError as error:
        raise BrokenBackupError(f"its history cannot be read ({error})") from error
    if not outcome.is_whole:
        raise BrokenBackupError(
            f"its history is broken at entry {outcome.broken_at}: {outcome.why}"
        )


@contextmanager
def _looking_at(database: Path) -> Iterator[None]:
    """Point Django's connection at another SQLite file for a while."""
    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(database)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        for suffix in ("-wal", "-shm"):
            database.with_name(f"{database.name}{suffix}").unlink(missing_ok=True)


def _place_files(staged: Path, stamp: str) -> tuple[Path, ...]:
    target = Path(settings.MEDIA_ROOT)
    aside = (_move_aside(target, stamp),) if target.is_dir() and any(target.iterdir()) else ()
    unpacked = staged / FILES
    if unpacked.is_dir():
        if target.is_dir():
            target.rmdir()
        os.chmod(unpacked, 0o755)  # noqa: S103 (as Django makes it)
        shutil.move(unpacked, target)
    return aside


def _move_aside(path: Path, stamp: str) -> Path:
    moved = path.with_name(f"{path.name}.before-restore-{stamp}")
    path.rename(moved)
    return moved
