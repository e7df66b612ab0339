"""The API's page for people, in a browser."""

import pytest


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_is_accessible_and_fits(new_page, axe, pictures, width):
    page = new_page(width=width)
    page.goto("/api/")
    for fold in page.locator("summary").all():
        if fold.is_visible() and "ks-fold" in (fold.locator("..").get_attribute("class") or ""):
            fold.click()
    page.screenshot(path=pictures / f"api-{width}.png", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.django_db(transaction=True)
def test_a_problem_type_leads_to_its_explanation(page):
    page.goto("/api/#problem-missing-scope")
    assert page.locator("#problem-missing-scope").is_visible()
