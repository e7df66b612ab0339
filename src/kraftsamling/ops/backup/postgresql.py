"""Dumping and restoring PostgreSQL with its own tools."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from kraftsamling.ops.console import Problem, WrongUse

_ASIDE = "before_restore"


def dump_database(target: Path) -> tuple[int, str]:
    """Dump the state of one moment; the number and hash of the trail's last entry in it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT number, hash FROM trail_entry ORDER BY number DESC LIMIT 1")
        head = cursor.fetchone() or (0, "")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public",
            f"--snapshot={snapshot}", f"--file={target}",
        )  # fmt: skip
    return head


def has_tables() -> bool:
    return bool(connection.introspection.table_names())


def restore_database(source: Path) -> None:
    """Restore a dump into the schema public, after what is there was set aside."""
    connection.close()
    _run(
        "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
        f"--dbname={connection.settings_dict['NAME']}", str(source),
    )  # fmt: skip


def set_aside() -> None:
    """Rename the schema, so that a restore that fails can be undone. Waits 10 s for others."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute(f"DROP SCHEMA IF EXISTS {_ASIDE} CASCADE")
        cursor.execute(f"ALTER SCHEMA public RENAME TO {_ASIDE}")
        # The dump itself makes the schema public anew.


def take_back() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute(f"ALTER SCHEMA {_ASIDE} RENAME TO public")


def drop_set_aside() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_ASIDE} CASCADE")


def _run(tool: str, *arguments: str) -> None:
    if shutil.which(tool) is None:
        raise WrongUse(
            f"{tool} was not found. Install PostgreSQL's client tools, of the server's version."
        )
    finished = subprocess.run(  # noqa: S603 (a tool that was just found, arguments of our own)
        [tool, *arguments],
        env={**os.environ, **_environment(connection.settings_dict)},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        reason = finished.stderr.strip().splitlines()
        raise Problem(f"{tool} failed: {reason[-1] if reason else finished.returncode}")


def _environment(database: Mapping[str, Any]) -> dict[str, str]:
    """The connection as PostgreSQL's own variables: a password never stands in a command line."""
    given = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
        "PGSSLMODE": database.get("OPTIONS", {}).get("sslmode"),
    }
    return {name: str(value) for name, value in given.items() if value}
