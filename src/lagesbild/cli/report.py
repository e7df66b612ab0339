"""`lagesbild report`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lagesbild import report
from lagesbild.cli._answer import Answer, deliver, writable
from lagesbild.cli._command import ordered, understood
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._text import basis_lines


@click.command("report")
@understood()
@takes_events
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The page; or a name ending in .json.  [default: FILE with the ending .html]",
)
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the findings and results as JSON.")
def command(data: Data, *, out: Path | None, language: str, seed: int, as_json: bool) -> None:
    """A whole situational picture in one HTML file: what is new, where, when, and how sure.

    \b
    lagesbild report events.csv
    lagesbild report events.csv --since 2025-01-01 --language sv --out lagesbild.html
    """
    target = out or Path(data.reading.path).with_suffix(".html")
    if target.suffix.lower() not in (".html", ".json"):
        raise click.BadParameter("a name ending in .html or .json wanted", param_hint="--out")
    writable(target)
    is_there = out is None and target.exists()
    with _steps() as progress:
        picture = report.situational_picture(
            data.events, period=data.period, language=language, seed=seed, progress=progress
        )
        html = picture.to_html(progress=progress) if target.suffix.lower() == ".html" else None
    lines = [
        *(one.sentence for one in picture.findings),
        *basis_lines(picture.basis, data.basis),
    ]
    answer = Answer(lines=lines, result=picture, drawn=None)
    if html is None:
        deliver(answer, as_json=as_json, out=target, language=language)
        return
    if is_there:
        click.echo(f"Note: {target} was there already; it is written anew.", err=True)
    target.write_text(html, "utf-8")
    deliver(answer, as_json=as_json, out=None, language=language)
    click.echo(f"\nWritten: {target}", err=as_json)


ordered(command)


@contextmanager
def _steps() -> Iterator[report.Progress | None]:
    """A bar of the steps, on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield told
