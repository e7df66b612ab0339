"""The rows of a batch: their columns as values, and why some cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lagesbild.events import _values as values
from lagesbild.events._files import GEOMETRY, MORE


@dataclass(frozen=True)
class Moment:
    """A column of moments, and where anything was given."""

    values: values.Moments
    given: pl.Series


def text_of(column: pl.Series) -> pl.Series:
    return pl.DataFrame({"c": column}).select(values.trimmed(pl.col("c"))).to_series()


def numbers_of(read: Mapping[str, pl.Series], name: str, size: int) -> tuple[pl.Series, pl.Series]:
    """The numbers, and where anything was given (as text or not null)."""
    if name not in read:
        nothing = pl.Series(name, [None], dtype=pl.Float64).new_from_index(0, size)
        return nothing, nothing.cast(pl.String)
    column = read[name]
    if column.dtype.is_numeric():
        value = column.cast(pl.Float64)
        is_number = value.is_finite().fill_null(False)
        nothing = pl.Series(name, [None], dtype=pl.Float64).new_from_index(0, size)
        return value.zip_with(is_number, nothing), value.fill_nan(None).cast(pl.String)
    text = text_of(column)
    return pl.DataFrame({"c": text}).select(values.numbers(pl.col("c"))).to_series(), text


def moments_of(
    read: Mapping[str, pl.Series], name: str, time_zone: str, day_first: bool | None
) -> Moment:
    if name not in read:
        size = len(read["start"])
        empty = pl.Series(name, [None], dtype=pl.String).new_from_index(0, size)
        return Moment(values.moments(empty, time_zone=time_zone, day_first=day_first), empty)
    column = read[name]
    if column.dtype in (pl.Date, pl.Datetime):
        return Moment(_typed(column, time_zone), column.cast(pl.String))
    text = text_of(column)
    if f"{name}_clock" in read:
        text = _with_clock(text, text_of(read[f"{name}_clock"]))
    return Moment(values.moments(text, time_zone=time_zone, day_first=day_first), text)


def _typed(column: pl.Series, time_zone: str) -> values.Moments:
    """Parquet's own dates and times."""
    no = pl.repeat(False, len(column), eager=True)
    if column.dtype == pl.Date:
        return values.Moments(column.cast(pl.Datetime("us")), column.is_not_null(), no)
    assert isinstance(column.dtype, pl.Datetime)
    has_zone = no
    if column.dtype.time_zone is not None:
        has_zone = column.is_not_null()
        column = column.dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return values.Moments(column.cast(pl.Datetime("us")), no, has_zone)


def _with_clock(date: pl.Series, clock: pl.Series) -> pl.Series:
    """'2024-03-01' and '14:30', '14.30' or '1430' as one; the day alone where no clock is given.

    A clock that comes with its own date is the whole moment.
    """
    frame = pl.DataFrame({"date": date, "clock": clock})
    bare = r"^\d{3,4}$"
    digits = pl.col("clock").str.zfill(4)
    spelt = (
        pl.when(pl.col("clock").str.contains(bare))
        .then(digits.str.slice(0, 2) + ":" + digits.str.slice(2, 2))
        .otherwise(pl.col("clock"))
    )
    # A spreadsheet's export writes the day as '2024-03-01 00:00:00' beside its clock.
    day = pl.col("date").str.replace(r"[T ]0{1,2}:00(:00)?(\.0+)?$", "")
    joined = (
        pl.when(pl.col("clock").is_null()).then(day)
        .when(pl.col("clock").str.contains(r"^\d{4}-")).then(pl.col("clock"))
        .otherwise(day + " " + spelt)
    )  # fmt: skip
    return frame.select(joined.alias("text")).to_series()


def until(start: Moment, end: Moment) -> pl.Series:
    """The end of what is known: as given, a day's end for a day, else the start."""
    frame = pl.DataFrame({
        "start": start.values.moment, "is_day": start.values.is_day,
        "end": end.values.moment, "ends_day": end.values.is_day,
    })  # fmt: skip
    day = pl.duration(days=1)
    own_end = pl.when(pl.col("is_day")).then(pl.col("start") + day).otherwise(pl.col("start"))
    given = pl.when(pl.col("ends_day")).then(pl.col("end") + day).otherwise(pl.col("end"))
    return frame.select(pl.coalesce(given, own_end).alias("end")).to_series()


def reasons_of(
    frame: pl.DataFrame,
    given: pl.DataFrame,
    batch: pl.DataFrame,
    found: Mapping[str, str],
    names: tuple[str, str],
) -> pl.Series:
    """Why each row cannot be used; null where it can. The first reason counts."""
    value = pl.col
    both = frame.hstack(given.rename({name: f"given_{name}" for name in given.columns}))
    checks: list[tuple[pl.Expr, pl.Expr]] = [(value("blank"), pl.lit("empty row"))]
    if MORE in batch.columns:
        both = both.with_columns(text_of(batch[MORE]).alias(MORE))
        more = "more fields than there are columns"
        checks.append((value(MORE).is_not_null(), pl.lit(more)))
    if GEOMETRY in batch.columns:
        both = both.with_columns(batch[GEOMETRY].alias(GEOMETRY))
        checks.append((value(GEOMETRY).is_not_null(), pl.format("geometry: {}", GEOMETRY)))
    for field_name, own in (("x", names[0]), ("y", names[1]), ("start", "start")):
        what = "no time" if field_name == "start" else "not a number"
        checks.append((value(f"given_{field_name}").is_null(), pl.lit(f"{own} missing")))
        checks.append((value(field_name).is_null(), pl.lit(f"{own}: {what}")))
    if "end" in found:
        checks.append(
            (value("given_end").is_not_null() & value("ends").is_null(), pl.lit("end: no time"))
        )
        checks.append((value("end") < value("start"), pl.lit("end before start")))
    if "weight" in found:
        checks.append((value("given_weight").is_null(), pl.lit("weight missing")))
        checks.append((value("weight").is_null(), pl.lit("weight: not a number")))
        checks.append((value("weight") < 0, pl.lit("weight negative")))
    reasons = [pl.when(condition).then(reason) for condition, reason in checks]
    return both.select(pl.coalesce(*reasons).alias("reason")).to_series()


def examples_of(frame: pl.DataFrame, given: pl.DataFrame, reason: pl.Series) -> pl.Series:
    """What stood in the field that a row was left out for, as text; null where nothing did."""
    both = given.select(pl.all().name.prefix("given_")).with_columns(
        reason.alias("reason"), frame["start"], frame["ends"]
    )
    if reason.is_null().all():
        return pl.Series("example", [None], dtype=pl.String).new_from_index(0, len(reason))
    why, clock = pl.col("reason"), "%Y-%m-%d %H:%M"
    fields = {"x": "x", "longitude": "x", "y": "y", "latitude": "y", "start": "start",
              "end": "end", "weight": "weight"}  # fmt: skip
    found = [
        pl.when(why.str.starts_with(f"{name}: ")).then(pl.col(f"given_{field}").cast(pl.String))
        for name, field in fields.items()
    ]
    start, end = (pl.col(name).dt.strftime(clock) for name in ("start", "ends"))
    span = pl.format("{} to {}", start, end)
    found.append(pl.when(why == "end before start").then(span))
    return both.select(pl.coalesce(*found).str.slice(0, 40).alias("example")).to_series()
