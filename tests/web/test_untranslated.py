"""What has no words in the page's language is Swedish, and marked as such."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import trans_real

from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.web.untranslated import BEGINS, ENDS, _swedish_without, marked
from tests.web.addresses import build_city
from tests.web.pages import visible_pages

# Latin letters that belong to any language: names of things, licences and formats.
NAMES = {
    "kraftsamling", "norrköping", "scb", "openstreetmap", "odbl", "eupl", "cc", "by", "api",
    "json", "geojson", "csv", "xlsx", "excel", "pdf", "est", "regso", "deso", "github", "openapi",
    "passkey", "mit", "https", "http", "localhost", "trygg", "example", "wcag", "html", "gb",
}  # fmt: skip
NAMES |= {language.autonym.lower() for language in LANGUAGES}
# Codes of areas, addresses for mail, and what the test's city calls its things.
_NOT_WORDS = re.compile(
    r"\S+@\S+|\w+-\w+|(?:egen|annan|egna|andra) (?:plats|natverk|forbundet)", re.I
)
_WORD = re.compile(r"[a-zåäöî]{2,}", re.IGNORECASE)
_VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "source", "path"}
_SILENT = {"script", "style", "code", "pre", "bdi", "svg", "kbd", "samp"}


class _Latin(HTMLParser):
    """The words in Latin letters that stand where the page says Arabic."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        language = dict(attrs).get("lang")
        silent = tag in _SILENT or (language not in (None, "ar"))
        if tag not in _VOID:
            self.open.append((tag, silent or bool(self.open and self.open[-1][1])))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = _NOT_WORDS.sub("", data)
        words = [each for each in _WORD.findall(text) if each.lower() not in NAMES]
        # An Arabic sentence may name a Swedish thing in brackets.
        is_arabic = any("\u0600" <= each <= "\u06ff" for each in data)
        if words and not is_arabic and not (self.open and self.open[-1][1]):
            self.found.append(data.strip())


def latin_in(page: str) -> list[str]:
    reader = _Latin()
    reader.feed(page)
    return reader.found


@pytest.fixture
def without_arabic(monkeypatch):
    """The Arabic catalogue lacks some texts."""
    texts = ("Hoppa till innehållet", "Om Kraftsamling", "Stadens goda krafter, tillsammans för "
             "trygga och välkomnande platser.", "Områden", "Huvudmeny")  # fmt: skip
    catalog = trans_real.translation("ar")._catalog
    for each in catalog._catalogs:
        for text in texts:
            monkeypatch.delitem(each, text, raising=False)
    _swedish_without.cache_clear()
    yield texts
    _swedish_without.cache_clear()


@pytest.mark.django_db
def test_an_untranslated_text_stands_as_swedish_in_its_own_direction(client, without_arabic):
    page = client.get("/ar/about").content.decode()
    for text in (*without_arabic[:2], without_arabic[3]):
        assert f'<span lang="sv" dir="ltr">{text}</span>' in page
    assert 'aria-label="Huvudmeny"' in page
    assert BEGINS not in page
    assert ENDS not in page


@pytest.mark.django_db
def test_what_comes_from_code_is_known_by_its_words(client, without_arabic):
    assert '><span lang="sv" dir="ltr">Områden</span></a>' in client.get("/ar/").content.decode()


@pytest.mark.django_db
def test_swedish_pages_are_left_as_they_are(client):
    page = client.get("/about").content.decode()
    assert 'lang="sv" dir="ltr">Hoppa' not in page
    assert BEGINS not in page


def test_signs_become_markup_in_text_alone():
    said = f"{BEGINS}Öppet{ENDS}"
    page = (
        f'<title>{said}</title><a title="{said}" href="x">{said}</a>'
        f"<script>{said}</script><select><option value=1>{said}</option></select>"
    )
    span = '<span lang="sv" dir="ltr">Öppet</span>'
    assert marked(page) == (
        f'<title>Öppet</title><a title="Öppet" href="x">{span}</a>'
        '<script>Öppet</script><select><option lang="sv" dir="ltr" value=1>Öppet</option></select>'
    )


def test_space_around_a_known_text_stays_outside_its_mark():
    page = marked(
        "<p> Öppet &amp; fritt\n</p><!-- Öppet -->", frozenset({"Öppet & fritt", "Öppet"})
    )
    assert page == '<p> <span lang="sv" dir="ltr">Öppet &amp; fritt</span>\n</p><!-- Öppet -->'


@pytest.mark.django_db
def test_no_swedish_stands_unmarked_on_an_arabic_public_page(client):
    paths = [
        page.path
        for page in visible_pages(build_city())
        if page.viewer == "anonymous" and not page.name.startswith(("design:", "api:"))
    ]
    assert len(paths) > 15
    unmarked = {}
    for path in paths:
        found = latin_in(client.get(f"/ar{path}", follow=True).content.decode())
        if found:
            unmarked[path] = found
    assert unmarked == {}
