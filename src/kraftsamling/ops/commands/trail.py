"""`kraftsamling trail`: prove that the history is whole, and take it out."""

from pathlib import Path

import click

from kraftsamling.ops.console import (
    PROBLEM,
    end,
    print_json,
    progress_bars,
    say,
    start_django,
)


@click.group()
def trail() -> None:
    """The append-only history: verify it, export it."""


@trail.command()
@click.option("--count", type=click.IntRange(0), help="How many entries there were when noted.")
@click.option("--head", default="", help="The last entry's hash when noted.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def verify(count: int | None, head: str, as_json: bool) -> None:
    """Follow the hash chain and name the first broken entry (exit code 1).

    A chain that was cut off at its end is whole in itself. Note the count and the head that this
    command prints, outside this machine, and give them the next time: then a cut shows too.
    """
    start_django()

    from kraftsamling.trail.models import Entry
    from kraftsamling.trail.queries import verify as verify_chain

    total = Entry.objects.count()
    with progress_bars() as report:

        def progress(done: int) -> None:
            if done % 1000 == 0 or done == total:
                report("Entries", done, total)

        outcome = verify_chain(expected_count=count, expected_head=head, progress=progress)
    if as_json:
        print_json(
            {
                "is_whole": outcome.is_whole,
                "count": outcome.checked,
                "head": outcome.head,
                "broken_at": outcome.broken_at,
                "why": outcome.why,
            }
        )
    elif outcome.is_whole:
        click.echo(f"The trail is whole: {outcome.checked} entries.")
        click.echo(f"Head: {outcome.head}")
    else:
        click.echo(f"The trail is broken at entry {outcome.broken_at}: {outcome.why}.")
        click.echo(f"{outcome.checked} entries before it hold. Keep this database as it is, and")
        click.echo("compare with the latest backup: see docs/operator.md, 'A broken trail'.")
    if not outcome.is_whole:
        end(PROBLEM)


@trail.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "on_from", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--until", "on_until", type=click.DateTime(["%Y-%m-%d"]), help="The day after.")
@click.option("--act", default="", help="Only acts that begin so: places, people.create_token.")
def export_trail(file: Path, on_from: object, on_until: object, act: str) -> None:
    """Write entries to FILE: .csv, .xlsx or .jsonl (which can be verified by itself)."""
    start_django()

    from kraftsamling.ops.exports import write_trail

    count = write_trail(file, on_from=on_from, on_until=on_until, act=act)
    say(f"{count} entries were written to {file}.")
