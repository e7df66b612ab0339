"""`kraftsamling trail`: prove that the history is whole, take it out, erase what the law says."""

from datetime import UTC, datetime
from pathlib import Path

import click

from kraftsamling.ops.console import (
    PROBLEM,
    Problem,
    WrongUse,
    end,
    print_json,
    progress_bars,
    say,
    start_django,
)

LONGEST_REASON = 300


@click.group()
def trail() -> None:
    """The append-only history: verify it, export it, erase the content of an entry."""


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


@trail.command()
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=click.IntRange(1))
@click.option("--reason", required=True, help="The decision that asks for it; kept for good.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def erase(numbers: tuple[int, ...], reason: str, yes: bool, as_json: bool) -> None:
    """Destroy what entries say was changed, and record that it was done. It cannot be undone.

    For content that must go, such as a person's data in a free text. Who acted, when and on what
    stays, and the chain holds. Backups made earlier still hold the content. All of the numbers
    are erased, or none.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise WrongUse(f"Write a reason of 1 to {LONGEST_REASON} characters.")
    start_django()

    from django.db import transaction

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.trail.actions import AlreadyErased, erase_content
    from kraftsamling.trail.queries import entries_numbered

    wanted = sorted(set(numbers))
    found = entries_numbered(wanted)
    if missing := [str(number) for number in wanted if number not in found]:
        raise Problem(f"There is no entry {', '.join(missing)}. Nothing was erased.")
    if not yes:
        for entry in found.values():
            say(f"{entry.number}  {entry.at:%Y-%m-%d %H:%M}  {entry.act}  {entry.object_type}")
        question = f"Erase the content of {len(wanted)} entries? It cannot be undone"
        if not click.confirm(question, err=True):
            say("Nothing was erased.")
            end(PROBLEM)
    by, at = system_actor("command-line"), datetime.now(UTC)
    try:
        with transaction.atomic():
            for number in wanted:
                erase_content(entry=found[number], by=by, at=at, reason=reason)
    except AlreadyErased as error:
        raise Problem(f"Entry {error} has been erased before. Nothing was erased now.") from None
    if as_json:
        print_json({"erased": wanted, "reason": reason})
    else:
        say(f"The content of {len(wanted)} entries is erased for good.")
