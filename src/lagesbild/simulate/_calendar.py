"""The year wheel of a Swedish city: which days are not like others.

Public holidays follow lag (1989:253) om allmänna helgdagar; Easter the anonymous Gregorian rule
(Meeus, Astronomical Algorithms, ch. 8). School breaks differ between municipalities: these are the
usual ones of the middle of the country, and only meant for made-up data.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

WHEEL = (
    "public_holiday",  # Sundays apart
    "eve",  # of midsummer, Christmas, New Year
    "school_break",  # winter, Easter, autumn and Christmas breaks
    "summer",  # the schools' long one
    "pay_weekend",  # the Friday and Saturday on or after the 25th's pay
    "valborg",
    "midsummer",  # the eve and the day
    "lucia",  # the night before, and the day
    "new_year",  # the eve and the day
)


def year_wheel(days: Days) -> Mapping[str, Mask]:
    """For each name in `WHEEL`, which of the days (datetime64[D]) it holds for."""
    year, month, day, weekday = _parts(days)
    easter = _easter(days)
    since_easter = (days - easter).astype(np.int64)
    midsummer_eve = (month == 6) & (weekday == 4) & (day >= 19) & (day <= 25)
    midsummer_day = (month == 6) & (weekday == 5) & (day >= 20) & (day <= 26)
    all_saints = (weekday == 5) & (((month == 10) & (day == 31)) | ((month == 11) & (day <= 6)))
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)]
    week = _iso_week(days)
    easter_break = (since_easter >= 1) & (since_easter <= 5)
    christmas_break = ((month == 12) & (day >= 21)) | ((month == 1) & (day <= 7))
    new_year = _on(month, day, [(12, 31), (1, 1)])
    return {
        "public_holiday": _on(month, day, fixed)
        | np.isin(since_easter, [-2, 0, 1, 39, 49])
        | midsummer_day
        | all_saints,
        "eve": midsummer_eve | _on(month, day, [(12, 24), (12, 31)]),
        "school_break": np.isin(week, [8, 44]) | easter_break | christmas_break,
        "summer": ((month == 6) & (day >= 12)) | (month == 7) | ((month == 8) & (day <= 17)),
        "pay_weekend": _pay_weekend(days, year, month, weekday),
        "valborg": _on(month, day, [(4, 30)]),
        "midsummer": midsummer_eve | midsummer_day,
        "lucia": _on(month, day, [(12, 12), (12, 13)]),
        "new_year": new_year,
    }


def weekdays(days: Days) -> NDArray[np.int64]:
    """0 for Monday; the first of January 1970 was a Thursday."""
    return np.asarray((days.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def day_of_year(days: Days) -> NDArray[np.int64]:
    return np.asarray((days - days.astype("datetime64[Y]")).astype(np.int64))


def _parts(days: Days) -> tuple[NDArray[np.int64], ...]:
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months).astype(np.int64) + 1
    return year, month, day, weekdays(days)


def _on(month: NDArray[np.int64], day: NDArray[np.int64], dates: list[tuple[int, int]]) -> Mask:
    return np.isin(month * 100 + day, [m * 100 + d for m, d in dates])


def _easter(days: Days) -> Days:
    """Easter Sunday of each day's year."""
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month = (h + m - 7 * n + 114) // 31
    day = (h + m - 7 * n + 114) % 31 + 1
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(first + (day - 1))


def _iso_week(days: Days) -> NDArray[np.int64]:
    """The week has the number that its Thursday has in its year."""
    thursday = days + (3 - weekdays(days))
    return day_of_year(np.asarray(thursday)) // 7 + 1


def _pay_weekend(
    days: Days, year: NDArray[np.int64], month: NDArray[np.int64], weekday: NDArray[np.int64]
) -> Mask:
    """Pay comes on the 25th, or the Friday before when that is a Saturday or Sunday."""
    is_weekend = np.zeros(days.size, bool)
    for earlier in (0, 1):  # the weekend after the 25th may lie in the next month
        months = ((year - 1970) * 12 + month - 1 - earlier).astype("datetime64[M]")
        paid = months.astype("datetime64[D]") + 24
        ordinary = weekdays(paid)
        paid = paid - np.where(ordinary > 4, ordinary - 4, 0)
        friday = paid + (4 - weekdays(paid))
        is_weekend |= (days == friday) | (days == friday + 1)
    return np.asarray(is_weekend & (weekday >= 4) & (weekday <= 5))
