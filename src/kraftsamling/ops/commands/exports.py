"""`kraftsamling export`: what the rooms hold, as files."""

from collections.abc import Callable
from pathlib import Path

import click

from kraftsamling.ops.console import Problem, print_json, say, start_django

WHAT = ("places", "areas", "organisations", "trail", "person")


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--email", default="", help="Whose data, with `person`: the address they have here.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export(what: str, file: Path, email: str, as_json: bool) -> None:
    """Write places, areas, organisations or the trail to FILE; its ending chooses the format.

    .csv and .xlsx for all, .geojson for places and areas, .jsonl for the trail. Cells that a
    spreadsheet would run as formulas are made harmless. What `import` reads, it reads again.

    `export person FILE.json --email ADDRESS` writes all that is held about one person, for someone
    who asks for it and cannot sign in; that it was done stands in the trail.
    """
    start_django()

    from kraftsamling.ops import exports

    writers: dict[str, Callable[[Path], int]] = {
        "places": exports.write_places,
        "areas": exports.write_areas,
        "organisations": exports.write_organisations,
        "trail": lambda path: exports.write_trail(path, on_from=None, on_until=None, act=""),
        "person": lambda path: exports.write_person(path, email=email),
    }
    try:
        count = writers[what](file)
    except OSError as error:
        raise Problem(f"{file} could not be written: {error.strerror}.") from None
    if as_json:
        print_json({"what": what, "file": str(file), "count": count})
    elif what == "person":
        say(f"All that is held about one person was written to {file}, with {count} entries.")
    else:
        say(f"{count} {what if what != 'trail' else 'entries'} were written to {file}.")
