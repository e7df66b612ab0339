"""`kraftsamling backup` and `kraftsamling restore`."""

from pathlib import Path

import click

from kraftsamling.ops.console import Problem, WrongUse, print_json, progress_bars, say, start_django


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE when it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest's head as JSON.")
def backup(file: Path, overwrite: bool, as_json: bool) -> None:
    """Write the database and the uploaded files to FILE, and read it back.

    The server may run meanwhile. FILE is a compressed tar that only its owner may read; it is
    not encrypted: keep it where the data itself may lie. KRAFTSAMLING_SECRET_KEY is not in it.
    """
    file = file.resolve()
    if file.exists() and not overwrite:
        raise WrongUse(f"{file} exists already. Choose another name, or add --overwrite.")
    if not file.parent.is_dir():
        raise WrongUse(f"There is no folder {file.parent}.")
    start_django()

    from datetime import UTC, datetime

    from django.db import DatabaseError

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.operation.actions import note_backup
    from kraftsamling.ops.backup.archive import BrokenBackupError
    from kraftsamling.ops.backup.making import make_backup

    now = datetime.now(UTC)
    try:
        with progress_bars() as progress:
            manifest = make_backup(file, at=now, progress=progress)
        size = file.stat().st_size
        note_backup(
            file_name=file.name,
            size=size,
            trail_count=manifest.trail_count,
            trail_head=manifest.trail_head,
            by=system_actor("command-line"),
            at=now,
        )
    except BrokenBackupError as error:
        raise Problem(f"The backup could not be trusted: {error}.") from None
    except DatabaseError as error:
        raise Problem(
            f"The database could not be read ({error}). See: kraftsamling check"
        ) from None
    except OSError as error:
        raise Problem(f"{file} could not be written: {error.strerror}.") from None
    if as_json:
        print_json(
            {
                "file": str(file),
                "size": size,
                "made_at": manifest.made_at,
                "files": len(manifest.members) - 1,
                "trail_count": manifest.trail_count,
                "trail_head": manifest.trail_head,
            }
        )
        return
    click.echo(f"{file}: {size / 1e6:.1f} MB, read back and whole.")
    click.echo(f"Trail: {manifest.trail_count} entries, head {manifest.trail_head}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of what is here.")
@click.option("--json", "as_json", is_flag=True, help="Print what was restored as JSON.")
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Put the backup in FILE in place. Stop the server and the workers first.

    Every hash, the database's integrity and the trail are checked before anything is replaced.
    """
    start_django()

    from contextlib import suppress
    from datetime import UTC, datetime

    from django.db import DatabaseError

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.operation.actions import note_restore
    from kraftsamling.ops.backup.archive import BrokenBackupError
    from kraftsamling.ops.backup.restoring import restore_backup

    now = datetime.now(UTC)
    try:
        with progress_bars() as progress:
            restored = restore_backup(file, at=now, replace=replace, progress=progress)
        with suppress(DatabaseError):  # an older version's tables: it is migrated next
            note_restore(
                made_at=restored.manifest.made_at,
                version=restored.manifest.version,
                by=system_actor("command-line"),
                at=now,
            )
    except BrokenBackupError as error:
        raise Problem(f"The backup is not whole: {error}. Nothing was changed.") from None
    except DatabaseError as error:
        raise Problem(f"The database refused ({error}). Nothing was changed.") from None
    except OSError as error:
        raise Problem(f"A file could not be written: {error.strerror}.") from None
    manifest = restored.manifest
    if as_json:
        print_json(
            {
                "made_at": manifest.made_at,
                "version": manifest.version,
                "trail_count": manifest.trail_count,
                "trail_head": manifest.trail_head,
                "set_aside": [str(path) for path in restored.set_aside],
            }
        )
        return
    click.echo(f"Restored: the state of {manifest.made_at}, version {manifest.version}.")
    click.echo(f"Trail: {manifest.trail_count} entries hold, head {manifest.trail_head}")
    for path in restored.set_aside:
        say(f"What was here before lies in {path}. Remove it when you no longer need it.")
    say("Run `kraftsamling migrate` before you start the server.")
