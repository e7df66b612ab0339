"""A text in all its languages, edited in one field."""

import pytest
from django import forms

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.kit.texts import Texts
from kraftsamling.privacy import words
from kraftsamling.web.design.widgets import GuardedTextarea
from kraftsamling.web.desk.places.forms import HoursSourceForm, PlaceForm
from kraftsamling.web.forms import GuardedCharField, TextsFormField
from kraftsamling.web.guarding import guard_words


class NameForm(forms.Form):
    name = TextsFormField(label="Namn", max_length=20)


class AboutForm(forms.Form):
    about = TextsFormField(label="Om", max_length=200, multiline=True, required=False)


DRAFTED = Texts({"sv": "Hem", "ar": "بيت"}, frozenset({"ar"}))


def sent_back(form: forms.Form, name: str) -> dict[str, str]:
    """What a browser sends when the form is submitted as it was shown: read from the HTML."""
    import re
    from html import unescape

    html, data = str(form[name]), {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes["type"] != "checkbox":
            data[attributes["name"]] = unescape(attributes["value"])
    for field, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', html, re.S
    ):
        data[field] = unescape(text).replace("\n", "\r\n")
    return data


def test_a_form_that_is_sent_back_untouched_changes_nothing():
    shown = NameForm(initial={"name": DRAFTED})
    form = NameForm(sent_back(shown, "name"), initial={"name": DRAFTED})
    assert form.is_valid()
    assert form.cleaned_data["name"] == DRAFTED
    assert not form.has_changed()


def test_lines_come_back_as_they_were():
    about = Texts.of("Första raden\n\nTredje <b>raden</b> & mer")
    form = AboutForm(
        sent_back(AboutForm(initial={"about": about}), "about"), initial={"about": about}
    )
    assert form.is_valid()
    assert form.cleaned_data["about"] == about
    assert not form.has_changed()


def test_every_language_has_its_direction_and_its_own_label():
    html = str(NameForm()["name"])
    for language in BY_CODE.values():
        assert f'name="name_{language.code}"' in html
        assert f'lang="{language.code}" dir="{language.direction}"' in html
        assert language.autonym in html


def test_swedish_is_asked_for_and_nothing_else_is():
    form = NameForm({"name_en": "Home"})
    assert form.errors == {"name": ["Skriv texten på svenska."]}
    assert NameForm({"name_sv": "Hem"}).is_valid()
    assert str(NameForm()["name"]).count(" required") == 1


def test_an_optional_text_may_be_empty():
    form = AboutForm({})
    assert form.is_valid()
    assert form.cleaned_data["about"] == Texts()


def test_each_language_that_is_too_long_is_named_and_shown():
    form = NameForm({"name_sv": "x" * 21, "name_uk": "y" * 30, "name_fi": "ok"})
    assert form.errors["name"] == [
        "Svenska: texten är 21 tecken lång. Korta den till högst 20.",
        "Українська: texten är 30 tecken lång. Korta den till högst 20.",
    ]
    html = str(form["name"])
    assert '<details class="ks-texts__more" open>' in html
    assert html.count('aria-invalid="true"') == 2


def test_a_character_that_cannot_be_stored_is_refused():
    assert not NameForm({"name_sv": "a\x00b"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Hem ", "Hem"), ("He\u0301m", "Hém"), ("Hem\r\nborta", "Hem borta"), (" \n ", None)],
)
def test_a_line_is_kept_in_one_spelling(typed, kept):
    form = NameForm({"name_sv": "x", "name_en": typed})
    assert form.is_valid()
    assert form.cleaned_data["name"].by_language.get("en") == kept


def test_a_machine_draft_stays_one_until_a_person_has_reviewed_it():
    data = sent_back(NameForm(initial={"name": DRAFTED}), "name")
    assert NameForm(data).fields["name"]
    kept = NameForm(data)
    assert kept.is_valid()
    assert kept.cleaned_data["name"].drafts == {"ar"}
    reviewed = NameForm({**data, "name_ar_reviewed": "1"}, initial={"name": DRAFTED})
    assert reviewed.is_valid()
    assert reviewed.cleaned_data["name"].drafts == frozenset()
    assert reviewed.has_changed()


def test_a_pasted_machine_translation_can_be_marked_as_one():
    form = NameForm({"name_sv": "Hem", "name_so": "Guri", "name_so_draft": "1"})
    assert form.is_valid()
    assert form.cleaned_data["name"].drafts == {"so"}


def test_swedish_is_never_a_draft_of_itself():
    html = str(NameForm(initial={"name": Texts.of("Hem")})["name"])
    assert "name_sv_draft" not in html


def test_the_fold_says_what_lies_in_it():
    html = str(NameForm(initial={"name": DRAFTED})["name"])
    assert "1 ifyllt" in html
    assert "1 ska granskas" in html
    assert "inget ifyllt" in str(NameForm()["name"])


def test_written_text_is_shown_and_never_run():
    html = str(NameForm(initial={"name": Texts.of('"><script>alert(1)</script>')})["name"])
    assert "<script>" not in html


def test_a_language_nobody_has_is_not_taken_in():
    form = NameForm({"name_sv": "Hem", "name_xx": "?"})
    assert form.is_valid()
    assert set(form.cleaned_data["name"].by_language) == {"sv"}


def test_a_disabled_field_keeps_what_it_had():
    class Closed(forms.Form):
        name = TextsFormField(max_length=20, disabled=True)

    form = Closed({"name_sv": "annat"}, initial={"name": DRAFTED})
    assert form.is_valid()
    assert form.cleaned_data["name"] == DRAFTED
    assert not form.has_changed()
    assert str(form["name"]).count("disabled") >= len(BY_CODE)


def test_the_error_summary_leads_to_the_swedish_text():
    """The summary links to the first input of a group: the field's id with _0."""
    assert 'id="id_name_0" name="name_sv"' in str(NameForm()["name"])


@pytest.mark.parametrize(
    ("text", "quote"),
    [("Ring 070-174 06 05", "070-174 06 05"), ("Skriv till anna@exempel.se", "anna@exempel.se")],
)
def test_personal_data_in_a_public_text_is_refused_with_a_quote_and_advice(text, quote):
    form = AboutForm({"about_sv": "Öppet hus", "about_en": text})
    assert not form.is_valid()
    (message,) = form.errors["about"]
    assert f"”{quote}”" in message
    assert "Ta bort" in message


def test_what_may_be_a_name_is_not_refused():
    assert AboutForm({"about_sv": "Fråga efter Anna Andersson i receptionen"}).is_valid()


def test_a_public_text_is_watched_while_it_is_written_unless_it_says_otherwise():
    class Unguarded(forms.Form):
        name = TextsFormField(max_length=20, guarded=False)

    assert str(AboutForm()["about"]).count("data-privacy-guard") == len(BY_CODE)
    assert str(NameForm()["name"]).count("data-privacy-guard") == len(BY_CODE)
    assert "data-privacy-guard" not in str(Unguarded()["name"])


# --- The guard against personal data -----------------------------------------------------------


class GuardedForm(forms.Form):
    about = TextsFormField(max_length=200, about="place", required=False)
    source = GuardedCharField(about="place", required=False)
    note = forms.CharField(widget=GuardedTextarea, required=False)


def test_a_public_text_is_refused_with_advice_that_fits_it():
    form = GuardedForm({"about_sv": "Ring 070-1740605", "source": "anna@exempel.se"})
    assert not form.is_valid()
    phone, mail = form.errors["about"][0], form.errors["source"][0]
    assert "”070-1740605”: telefonnummer. Ta bort telefonnumret." in phone
    assert "ansvariga organisationen" in phone
    assert "ditt konto" not in phone + mail


@pytest.mark.parametrize("about", ["place", "organisation"])
def test_no_advice_about_a_public_text_speaks_of_an_account_or_an_event(about):
    said = guard_words(about)
    for usual in (*words.ADVICE.values(), *words.GUARD.values()):
        sentence = said.get(usual, usual)
        assert "ditt konto" not in sentence
        assert "händelsen" not in sentence
        assert "skicka" not in sentence


def test_the_browser_is_given_the_same_advice_and_the_citys_names():
    html = str(GuardedForm()["source"])
    assert 'data-privacy-names="/guard-names.json"' in html
    assert 'data-privacy-words="id_source-words"' in html
    assert "ansvariga organisationen" in html
    report = str(GuardedForm()["note"])
    assert "data-privacy-guard" in report
    assert "organisationen" not in report


def test_the_address_and_the_sources_of_a_place_are_watched_as_they_are_written():
    place = PlaceForm(owners=[], may_lack_owner=True)
    for field in (place["address"], place["source"], HoursSourceForm()["source"]):
        assert "data-privacy-guard" in str(field)
