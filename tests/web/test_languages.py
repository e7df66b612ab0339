"""The language of a page: in the address where everyone reads, in a cookie where one works."""

import pytest
from django.test import Client

from kraftsamling.web.middleware import split_language
from tests.factories import PersonFactory


@pytest.mark.django_db
def test_links_on_a_public_page_stay_in_its_language_without_a_cookie() -> None:
    answer = Client().get("/ar/about")
    page = answer.content.decode()
    assert answer.headers["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl"' in page
    assert 'href="/ar/accessibility"' in page
    assert not answer.cookies


@pytest.mark.django_db
def test_the_next_page_without_a_language_is_in_the_citys_again() -> None:
    client = Client()
    client.get("/ar/about")
    page = client.get("/about").content.decode()
    assert '<html lang="sv" dir="ltr"' in page
    assert 'href="/accessibility"' in page


@pytest.mark.django_db
def test_the_chooser_leads_to_the_same_page_with_its_query() -> None:
    page = Client().get("/ar/about?from=poster").content.decode()
    assert 'href="/fi/about?from=poster"' in page


@pytest.mark.django_db
def test_on_pages_about_ones_work_the_choice_is_remembered() -> None:
    client = Client()
    client.force_login(PersonFactory())
    answer = client.get("/en/desk/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/desk/"
    assert '<html lang="en"' in client.get("/desk/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "is_draft"), [("sv", False), ("en", False), ("so", True)])
def test_a_language_that_nobody_has_read_says_so_on_the_page(code: str, is_draft: bool) -> None:
    page = Client().get(f"/{code}/about").content.decode()
    assert ('class="ks-draft"' in page) is is_draft


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/ar/places/x", ("ar", "/places/x")),
        ("/ar/", ("ar", "/")),
        ("/arkiv/", ("", "/arkiv/")),
        ("/ar", ("", "/ar")),
        ("/", ("", "/")),
    ],
)
def test_only_a_whole_first_part_is_a_language(path: str, parts: tuple[str, str]) -> None:
    assert split_language(path) == parts
