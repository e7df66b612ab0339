"""What all commands share: their options, their errors, and how an answer leaves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from lagesbild.cli._answer import Answer, deliver, writable
from lagesbild.cli._program import DATA

Run = TypeVar("Run", bound=Callable[..., Any])
SUFFIXES = (".json", ".csv", ".geojson", ".svg", ".png")


class DataError(click.ClickException):
    """Data that could not be used."""

    exit_code = DATA


def statistic(
    name: str, *, suffixes: Sequence[str] = SUFFIXES, seed: bool = False
) -> Callable[[Callable[..., Answer]], click.Command]:
    """A command that returns an `Answer`, with --json and --out, and --seed where chance plays."""

    def decorate(run: Callable[..., Answer]) -> click.Command:
        @functools.wraps(run)
        def called(*, as_json: bool, out: Path | None, language: str, **options: Any) -> None:
            if out is not None and out.suffix.lower() not in suffixes:
                raise click.BadParameter(
                    f"a name ending in {', '.join(suffixes)} wanted", param_hint="--out"
                )
            writable(out)
            with understood():
                deliver(run(**options), as_json=as_json, out=out, language=language)

        options: list[Callable[[Any], Any]] = []
        if seed:
            options.append(
                click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True,
                             help="Of everything random: the same seed, the same numbers.")
            )  # fmt: skip
        options += [
            click.option("--json", "as_json", is_flag=True,
                         help="Print the whole result as JSON instead of text."),
            click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                         help=f"Also write it; by its ending: {', '.join(suffixes)}."),
            click.option("--language", type=click.Choice(["en", "sv"]), default="en",
                         show_default=True, help="Of figures and reports."),
        ]  # fmt: skip
        for option in reversed(options):
            called = option(called)
        return ordered(click.command(name)(called))

    return decorate


_GENERAL = (
    "categories", "since", "until", "columns", "crs", "time_zone", "day_first", "separator",
    "encoding", "header", "seed", "out", "as_json", "language",
)  # fmt: skip


def ordered(command: click.Command) -> click.Command:
    """The command with its own options before those that all have."""
    places = {name: place + 1 for place, name in enumerate(_GENERAL)}
    command.params.sort(key=lambda one: places.get(one.name or "", 0))
    return command


@contextmanager
def understood() -> Iterator[None]:
    """ValueError of the library as a wrong option where one was given, else as unusable data."""
    try:
        yield
    except ValueError as error:
        option = _given_option(str(error))
        if option is not None:
            raise click.BadParameter(str(error).partition(": ")[2], param_hint=option) from error
        raise DataError(str(error)) from error


def _given_option(message: str) -> str | None:
    """The option that the message is about, if somebody gave it."""
    context = click.get_current_context()
    named = {name.strip() for name in message.partition(":")[0].split(",")}
    for parameter in context.command.params:
        if not isinstance(parameter, click.Option) or parameter.name is None:
            continue
        names = {parameter.name, *(text.lstrip("-").replace("-", "_") for text in parameter.opts)}
        given = context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        if given and named & names:
            return parameter.opts[-1]
    return None


@contextmanager
def working(what: str) -> Iterator[None]:
    """Shows on a terminal that something goes on, and for how long; nothing elsewhere."""
    import sys

    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        yield
