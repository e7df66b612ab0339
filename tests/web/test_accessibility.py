"""axe finds nothing on any page, in Swedish and Arabic, on a phone and on a desk.

axe finds about half of what a person would: nothing found is the floor, not the claim.
"""

import pytest

from tests.browsing import look_at
from tests.web.addresses import build_city
from tests.web.pages import pages_with_new_classes, visible_pages

PHONE, DESK = (360, 780), (1440, 900)
_HALVES = (0, 1)  # so that two processes share the pages


def _faults(page, axe, where: str) -> list[str]:
    return [f"{where}: {violation}" for violation in axe(page)]


def _too_wide(page) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")


def _visits(city, pages, new_page, sign_in, **options):
    """The browser's page at each address in turn: one page for all whom one viewer may see."""
    for viewer in dict.fromkeys(wanted.viewer for wanted in pages):
        browser_page = new_page(**options)
        if viewer != "anonymous":
            sign_in(browser_page, city.persons[viewer])
        for wanted in pages:
            if wanted.viewer == viewer:
                browser_page.goto(wanted.path)
                yield browser_page, f"{wanted.path} ({viewer})"


@pytest.mark.long
@pytest.mark.parametrize("half", _HALVES)
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_no_page_keeps_anyone_out(language, half, new_page, sign_in, axe):
    city = build_city()
    pages = visible_pages(city, share=slice(half, None, len(_HALVES)))
    assert len(pages) >= 5, "so few pages: is the table of expectations still read?"
    faults = []
    this, next_one = DESK, PHONE  # a page is loaded at the size at which the last one was left
    for page, where in _visits(city, pages, new_page, sign_in, language=language):
        for width, height in (this, next_one):
            look_at(page, width, height)
            faults += _faults(page, axe, f"{where} at {width} px")
            if (width, height) == PHONE and _too_wide(page):
                faults.append(f"{where}: has to be scrolled sideways on a phone")
        this, next_one = next_one, this
    assert not faults, "\n".join(faults)


@pytest.mark.long
def test_no_page_keeps_anyone_out_in_the_dark(new_page, sign_in, axe):
    """Light or dark is a matter of style alone: pages that together show every style will do."""
    city = build_city()
    pages = pages_with_new_classes(visible_pages(city))
    options = {"color_scheme": "dark", "reduced_motion": "reduce"}
    faults = []
    for page, where in _visits(city, pages, new_page, sign_in, **options):
        faults += _faults(page, axe, f"{where} in the dark")
    assert not faults, "\n".join(faults)


def test_axe_sees_what_is_wrong(page, axe):
    page.set_content("<html lang='sv'><title>T</title><main><h1>H</h1><img src='x'></main>")
    assert [violation.rule for violation in axe(page)] == ["image-alt"]
