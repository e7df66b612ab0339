"""axe finds nothing on any page, in Swedish and Arabic, on a phone and on a desk.

axe finds about half of what a person would: nothing found is the floor, not the claim.
"""

import pytest

from tests.web.addresses import build_city
from tests.web.pages import visible_pages

PHONE, DESK = (360, 780), (1440, 900)
_HALVES = (0, 1)  # so that two processes share the pages


def _look_at(page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def _faults(page, axe, where: str) -> list[str]:
    return [f"{where}: {violation}" for violation in axe(page)]


def _too_wide(page) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")


def _visit_all(half, new_page, sign_in, look, **options):
    city = build_city()
    pages = visible_pages(city)[half :: len(_HALVES)]
    by_viewer = {}
    for wanted in pages:
        if wanted.viewer not in by_viewer:
            by_viewer[wanted.viewer] = new_page(**options)
            if wanted.viewer != "anonymous":
                sign_in(by_viewer[wanted.viewer], city.persons[wanted.viewer])
        browser_page = by_viewer[wanted.viewer]
        browser_page.goto(wanted.path)
        yield from look(browser_page, f"{wanted.path} ({wanted.viewer})")


@pytest.mark.parametrize("half", _HALVES)
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_no_page_keeps_anyone_out(language, half, new_page, sign_in, axe):
    def look(page, where):
        for width, height in (DESK, PHONE):
            _look_at(page, width, height)
            yield from _faults(page, axe, f"{where} at {width} px")
        if _too_wide(page):
            yield f"{where}: has to be scrolled sideways on a phone"

    faults = list(_visit_all(half, new_page, sign_in, look, language=language))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("half", _HALVES)
def test_no_page_keeps_anyone_out_in_the_dark(half, new_page, sign_in, axe):
    def look(page, where):
        yield from _faults(page, axe, f"{where} in the dark")

    options = {"color_scheme": "dark", "reduced_motion": "reduce"}
    faults = list(_visit_all(half, new_page, sign_in, look, **options))
    assert not faults, "\n".join(faults)


def test_axe_sees_what_is_wrong(page, axe):
    page.set_content("<html lang='sv'><title>T</title><main><h1>H</h1><img src='x'></main>")
    assert [violation.rule for violation in axe(page)] == ["image-alt"]
