"""Slugs: readable, ASCII, never empty, never twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.kit.ids import to_free_slug, to_slug

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Hyresbostäder", "hyresbostader"),
        ("Polisen", "polisen"),
        ("Kvinnojouren & vännerna", "kvinnojouren-vannerna"),
        ("  Ö-råd  ", "o-rad"),
        ("Café Østersund", "cafe-ostersund"),
        ("Straße 7", "strasse-7"),
        ("Þór Łódź Đakovo", "thor-lodz-dakovo"),
        ("IFK Norrköping FK 1897", "ifk-norrkoping-fk-1897"),
        ("ÅÄÖ", "aao"),
        ("Diyarbakır İzmir", "diyarbakir-izmir"),
    ],
)
def test_a_name_keeps_the_letters_one_would_type(name, slug):
    assert to_slug(name) == slug


@pytest.mark.parametrize("name", ["", "   ", "العربية", "Київ", "!?", "😀"])
def test_a_name_without_such_letters_needs_a_slug_of_its_own(name):
    with pytest.raises(ValueError, match="no ASCII"):
        to_slug(name)


@given(st.text(max_size=120), st.integers(1, 80))
def test_a_slug_is_always_one_or_refused(name, max_length):
    try:
        slug = to_slug(name, max_length=max_length)
    except ValueError:
        return
    assert SLUG.fullmatch(slug)
    assert len(slug) <= max_length
    assert to_slug(slug, max_length=max_length) == slug


@given(st.lists(st.text("abå ", min_size=1, max_size=12), max_size=25))
def test_free_slugs_never_meet(names):
    taken: set[str] = set()
    for name in names:
        try:
            slug = to_free_slug(name, taken, max_length=12)
        except ValueError:
            continue
        assert slug not in taken
        assert len(slug) <= 12
        taken.add(slug)


def test_a_taken_slug_is_numbered_from_two():
    assert to_free_slug("Skolan", set()) == "skolan"
    assert to_free_slug("Skolan", {"skolan"}) == "skolan-2"
    assert to_free_slug("Skolan", {"skolan", "skolan-2"}) == "skolan-3"
