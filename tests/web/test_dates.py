"""Dates as each language writes them, the ones the framework does not know included."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format

from kraftsamling.web.place_words import period_text

SUNDAY = date(2026, 5, 24)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "söndag 24 maj"),
        ("en", "Sunday 24 May"),
        ("fi", "sunnuntai 24. toukokuuta"),
        ("uk", "неділя 24 травня"),
        ("hr", "nedjelja 24. svibnja"),
        ("so", "24 Maayo"),
        ("ku", "24 gulan"),
    ],
)
def test_a_day_is_named_as_people_name_it(language: str, words: str) -> None:
    with translation.override(language):
        assert words in period_text(SUNDAY, date(2026, 5, 25), today=SUNDAY)


@pytest.mark.parametrize("language", ["so", "ku"])
def test_a_date_stands_in_the_order_of_the_day_first(language: str) -> None:
    with translation.override(language):
        assert date_format(SUNDAY, "DATE_FORMAT").startswith("24 ")
