"""The guard around a text field, in a real browser under a strict content security policy."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import chromium_path, run_axe

from .page import LINE, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="left out: no Chromium here"),
]

ITEMS = ".privacy-guard__item"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """The guarded form, empty; the test fails if the page complains about anything."""
    complaints: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with served() as address:
        page.goto(address)
        yield page
    page.close()
    assert complaints == []


def write(page: Any, text: str) -> None:
    page.locator("textarea").focus()
    page.locator("textarea").fill(text)


def test_findings_are_listed_with_kind_quote_and_advice_in_a_live_region(page):
    write(page, "Ring 070-1740605 nu")
    item = page.locator(ITEMS)
    item.wait_for()
    assert "070-1740605" in item.inner_text()
    assert "telefonnummer" in item.inner_text()
    assert "Ta bort telefonnumret" in item.inner_text()
    assert page.locator(".privacy-guard__report").get_attribute("aria-live") == "polite"


def test_marks_stand_where_the_text_stands_also_after_an_emoji(page):
    write(page, "😀 Ring 070-1740605 nu")
    page.locator(ITEMS).wait_for()
    assert page.locator("mark").all_text_contents() == ["070-1740605"]
    assert page.locator(".privacy-guard__marks").text_content() == "😀 Ring 070-1740605 nu\n"


def test_the_quote_selects_the_words_in_the_field(page):
    write(page, "😀 Ring 070-1740605 nu")
    page.locator(".privacy-guard__quote").click()
    selected = "() => { const t = document.activeElement;"
    selected += " return t.value.slice(t.selectionStart, t.selectionEnd); }"
    assert page.evaluate(selected) == "070-1740605"


def test_a_form_with_a_blocking_finding_is_held_back_and_the_message_gets_the_focus(page):
    write(page, "Ring 070-1740605 nu")
    page.locator(ITEMS).wait_for()
    page.get_by_role("button", name="Skicka").click()
    assert page.title() == "Rapport"
    assert "inte skickad" in page.evaluate("document.activeElement.textContent")
    assert page.locator("textarea").get_attribute("aria-invalid") == "true"


def test_a_form_with_only_warnings_is_sent(page):
    write(page, "Vi mötte Ahmed vid porten")
    page.locator(ITEMS).wait_for()
    page.get_by_role("button", name="Skicka").click()
    page.wait_for_url("**/sent")
    assert page.title() == "Skickat"


def test_a_mended_text_is_sent(page):
    write(page, "Ring 070-1740605 nu")
    page.locator(ITEMS).wait_for()
    page.get_by_role("button", name="Skicka").click()
    write(page, "Lugnt vid porten")
    page.locator(ITEMS).wait_for(state="detached")
    assert page.locator("textarea").get_attribute("aria-invalid") is None
    page.get_by_role("button", name="Skicka").click()
    page.wait_for_url("**/sent")


def test_what_the_page_knows_is_left_alone(page):
    write(page, "Bråk utanför Viktoria, ring 011-150000. Ahmed såg det.")
    page.locator(ITEMS).wait_for()
    assert page.locator(".privacy-guard__quote").all_text_contents() == ["”Ahmed”"]


def test_without_the_rules_the_form_works_as_ever(browser):
    page = browser.new_page()
    page.route("**/rules.json", lambda route: route.abort())
    with served() as address:
        page.goto(address)
        write(page, "Ring 070-1740605 nu")
        page.get_by_role("button", name="Skicka").click()
        page.wait_for_url("**/sent")
    page.close()


def test_without_javascript_the_form_works_as_ever(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with served() as address:
        page.goto(address)
        page.locator("textarea").fill("Ring 070-1740605 nu")
        page.get_by_role("button", name="Skicka").click()
        page.wait_for_url("**/sent")
    context.close()


@pytest.mark.parametrize(("width", "direction"), [(360, "ltr"), (360, "rtl"), (1440, "ltr")])
def test_axe_finds_nothing_while_findings_are_shown(browser, width, direction):
    page = browser.new_page(viewport={"width": width, "height": 800})
    with served("Ahmed Ali, 070-1740605, Bredgatan 12, 3 tr", direction) as address:
        page.goto(address)
        page.locator(ITEMS).first.wait_for()
        page.get_by_role("button", name="Skicka").click()
        assert [str(violation) for violation in run_axe(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_a_line_is_watched_as_a_long_text_is(browser):
    page = browser.new_page()
    with served(line=LINE) as address:
        page.goto(address)
        title, send = page.locator("#title"), page.get_by_role("button", name="Skicka")
        title.fill("Ring 070-1740605")
        page.wait_for_selector(".privacy-guard__item--block")
        assert title.get_attribute("aria-invalid") == "true"
        send.click()
        assert page.title() == "Rapport"
        title.fill("Öppet hus")
        page.wait_for_selector(ITEMS, state="detached")
        send.click()
        page.wait_for_url("**/sent")
    page.close()
