"""`kraftsamling migrate`: everything in place for this version."""

import click

from kraftsamling.ops.console import WrongUse, print_json, progress_bars, start_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def migrate(as_json: bool) -> None:
    """Bring the database up to date: tables, cache table, standard roles; collect static files.

    Running it again changes nothing. Make a backup first when upgrading.
    """
    start_django()

    from django.db import DatabaseError

    from kraftsamling.ops.preparation import collect_static_files, migrate_database

    try:
        with progress_bars() as progress:
            applied = migrate_database(progress)
            collect_static_files(progress)
    except DatabaseError as error:
        raise WrongUse(
            f"The database does not answer ({type(error).__name__}). Run: kraftsamling check"
        ) from None
    if as_json:
        print_json({"migrations_applied": applied})
    elif applied:
        click.echo(f"{applied} migrations were applied.")
    else:
        click.echo("Everything is up to date.")
