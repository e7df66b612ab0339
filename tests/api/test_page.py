"""The API's page for people, in a browser."""

import pytest

from kraftsamling.api import wording
from kraftsamling.api.problems import PROBLEMS
from kraftsamling.api.program import api
from kraftsamling.api.wording import is_worded, worded
from tests.browsing import look_at


@pytest.mark.django_db(transaction=True)
def test_the_page_is_accessible_and_fits(page, axe, pictures):
    page.goto("/api/")
    for width in (360, 768, 1440):
        look_at(page, width)
        for fold in page.locator(".ks-fold > summary").all():
            if fold.is_visible() and fold.locator("..").get_attribute("open") is None:
                fold.click()
        page.screenshot(path=pictures / f"api-{width}.png", full_page=True)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.django_db(transaction=True)
def test_a_problem_type_leads_to_its_explanation(page):
    page.goto("/api/#problem-missing-scope")
    assert page.locator("#problem-missing-scope").is_visible()


# --- In words for people ------------------------------------------------------------------------


def _texts(description) -> set[str]:
    """Every English text of the description that the page shows."""
    found = {title for _status, title in PROBLEMS.values()}
    for methods in description["paths"].values():
        for operation in methods.values():
            found |= {*operation["tags"], operation["summary"], operation["description"]}
            found |= {each.get("description", "") for each in operation.get("parameters", ())}
            found |= {each["description"] for each in operation["responses"].values()}
    for schema in description["components"]["schemas"].values():
        found.add(schema.get("description", ""))
        found |= {each.get("description", "") for each in schema.get("properties", {}).values()}
    return found - {""}


def test_every_text_of_the_description_has_its_swedish():
    texts = _texts(api.openapi)
    assert len(texts) > 90
    assert [text for text in sorted(texts) if not is_worded(text)] == []


def test_no_swedish_text_has_lost_its_english():
    keys = {wording._key(part) for text in _texts(api.openapi) for part in wording._parts(text)}
    assert set(wording._ALL) - keys == set()


def test_an_answer_put_together_of_two_is_worded_as_two():
    said = worded("A token is needed; The token is not valid")
    assert said == "En API-nyckel behövs; API-nyckeln gäller inte"
    assert worded("Nobody worded this") == "Nobody worded this"


@pytest.mark.django_db
def test_the_page_speaks_swedish_and_the_document_says_that_it_is_english(client):
    page = client.get("/api/").content.decode()
    assert '<h2 id="grupp-places">Platser</h2>' in page
    assert ">Lägg till en plats</h3>" in page
    assert "List places" not in page
    assert 'hreflang="en"' in page

    document = client.get("/api/openapi.json")
    assert document["Content-Language"] == "en"
    assert document.json()["paths"]["/api/places"]["get"]["summary"] == "List places"


@pytest.mark.django_db
def test_in_a_language_that_it_is_not_written_in_the_page_is_swedish_and_says_so(client):
    page = client.get("/ar/api/").content.decode()
    assert 'class="ks-in-language"' in page
    assert '<div lang="sv" dir="ltr">' in page
    assert '<h2 id="grupp-places">Platser</h2>' in page
    assert '<html lang="ar" dir="rtl"' in page
    english = client.get("/en/api/").content.decode()
    assert 'class="ks-in-language"' not in english
