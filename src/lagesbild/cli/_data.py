"""The file that a command works on: how it is read, and which of its events are looked at."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from lagesbild.cli._text import day, number
from lagesbild.events import Events

if TYPE_CHECKING:
    from lagesbild.events import Reading

_LARGE = 50_000_000  # bytes from which reading shows its progress


@dataclass(frozen=True)
class Data:
    """The events looked at, and the reading they come from."""

    events: Events
    reading: Reading
    since: np.datetime64 | None = None
    until: np.datetime64 | None = None

    @property
    def period(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last day: as they were asked for, else of the first and the last event."""
        first, last = self.since, self.until
        days = self.events.start.astype("datetime64[D]")
        return days.min() if first is None else first, days.max() if last is None else last

    @property
    def basis(self) -> str:
        """The line on the data that every answer ends with."""
        first, last = (day(each) for each in self.period)
        reading = self.reading
        left = f"; {number(reading.left_out)} of {number(reading.rows)} rows left out"
        return (
            f"Data: {number(len(self.events))} events from {first} to {last} in "
            f"{Path(reading.path).name}{left if reading.left_out else ''}."
        )


def _columns(
    _: click.Context, __: click.Parameter, given: tuple[str, ...]
) -> dict[str, str | int] | None:
    found: dict[str, str | int] = {}
    for text in given:
        for part in text.split(","):
            field, equals, column = part.partition("=")
            if not equals or not column:
                raise click.BadParameter(f"FIELD=COLUMN wanted, such as x=Ost; {part!r} given")
            found[field.strip()] = int(column) if column.strip().isdigit() else column.strip()
    return found or None


def _day(_: click.Context, __: click.Parameter, given: str | None) -> np.datetime64 | None:
    if given is None:
        return None
    try:
        return np.datetime64(given, "D")
    except ValueError as error:
        raise click.BadParameter(f"a day such as 2025-03-01 wanted; {given!r} given") from error


day_option = functools.partial(click.option, callback=_day, metavar="DAY")

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_READING = [
    click.option("--columns", multiple=True, callback=_columns, metavar="FIELD=COLUMN,...",
                 help="Which column is what: x, y or longitude, latitude; start, end, start_clock, "
                 "end_clock, category, weight, location. By name or position; else found by name."),
    click.option("--crs", metavar="EPSG", help="Of the coordinates; else told by their values."),
    click.option("--zone", "time_zone", default="Europe/Stockholm", show_default=True,
                 help="Local time, for times with an offset from UTC."),
    click.option("--day-first/--month-first", "day_first", default=None,
                 help="How 03/04/2024 is meant; else told by the rows."),
    click.option("--separator", metavar="CHARACTER", help="Of CSV; else found. 'tab' for a tab."),
    click.option("--encoding", help="Of CSV; else found."),
    click.option("--no-header", "header", flag_value=False, default=True, type=bool,
                 help="CSV without names: give --columns by position, x=1,y=2,start=3."),
]  # fmt: skip
_CHOOSING = [
    click.option("--category", "categories", multiple=True, metavar="NAME",
                 help="Only these events; may be repeated."),
    day_option("--since", help="First day looked at."),
    day_option("--until", help="Last day looked at."),
]  # fmt: skip


def takes_events(run: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command FILE and the options of reading; it gets `data` instead."""

    @functools.wraps(run)
    def with_data(**options: Any) -> Any:
        names = ("file", "columns", "crs", "time_zone", "day_first", "separator", "encoding",
                 "header")  # fmt: skip
        how = {name: options.pop(name) for name in names}
        choice = {name: options.pop(name) for name in ("categories", "since", "until")}
        reading = read(how.pop("file"), **how)
        chosen = _chosen(reading.events, **choice)
        data = Data(chosen, reading, since=choice["since"], until=choice["until"])
        return run(data=data, **options)

    return with_reading_options(with_data, choosing=True)


def with_reading_options(run: Callable[..., Any], *, choosing: bool) -> Callable[..., Any]:
    decorated = run
    for option in reversed(_READING + (_CHOOSING if choosing else [])):
        decorated = option(decorated)
    return _FILE(decorated)


def read(path: Path, *, separator: str | None, is_told: bool = True, **how: Any) -> Reading:
    """The file's events; what was left out or assumed is told on standard error."""
    from lagesbild import events

    with _progress(path) as progress:
        reading = events.read(
            path, separator="\t" if separator == "tab" else separator, progress=progress, **how
        )
    for line in told_lines(reading) if is_told else ():
        click.echo(line, err=True)
    return reading


def told_lines(reading: Reading) -> list[str]:
    """What was left out, by reason, and what was assumed."""
    lines = [f"Note: {note}" for note in reading.notes]
    if reading.excluded:
        lines.append(f"Left out: {number(reading.left_out)} of {number(reading.rows)} rows")
    return lines + [f"  {reason}: {one}" for reason, one in reading.excluded.items()]


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], None] | None]:
    """A count of rows, on a terminal and for a large file."""
    import sys

    if not sys.stderr.isatty() or path.stat().st_size < _LARGE:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("Reading, {task.completed:,.0f} rows"),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda rows: progress.update(task, completed=rows)


def _chosen(
    events: Events,
    *,
    categories: tuple[str, ...],
    since: np.datetime64 | None,
    until: np.datetime64 | None,
) -> Events:
    kept = np.ones(len(events), bool)
    if categories:
        kept &= _in_categories(events, categories)
    days = events.start.astype("datetime64[D]")
    if since is not None:
        kept &= days >= since
    if until is not None:
        kept &= days <= until
    if not kept.any():
        first, last = days.min(), days.max()
        raise ValueError(f"since, until, category: no event is left; there are {first} to {last}")
    return events if kept.all() else events.take(kept)


def _in_categories(events: Events, categories: tuple[str, ...]) -> np.ndarray[Any, Any]:
    if events.category is None:
        raise ValueError("category: the file has no such column; say which with --columns")
    there = np.unique(events.category)
    unknown = [name for name in categories if name not in there]
    if unknown:
        shown = ", ".join(map(str, there[:20]))
        raise ValueError(f"category: no event is {unknown[0]!r}; there are {shown}")
    return np.isin(events.category, categories)
