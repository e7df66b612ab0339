"""Reading events from files: what can be used, and why the rest cannot."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lagesbild.events import _rows as rows
from lagesbild.events import _values as values
from lagesbild.events._columns import chosen
from lagesbild.events._events import Events
from lagesbild.events._files import ROW, Source, opened
from lagesbild.events._oddities import oddities
from lagesbild.events._places import epsg, placed
from lagesbild.events._report import Excluded, Reading

_EXAMPLES, _MANY_CODES = 5, 50
_KEPT = ("x", "y", "start", "end", "category", "weight", "location")
Progress = Callable[[int], None]


def read(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str | int] | None = None,
    crs: int | str | None = None,
    time_zone: str = "Europe/Stockholm",
    day_first: bool | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    header: bool = True,
    progress: Progress | None = None,
) -> Reading:
    """Events from a CSV, Parquet or GeoJSON file, with an account of every row left out.

    columns    {'x': 'Ost', 'start': 'Brottsdatum', ...}: names or positions from 1, of the fields
               x, y or longitude, latitude; start, end; start_clock, end_clock (a time of day in a
               column of its own); category, weight, location. What is not given is found by usual
               Swedish and English names
    crs        EPSG code of the coordinates; None: told by names and values, and said in the notes.
               The events are in SWEREF 99 TM; outside Sweden in the UTM zone
    time_zone  times with an offset from UTC become this zone's clocks. A file in which only some
               times have one is refused
    day_first  whether 03/04/2024 is the third of April; None: told by the rows, else yes
    separator, encoding, header  of CSV; None: found. Encodings: UTF-8, UTF-16, else Latin-1
    progress   called with the number of rows done, now and then

    A day without a time of day is an event known within that day. Numbers may have decimal commas
    and spaces between thousands. Rows that cannot be used are counted by reason, with examples, in
    `Reading.excluded`; rows are numbered as in a spreadsheet, the first line being 1.

    Memory: about 90 bytes for each event kept, twice that at the end; CSV and Parquet are
    streamed.

    Raises ValueError for a file that is empty, broken or of another kind, columns that cannot be
    found, zones that are mixed, and when not a single row can be used; OSError where it cannot be
    opened.
    """
    _zone(time_zone)
    code = epsg(crs)
    with opened(Path(path), separator=separator, encoding=encoding, header=header) as source:
        found = chosen(source.names, {**source.known, **(columns or {})})
        gathered = _gathered(source, found, time_zone, day_first, progress)
        if gathered.is_inconsistent(day_first):
            gathered = _gathered(source, found, time_zone, False, progress)
    return _reading(str(path), source, found, gathered, code, said=columns or {})


def _zone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"time_zone: {name!r} is not known") from error


@dataclass
class _Gathered:
    """What the batches came to, so far."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    rows: int = 0
    excluded: dict[str, Excluded] = field(default_factory=dict)
    orders: set[str] = field(default_factory=set)
    zoned: list[int] = field(default_factory=list)
    zoneless: list[int] = field(default_factory=list)
    days: int = 0
    is_last_bad: bool = False

    def exclude(self, reason: str, rows: list[int], count: int, example: str = "") -> None:
        known = self.excluded.get(reason, Excluded(0, ()))
        self.excluded[reason] = Excluded(
            known.count + count, (*known.rows, *rows)[:_EXAMPLES], known.example or example
        )

    def is_inconsistent(self, day_first: bool | None) -> bool:
        """Whether later rows show that the month comes first, where the day was assumed to.

        Raises ValueError when rows show either.
        """
        if day_first is not None or "month first" not in self.orders:
            return False
        if "day first" in self.orders:
            raise ValueError(values.BOTH_ORDERS)
        return len(self.orders) > 1


def _gathered(
    source: Source,
    found: Mapping[str, str],
    time_zone: str,
    day_first: bool | None,
    progress: Progress | None,
) -> _Gathered:
    gathered = _Gathered()
    for batch in source.batches(list(found.values())):
        if len(batch):
            _add(gathered, batch, found, time_zone, day_first)
            if progress is not None:
                progress(gathered.rows)
    if gathered.zoned and gathered.zoneless:
        raise ValueError(
            f"start, end: times with a zone (rows {_shown(gathered.zoned)}) beside times without "
            f"(rows {_shown(gathered.zoneless)}); give all of them, or none"
        )
    return gathered


def _shown(rows: list[int]) -> str:
    return ", ".join(str(row) for row in rows[:_EXAMPLES])


def _add(
    gathered: _Gathered,
    batch: pl.DataFrame,
    found: Mapping[str, str],
    time_zone: str,
    day_first: bool | None,
) -> None:
    """One batch: its columns as values, and each row that cannot be used with its first reason."""
    read = {name: batch[column] for name, column in found.items()}
    x_name, y_name = ("x", "y") if "x" in found else ("longitude", "latitude")
    start = rows.moments_of(read, "start", time_zone, day_first)
    end = rows.moments_of(read, "end", time_zone, day_first)
    weight, weight_text = rows.numbers_of(read, "weight", len(batch))
    x, x_text = rows.numbers_of(read, x_name, len(batch))
    y, y_text = rows.numbers_of(read, y_name, len(batch))
    until = rows.until(start, end)
    blank = pl.all_horizontal(pl.col(name).is_null() for name in batch.columns if name != ROW)
    frame = pl.DataFrame({
        "row": batch[ROW], "x": x, "y": y, "start": start.values.moment, "end": until,
        "ends": end.values.moment, "weight": weight, "blank": batch.select(blank).to_series(),
    })  # fmt: skip
    for name in ("category", "location"):
        if name in read:
            column = read[name]
            is_number = name == "location" and column.dtype.is_integer()
            frame = frame.with_columns((column if is_number else rows.text_of(column)).alias(name))
    given = pl.DataFrame({
        "x": x_text, "y": y_text, "start": start.given, "end": end.given, "weight": weight_text,
    })  # fmt: skip
    reason = rows.reasons_of(frame, given, batch, found, (x_name, y_name))
    _count(gathered, frame["row"], reason, rows.examples_of(frame, given, reason))
    gathered.rows += len(batch)
    kept = reason.is_null()
    gathered.is_last_bad = not kept[-1]
    gathered.orders |= start.values.orders | end.values.orders
    gathered.days += int((start.values.is_day & kept).sum())
    for moment in (start, end):
        zone = moment.values.has_zone
        zoneless = moment.values.moment.is_not_null() & ~zone
        gathered.zoned += frame["row"].filter(kept & zone).head(_EXAMPLES).to_list()
        gathered.zoneless += frame["row"].filter(kept & zoneless).head(_EXAMPLES).to_list()
    gathered.frames.append(
        frame.filter(kept).select("row", *(name for name in _KEPT if name in frame.columns))
    )


def _count(gathered: _Gathered, rows: pl.Series, reason: pl.Series, examples: pl.Series) -> None:
    bad = pl.DataFrame({"row": rows, "reason": reason, "example": examples}).drop_nulls("reason")
    if not len(bad):
        return
    groups = bad.group_by("reason", maintain_order=True).agg(
        pl.col("row").head(_EXAMPLES).alias("rows"), pl.len().alias("count"),
        pl.col("example").first(),
    )  # fmt: skip
    for name, shown, count, example in groups.iter_rows():
        gathered.exclude(name, shown, count, example or "")


# The whole --------------------------------------------------------------------------------------


def _reading(
    path: str,
    source: Source,
    found: Mapping[str, str],
    gathered: _Gathered,
    crs: int | None,
    *,
    said: Mapping[str, str | int],
) -> Reading:
    frame = pl.concat(gathered.frames) if gathered.frames else None
    gathered.frames.clear()
    if gathered.rows == 0:
        raise ValueError(f"{path}: no rows below the names")
    if frame is None or not len(frame):
        raise ValueError(f"{path}: no row can be used: {_in_words(gathered.excluded)}")
    place = placed(
        frame["x"].to_numpy(), frame["y"].to_numpy(), crs=crs or source.crs,
        are_degrees="longitude" in found,
    )  # fmt: skip
    good = np.ones(len(frame), bool)
    for reason, bad in place.bad.items():
        rows = frame["row"].to_numpy()[good & bad]
        if rows.size:
            gathered.exclude(reason, rows[:_EXAMPLES].tolist(), rows.size)
        good &= ~bad
    if not good.any():
        raise ValueError(f"{path}: no row can be used: {_in_words(gathered.excluded)}")
    events = _events(frame, place.x, place.y, good, found, gathered.excluded)
    return Reading(
        path=path,
        file=source.described,
        columns=dict(found),
        crs=place.crs,
        epsg=place.epsg,
        rows=gathered.rows,
        excluded=gathered.excluded,
        notes=(
            *place.notes,
            *_notes(source, gathered, len(events)),
            *oddities(events, frame["row"].to_numpy()[good], place.epsg),
            *_category_note(events, found, said),
        ),
        events=events,
    )


def _in_words(excluded: Mapping[str, Excluded]) -> str:
    said = "; ".join(f"{reason} ({one})" for reason, one in excluded.items())
    split = "more fields than there are columns" in excluded
    return f"{said}. Decimal commas in a file that separates by commas?" if split else said


def _notes(source: Source, gathered: _Gathered, events: int) -> list[str]:
    notes = []
    if gathered.is_last_bad:
        notes += [f"{note} It may be cut short." for note in source.notes]
    order = {
        "month first": "Dates such as 03/04/2024 were read as month/day/year.",
        "day first": "Dates such as 03/04/2024 were read as day/month/year.",
        "day first, assumed": "Dates such as 03/04/2024 were read as day/month/year; nothing in "
        "the file tells whether they are.",
    }
    if gathered.orders:
        # Of several the surest: an assumption that later rows bore out is none.
        notes += [text for name, text in order.items() if name in gathered.orders][:1]
    if gathered.days:
        some = f"{gathered.days} of {events}"
        notes.append(f"{some} events have a day and no time of day: known within that day.")
    split = gathered.excluded.get("more fields than there are columns")
    if split is not None and source.described.get("separator") == ",":
        notes.append(
            "Rows with too many fields: decimal commas in a file that separates by commas? "
            "Separate by semicolons instead."
        )
    if gathered.zoned:
        notes.append("Times with an offset from UTC were taken to local time.")
    return notes


def _category_note(
    events: Events, found: Mapping[str, str], said: Mapping[str, str | int]
) -> list[str]:
    """Codes by the hundred, found by the column's name alone, are seldom what one means."""
    if events.category is None or "category" in said:
        return []
    names = np.unique(events.category).astype(str)
    if names.size < _MANY_CODES or not all(name.isdigit() for name in names.tolist() if name):
        return []
    return [
        f"Column {found['category']!r} was taken as the category by its name: {names.size} "
        "different numbers. Say another with --columns category=NAME."
    ]


def _events(
    frame: pl.DataFrame,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    good: NDArray[np.bool_],
    found: Mapping[str, str],
    excluded: Mapping[str, Excluded],
) -> Events:
    if not good.all():
        frame, x, y = frame.filter(good), x[good], y[good]
    start = frame["start"].to_numpy().astype("datetime64[s]")
    end = frame["end"].to_numpy().astype("datetime64[s]")
    return Events(
        x=x,
        y=y,
        start=start,
        end=None if bool((end == start).all()) else end,
        category=_labels(frame["category"]) if "category" in found else None,
        weight=frame["weight"].to_numpy() if "weight" in found else None,
        location=_labels(frame["location"]) if "location" in found else None,
        excluded={reason: one.count for reason, one in excluded.items()},
    )


def _labels(column: pl.Series) -> NDArray[Any]:
    """Labels as an array; '' where none is given."""
    if column.dtype.is_integer():
        if not column.has_nulls():
            return np.asarray(column.to_numpy())
        column = column.cast(pl.String)
    # By way of the distinct ones: few, where an array of Python texts would be many objects.
    column = column.fill_null("")
    names = column.unique(maintain_order=True)
    codes = column.replace_strict(
        names, pl.int_range(len(names), eager=True), return_dtype=pl.UInt32
    )
    return np.asarray(np.array(names.to_list(), dtype=str)[codes.to_numpy()])
