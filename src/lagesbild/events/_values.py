"""From text to numbers and moments, a column at a time; null where it cannot be done.

Polars expressions only, so that ten million rows take seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

_CANONICAL = "%Y-%m-%d %H:%M:%S"
_QUICK = (_CANONICAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
_CLOCK = (
    r"(?:(?:[T,] *| +)(?:kl\.? *)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?(?: *(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
_ZONE = r" *(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?$"
_DATES = {
    "iso": r"^(?P<year>\d{4})[-/.]?(?P<month>\d{2})[-/.]?(?P<day>\d{2})",
    "short": r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
    "numbers": r"^(?P<first>\d{1,2})[-/.](?P<other>\d{1,2})[-/. ](?P<year>\d{4})",
    "words": r"^(?:\p{L}+ +)?(?:den +)?(?P<day>\d{1,2})[ .]+(?P<word>\p{L}+)\.?,? +(?P<year>\d{4})",
    "english": r"^(?P<word>\p{L}+)\.? +(?P<day>\d{1,2}),? +(?P<year>\d{4})",
}
BOTH_ORDERS = (
    "start, end: dates such as 13/02/2024 beside 02/13/2024, so which of the two is the day cannot "
    "be told; say day_first=True or False, and the others are left out"
)
_MONTHS = {
    "jan": "01", "feb": "02", "mar": "03", "apr": "04", "maj": "05", "may": "05", "jun": "06",
    "jul": "07", "aug": "08", "sep": "09", "okt": "10", "oct": "10", "nov": "11", "dec": "12",
}  # fmt: skip


def trimmed(column: pl.Expr) -> pl.Expr:
    """Text without space around it; null where nothing is left."""
    text = column.cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def numbers(column: pl.Expr) -> pl.Expr:
    """Numbers with point or comma, spaces between thousands, any minus sign; else null."""
    text = (
        column.str.replace_all(r"[\s\u{00A0}\u{202F}\u{2009}']", "")
        .str.replace("\u2212", "-", literal=True)
        .str.replace(",", ".", literal=True)
    )
    value = text.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


@dataclass(frozen=True)
class Moments:
    """Columns of one length, and what was noticed.

    moment    datetime without zone; null where the text is none
    is_day    no time of day was given
    has_zone  an offset from UTC was given, and the moment was taken to the zone
    orders    how dates such as 03/04/2024 were read, where there are any
    """

    moment: pl.Series
    is_day: pl.Series
    has_zone: pl.Series
    orders: frozenset[str] = frozenset()


def moments(text: pl.Series, *, time_zone: str, day_first: bool | None) -> Moments:
    """Moments from trimmed text: ISO 8601, and days and months in figures or words.

    Raises ValueError for dates in figures whose order of day and month cannot be right.
    """
    # A series of its own for each: `scatter` below writes into them.
    result = Moments(_no_moments(len(text)), _no(len(text)), _no(len(text)))
    for read in (_quickly, _by_form(time_zone, day_first)):
        left = result.moment.is_null() & text.is_not_null()
        if not left.any():
            break
        result = _filled(result, left, read(text.filter(left)))
    return result


def _no(size: int) -> pl.Series:
    return pl.repeat(False, size, eager=True)


def _no_moments(size: int) -> pl.Series:
    return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, size)


def _filled(result: Moments, left: pl.Series, more: Moments) -> Moments:
    """`more`, one for each True in `left`, put into the result."""
    rows = left.arg_true()
    return Moments(
        result.moment.scatter(rows, more.moment),
        result.is_day.scatter(rows, more.is_day),
        result.has_zone.scatter(rows, more.has_zone),
        result.orders | more.orders,
    )


def _quickly(text: pl.Series) -> Moments:
    """Whole columns of one common form, a tenth of the time of what follows."""
    first = text.head(1)
    for form in _QUICK:
        if first.str.to_datetime(form, strict=False).is_not_null().all():
            moment = text.str.to_datetime(form, strict=False, time_unit="us")
            return Moments(moment, _no(len(text)), _no(len(text)))
    moment = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    return Moments(moment, moment.is_not_null(), _no(len(text)))


def _by_form(time_zone: str, day_first: bool | None) -> Callable[[pl.Series], Moments]:
    def read(text: pl.Series) -> Moments:
        parts = pl.DataFrame({"text": text})
        for name, date in _DATES.items():
            pattern = date + _CLOCK + _ZONE
            parts = parts.with_columns(pl.col("text").str.extract_groups(pattern).alias(name))
        order, orders = _order(parts, day_first)
        moment = pl.coalesce(*(_assembled(name, order) for name in _DATES))
        zone = pl.coalesce(*(pl.col(name).struct.field("zone") for name in _DATES))
        hour = pl.coalesce(*(pl.col(name).struct.field("hour") for name in _DATES))
        frame = parts.select(
            moment=_to_zone(moment, zone, time_zone),
            is_day=hour.is_null(),
            has_zone=zone.is_not_null(),
        )
        known = frame["moment"].is_not_null()
        return Moments(frame["moment"], frame["is_day"] & known, frame["has_zone"] & known, orders)

    return read


def _order(parts: pl.DataFrame, day_first: bool | None) -> tuple[bool, frozenset[str]]:
    """Whether 03/04/2024 is the third of April, by what is given or by the rows themselves."""
    figures = parts.select(
        first=pl.col("numbers").struct.field("first").cast(pl.Int32),
        other=pl.col("numbers").struct.field("other").cast(pl.Int32),
    ).drop_nulls()
    if not len(figures):
        return True, frozenset()
    first_is_day = ((figures["first"] > 12) & (figures["other"] <= 12)).any()
    other_is_day = ((figures["other"] > 12) & (figures["first"] <= 12)).any()
    if day_first is not None:
        return day_first, frozenset({"given"})
    if first_is_day and other_is_day:
        raise ValueError(BOTH_ORDERS)
    if other_is_day:
        return False, frozenset({"month first"})
    return True, frozenset({"day first" if first_is_day else "day first, assumed"})


def _assembled(name: str, day_first: bool) -> pl.Expr:
    part = pl.col(name).struct.field
    if name == "numbers":
        day, month = ("first", "other") if day_first else ("other", "first")
        day_text, month_text = part(day), part(month)
    elif name in ("words", "english"):
        day_text = part("day")
        word = part("word").str.to_lowercase().str.slice(0, 3)
        month_text = word.replace_strict(_MONTHS, default=None, return_dtype=pl.String)
    else:
        day_text, month_text = part("day"), part("month")
    hour = part("hour").cast(pl.Int32)
    half = part("half").str.to_lowercase()
    hour = (
        pl.when(half.is_null()).then(hour)
        .when((hour < 1) | (hour > 12)).then(99)
        .when(half == "p").then(hour % 12 + 12)
        .otherwise(hour % 12)
    )  # fmt: skip
    text = pl.format(
        "{}-{}-{} {}:{}:{}",
        part("year"), month_text.str.zfill(2), day_text.str.zfill(2),
        hour.fill_null(0).cast(pl.String).str.zfill(2),
        part("minute").fill_null("00"), part("second").fill_null("00"),
    )  # fmt: skip
    return text.str.to_datetime(_CANONICAL, strict=False, time_unit="us")


def _to_zone(moment: pl.Expr, zone: pl.Expr, time_zone: str) -> pl.Expr:
    """Moments with an offset, as the clocks of `time_zone` showed them."""
    digits = zone.str.replace_all(r"[+:-]", "").str.replace(r"^[Zz]$", "0000").str.pad_end(4, "0")
    minutes = digits.str.slice(0, 2).cast(pl.Int64) * 60 + digits.str.slice(2, 2).cast(pl.Int64)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    utc = moment - pl.duration(minutes=minutes * sign)
    local = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone)
    return pl.when(zone.is_null()).then(moment).otherwise(local.dt.replace_time_zone(None))
