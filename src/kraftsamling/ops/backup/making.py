"""Making a backup."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from kraftsamling import __version__
from kraftsamling.ops.backup import postgresql, sqlite
from kraftsamling.ops.backup.archive import (
    FILES,
    POSTGRESQL_NAME,
    SQLITE_NAME,
    Manifest,
    Writer,
    read_through,
    writing,
)
from kraftsamling.ops.console import Progress


def make_backup(target: Path, *, at: datetime, progress: Progress) -> Manifest:
    """Write a backup, then read it back and compare every hash.

    The database first, then the files: a file that is uploaded meanwhile is one too many, never
    one too few. Nothing is left under the name `target` unless all of it held.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        database, count, head = _copy_database(Path(folder), progress)
        with writing(target) as archive:
            archive.add(database.name, database)
            _add_files(archive, progress)
            archive.close_with(
                Manifest(
                    made_at=at.isoformat(),
                    version=__version__,
                    engine=connection.vendor,
                    trail_count=count,
                    trail_head=head,
                    members=archive.members,
                )
            )
    total = sum(member.size for member in archive.members.values())
    return read_through(target, progress=lambda done: progress("Reading back", done, total))


def _copy_database(folder: Path, progress: Progress) -> tuple[Path, int, str]:
    if connection.vendor == "postgresql":
        progress("Database", 0, 0)
        path = folder / POSTGRESQL_NAME
        return (path, *postgresql.dump_database(path))
    path = folder / SQLITE_NAME
    sqlite.copy_database(
        Path(connection.settings_dict["NAME"]),
        path,
        progress=lambda done, total: progress("Database", done, total),
    )
    sqlite.check_integrity(path)
    return (path, *sqlite.trail_head(path))


def _add_files(archive: Writer, progress: Progress) -> None:
    root = Path(settings.MEDIA_ROOT)
    files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    for done, path in enumerate(files, start=1):
        try:
            archive.add(f"{FILES}/{path.relative_to(root).as_posix()}", path)
        except FileNotFoundError:  # removed since the list was made
            continue
        progress("Files", done, len(files))
