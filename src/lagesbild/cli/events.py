"""`lagesbild events`."""

from __future__ import annotations

from typing import Any

import numpy as np

from lagesbild.cli._answer import Answer, Features, Rows
from lagesbild.cli._command import statistic
from lagesbild.cli._data import Data, read, told_lines, with_reading_options
from lagesbild.cli._text import day, number, table
from lagesbild.events import Reading

_SHOWN = 10


def answer(**how: Any) -> Answer:
    """Read a file and tell what can be used, and why the rest cannot.

    \b
    lagesbild events events.csv
    lagesbild events brott.csv --columns x=Ost,y=Nord,start=Brottsdatum
    lagesbild events brott.csv --out events.parquet     the same events, clean
    """
    reading = read(how.pop("file"), is_told=False, **how)
    events = reading.events
    columns = {
        "x": events.x, "y": events.y, "start": events.start, "end": events.end,
        "category": events.category, "weight": events.weight, "location": events.location,
    }  # fmt: skip
    there = {name: column for name, column in columns.items() if column is not None}
    properties = Rows({name: column for name, column in there.items() if name not in "xy"})
    return Answer(
        lines=_lines(reading),
        result=reading,
        columns=there,
        features=Features("Point", np.column_stack([events.x, events.y]), properties,
                          reading.epsg),
        drawn=None,
    )  # fmt: skip


def _lines(reading: Reading) -> list[str]:
    events, data = reading.events, Data(reading.events, reading)
    first, last = data.period
    wide, high = float(np.ptp(events.x)), float(np.ptp(events.y))
    known = "all moments known"
    if events.end is not None:
        vague = int((events.end > events.start).sum())
        known = f"{number(vague)} known within an interval"
    facts = {
        "rows": f"{number(reading.rows)}, of which {number(len(events))} are events",
        "period": f"{day(first)} to {day(last)}, {known}",
        "extent": f"{number(wide / 1000, 1)} × {number(high / 1000, 1)} km",
        "coordinates": reading.crs,
        "file": ", ".join(f"{name} {value}" for name, value in reading.file.items()),
        "duplicates": _duplicates(reading),
        "columns": ", ".join(f"{field} = {name}" for field, name in reading.columns.items()),
        "fingerprint": events.fingerprint,
    }
    lines = [f"{number(len(events))} events in {reading.path}", ""]
    lines += [f"  {name:12} {text}" for name, text in facts.items()]
    for name in ("category", "location"):
        labels = getattr(events, name)
        if labels is not None:
            lines += ["", *_most_common(name, labels)]
    told = told_lines(reading)
    return [*lines, "", *told] if told else lines


def _duplicates(reading: Reading) -> str:
    """Rows alike in everything that is read: perhaps the same event twice, perhaps not."""
    events = reading.events
    order = [events.x, events.y, events.start, events.end, events.category, events.weight,
             events.location]  # fmt: skip
    codes = [np.unique(column, return_inverse=True)[1] for column in order if column is not None]
    sort = np.lexsort(codes)
    same = np.logical_and.reduce([np.diff(code[sort]) == 0 for code in codes])
    count = int(same.sum())
    return f"{number(count)} rows are the same as another in all of these" if count else "none"


def _most_common(name: str, labels: np.ndarray) -> list[str]:
    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_SHOWN]
    more = f"  and {number(names.size - _SHOWN)} more" if names.size > _SHOWN else ""
    shown = {name: [str(each) or "(none)" for each in names[order]],
             "events": [number(each) for each in counts[order]]}  # fmt: skip
    return [*table(shown), *([more] if more else [])]


command = statistic("events", suffixes=(".json", ".csv", ".parquet", ".geojson"))(
    with_reading_options(answer, choosing=False)
)
