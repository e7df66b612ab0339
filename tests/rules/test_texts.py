"""A text in several languages: nothing is lost, and what nobody has read is marked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.kit.texts import FALLBACKS, Texts

codes = st.sampled_from(list(BY_CODE))
written = st.text(min_size=1, max_size=20)
by_language = st.dictionaries(codes, written)


@st.composite
def texts(draw) -> Texts:
    words = draw(by_language)
    drafts = draw(st.sets(st.sampled_from(sorted(words)))) if words else set()
    return Texts(words, frozenset(drafts))


@given(texts())
def test_what_is_stored_comes_back_the_same(given_texts):
    stored = json.loads(json.dumps(given_texts.to_json()))
    assert Texts.from_json(stored) == given_texts


@given(texts())
def test_the_order_of_storage_does_not_matter(given_texts):
    stored = given_texts.to_json()
    backwards = dict(reversed(stored.items()))
    assert list(Texts.from_json(stored).by_language) == list(Texts.from_json(backwards).by_language)


@given(texts(), codes)
def test_a_text_is_shown_in_the_language_asked_for_or_in_one_that_there_is(given_texts, code):
    shown = given_texts.in_language(code)
    if given_texts.has(code):
        assert shown.language == code
    if given_texts:
        assert shown.text == given_texts.by_language[shown.language]
        assert shown.is_draft == (shown.language in given_texts.drafts)
    else:
        assert (shown.text, shown.language, shown.is_draft) == ("", code, False)


@given(texts(), codes)
def test_swedish_stands_in_first_and_english_next(given_texts, code):
    if not given_texts.has(code):
        present = [each for each in FALLBACKS if given_texts.has(each)]
        if present:
            assert given_texts.in_language(code).language == present[0]


@given(texts(), codes, written, st.booleans())
def test_a_replaced_language_leaves_the_others_alone(given_texts, code, text, is_draft):
    changed = given_texts.with_text(code, text, is_draft=is_draft)
    assert changed.by_language[code] == text
    assert (code in changed.drafts) == is_draft
    others = set(BY_CODE) - {code}
    assert {c: changed.by_language.get(c) for c in others} == {
        c: given_texts.by_language.get(c) for c in others
    }
    assert changed.drafts - {code} == given_texts.drafts - {code}


@given(texts(), codes, st.booleans())
def test_an_emptied_language_is_gone_with_its_mark(given_texts, code, is_draft):
    changed = given_texts.with_text(code, "", is_draft=is_draft)
    assert not changed.has(code)
    assert code not in changed.drafts
    assert code not in changed.by_language


@given(texts())
def test_a_text_is_true_when_something_is_written(given_texts):
    assert bool(given_texts) == bool(given_texts.by_language)


def test_nothing_stored_is_an_empty_text():
    for stored in (None, {}):
        assert Texts.from_json(stored) == Texts()
    assert not Texts()
    assert str(Texts()) == ""


def test_keywords_give_reviewed_texts():
    made = Texts.of("Hej", en="Hello", fi="")
    assert made.to_json() == {"sv": "Hej", "en": "Hello"}
    assert str(made) == "Hej"


def test_a_language_that_the_city_does_not_have_is_refused_by_name():
    with pytest.raises(ValueError, match="xx"):
        Texts.of("Hej", xx="?")


def test_a_draft_is_marked_where_it_is_shown():
    made = Texts.of("Hej").with_text("ar", "مرحبا", is_draft=True)
    assert made.in_language("ar").is_draft
    assert not made.in_language("sv").is_draft
    assert made.to_json()["drafts"] == ["ar"]
