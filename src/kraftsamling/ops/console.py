"""What every command needs: settings that are said to be wrong in one block, JSON, progress.

Commands import Django and the rooms inside their functions: `kraftsamling --help` must not wait
for them, and the settings are read only when a command truly runs.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

PROBLEM = 1
WRONG_USE = 2


class WrongUse(click.ClickException):
    """The command cannot be run as asked, or with these settings: exit code 2."""

    exit_code = WRONG_USE


class Problem(click.ClickException):
    """The command ran and found something wrong: exit code 1."""

    exit_code = PROBLEM


def start_django() -> None:
    """Read the settings and load the rooms. Settings that cannot be used end the command."""
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kraftsamling.project.settings")
    try:
        import django

        django.setup()
    except ImproperlyConfigured as error:
        raise WrongUse(f"{error}{_hint_at_demo(str(error))}") from None


def _hint_at_demo(error: str) -> str:
    if "SECRET_KEY is missing" in error and Path("var/secret-key").is_file():
        return "\nFor the demo city in var/: add --demo right after kraftsamling."
    return ""


def print_json(value: object) -> None:
    """One JSON document on standard output; times in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_to_json))


def _to_json(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def print_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A table on standard output, as wide as its content where that is not a terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200, soft_wrap=False).print(table)


def say(text: str) -> None:
    """Tell the person at the terminal, beside the data: on standard error."""
    click.echo(text, err=True)


Progress = Callable[[str, int, int], None]


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Bars on standard error, one per named step: `progress(step, done, total)`.

    A total of 0 says that it is not known. Where standard error is no terminal, each step is
    told when it begins, and at each quarter of its way.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _told_by_quarters()
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    tasks: dict[str, Any] = {}
    with bars:

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total or None)
            bars.update(tasks[step], completed=done, total=total or None)

        yield report


def _told_by_quarters() -> Progress:
    told: dict[str, int] = {}

    def report(step: str, done: int, total: int) -> None:
        if step not in told:
            told[step] = 0
            say(f"{step} ...")
        quarter = 4 * done // total if total else 0
        if quarter > told[step]:
            told[step] = quarter
            say(f"{step}: {25 * quarter} % ({done} of {total})")

    return report


def end(code: int) -> NoReturn:
    """Leave with an exit code, without more words."""
    raise SystemExit(code)
