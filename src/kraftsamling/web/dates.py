"""Days in words, in the order and form of the page's language."""

from datetime import date

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language

# Where a weekday is a proper noun; elsewhere it begins with a small letter.
_CAPITAL_WEEKDAYS = frozenset({"en"})


def day_words(day: date, *, with_weekday: bool = True, with_year: bool = False) -> str:
    """'söndag 24 maj', 'Sunday 24 May', 'sunnuntai 24. toukokuuta'; with the year where asked."""
    name = "DATE_FORMAT" if with_year else "MONTH_DAY_FORMAT"
    words = date_format(day, get_format(name))
    return f"{weekday_words(day)} {words}" if with_weekday else words


def weekday_words(day: date) -> str:
    weekday = date_format(day, "l")
    return weekday if get_language() in _CAPITAL_WEEKDAYS else weekday.lower()
