"""`kraftsamling import`: areas, places and registers from files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kraftsamling.ops.console import (
    PROBLEM,
    WrongUse,
    end,
    print_json,
    print_table,
    progress_bars,
    start_django,
)

WHAT = ("areas", "places", "opening-hours", "population", "streets", "localities")
_SHOWN = 50
_LARGEST = 200 * 1024 * 1024


@click.command("import")
@click.argument("what", type=click.Choice(WHAT))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column of a file of places holds which field; may be given several times. "
    "Without it the headers are guessed.",
)
@click.option("--kind", default="", help="The kind of all areas, where the file does not say.")
@click.option("--epsg", type=int, help="The coordinate system of areas, where the file is silent.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(
    what: str,
    file: Path,
    mapping: tuple[str, ...],
    kind: str,
    epsg: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read FILE (GeoJSON, CSV or Excel) into the city: all of it, or, with any error, nothing.

    The report names row, column, value, why, and what to do. Reading the same file again changes
    nothing. Exit code 1 when the file is refused.
    """
    chosen = _to_mapping(mapping)
    start_django()

    from django.utils import translation

    from kraftsamling.places.imports.report import ImportRefused

    data = _read(file)
    try:
        # The command line speaks English, whatever the city's language.
        with translation.override("en"), progress_bars() as progress:
            report = _import(
                what, data, file.name, chosen, kind, epsg, dry_run=dry_run, progress=progress
            )
    except ImportRefused as refused:
        report = refused.report
    if as_json:
        print_json({**report.to_json(), "dry_run": dry_run})
    else:
        _tell(report, dry_run=dry_run)
    if report.is_refused:
        end(PROBLEM)


def _import(
    what: str,
    data: bytes,
    name: str,
    mapping: dict[str, str],
    kind: str,
    epsg: int | None,
    *,
    dry_run: bool,
    progress: Any,
) -> Any:
    """The report of an import. A dry run does all of it and rolls it back."""
    from datetime import UTC, datetime

    from django.db import transaction

    from kraftsamling.kit.actor import system_actor

    read = _reader(what, mapping, kind, epsg, progress)
    given = {"file_name": name, "by": system_actor("command-line"), "at": datetime.now(UTC)}
    with transaction.atomic():
        report = read(data, **given)
        transaction.set_rollback(dry_run)
    return report


def _reader(
    what: str, mapping: dict[str, str], kind: str, epsg: int | None, progress: Any
) -> Callable[..., Any]:
    from functools import partial

    from kraftsamling.kit.tabular.table import Limits
    from kraftsamling.places import actions
    from kraftsamling.places.imports.areas import AreaChoices
    from kraftsamling.places.imports.geojson import GeoJsonLimits

    # An operator at the command line may read what a form in the browser would refuse as too big.
    table_limits = Limits(bytes=_LARGEST, rows=1_000_000)
    if what == "areas":
        return partial(
            actions.import_areas,
            choices=AreaChoices(kind=kind, epsg=epsg),
            limits=GeoJsonLimits(bytes=_LARGEST, vertices=5_000_000, features=200_000),
        )
    if what == "places":
        return partial(
            actions.import_places,
            choices=actions.PlaceChoices(mapping=mapping or None),
            limits=table_limits,
            progress=lambda done, total: progress("Places", done, total),
        )
    readers = {
        "opening-hours": actions.import_opening_hours,
        "population": actions.import_population,
        "streets": actions.import_streets,
        "localities": actions.import_localities,
    }
    return partial(readers[what], limits=table_limits)


def _to_mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, separator, column = pair.partition("=")
        if not (field and separator and column):
            raise WrongUse(
                f"--mapping {pair}: write it as FIELD=COLUMN, such as name_sv=Benämning."
            )
        mapping[field] = column
    return mapping


def _read(file: Path) -> bytes:
    size = file.stat().st_size
    if size > _LARGEST:
        raise WrongUse(
            f"{file.name} is {size / 1e6:.0f} MB; the limit is {_LARGEST / 1e6:.0f} MB. Divide it."
        )
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} could not be read: {error.strerror}.") from None


def _tell(report: Any, *, dry_run: bool) -> None:
    rows = [
        [
            "warning" if problem.is_warning else "error",
            "" if problem.row is None else str(problem.row),
            problem.column,
            problem.value[:40],
            problem.why,
            problem.advice,
        ]
        for problem in report.problems[:_SHOWN]
    ]
    if rows:
        print_table("Problems", ["", "Row", "Column", "Value", "Why", "What to do"], rows)
        if len(report.problems) > _SHOWN:
            click.echo(f"... and {len(report.problems) - _SHOWN} more: see --json.")
    if report.is_refused:
        if report.kind == "places" and any(p.code == "missing_column" for p in report.problems):
            click.echo(_how_to_map())
        click.echo("The file was refused; nothing was written.")
        return
    told = "would be" if dry_run else "were"
    click.echo(
        f"{report.rows} rows: {report.created} {told} created, {report.changed} {told} changed, "
        f"{report.unchanged} unchanged."
    )


def _how_to_map() -> str:
    from kraftsamling.places.imports.places import FIELDS

    needed = ", ".join(field.name for field in FIELDS if field.is_required)
    return (
        "Say which column holds a field with --mapping FIELD=COLUMN, such as "
        f"--mapping name_sv=Benämning. A file of places needs {needed}."
    )
