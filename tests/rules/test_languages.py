"""The list of languages, and that Django knows every one of them."""

from django.utils import translation

from kraftsamling.kit.languages import BY_CODE, LANGUAGES, SOURCE_LANGUAGE, direction_of


def test_swedish_is_first_and_the_source():
    assert LANGUAGES[0].code == SOURCE_LANGUAGE == "sv"


def test_every_language_stands_once_with_a_name_of_its_own():
    assert len(BY_CODE) == len(LANGUAGES)
    assert len({language.autonym for language in LANGUAGES}) == len(LANGUAGES)
    assert all(language.autonym for language in LANGUAGES)


def test_arabic_reads_from_right_to_left_and_an_unknown_language_does_not():
    assert direction_of("ar") == "rtl"
    assert direction_of("sv") == direction_of("ku") == direction_of("xx") == "ltr"


def test_pages_can_be_shown_in_every_language():
    for language in LANGUAGES:
        known = translation.get_language_info(language.code)
        assert known["bidi"] == (language.direction == "rtl")
        with translation.override(language.code):
            assert translation.get_language_bidi() == (language.direction == "rtl")
