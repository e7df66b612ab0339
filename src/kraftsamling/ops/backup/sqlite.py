"""Copying and replacing SQLite's file."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kraftsamling.ops.backup.archive import BrokenBackupError

_PAGES_AT_A_TIME = 2000


class DatabaseInUseError(Exception):
    """Another process has the database open."""


def copy_database(
    source: Path, target: Path, *, progress: Callable[[int, int], None] | None = None
) -> None:
    """Copy a database that is in use: the copy is the state of one moment, in one file."""

    def report(status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy, pages=_PAGES_AT_A_TIME, progress=report)
        copy.execute("PRAGMA journal_mode=DELETE")


def check_integrity(path: Path) -> None:
    """Raise BrokenBackupError unless SQLite finds its own structures and references whole."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if answer != "ok":
                raise BrokenBackupError(f"the database is damaged: {answer}")
            orphan = database.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                raise BrokenBackupError(f"a row of {orphan[0]} refers to a missing {orphan[2]}")
    except sqlite3.DatabaseError as error:
        raise BrokenBackupError(f"the database is damaged: {error}") from error


def trail_head(path: Path) -> tuple[int, str]:
    """The number and hash of the last entry in a copied database; (0, '') where it has none."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        row = database.execute(
            "SELECT number, hash FROM trail_entry ORDER BY number DESC LIMIT 1"
        ).fetchone()
    return row or (0, "")


def close_for_replacing(path: Path) -> None:
    """Bring the database into its one file. Raises DatabaseInUseError when others have it open."""
    with closing(sqlite3.connect(path, timeout=2)) as database:
        try:
            mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise DatabaseInUseError from error
    if mode != "delete":
        raise DatabaseInUseError
