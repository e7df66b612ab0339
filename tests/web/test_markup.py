"""What holds for the markup of every page, in every direction of writing."""

import pytest

from tests.web.addresses import build_city
from tests.web.pages import client_for, faults_in, visible_pages

GOOD = (
    '<!doctype html><html lang="sv" dir="ltr"><head><title>T</title></head>'
    '<body><h1>A</h1><h2>B</h2><p id="a"></p></body></html>'
)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_every_page_is_whole_and_says_its_language(language):
    city, clients, faults = build_city(), {}, []
    pages = visible_pages(city)
    for page in pages:
        client = client_for(page.viewer, city, clients)
        client.cookies["language"] = language
        html = client.get(page.path).content.decode()
        faults += [f"{page.path} ({page.viewer}): {fault}" for fault in faults_in(html, language)]
    assert not faults, "\n".join(faults)
    assert len(pages) >= 5, "so few pages: is the table of expectations still read?"


def test_a_good_page_has_no_faults():
    assert faults_in(GOOD, "sv") == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<h1>A</h1>", "<h1>A</h1><h1>A</h1>"),
        ("<h1>A</h1>", "<p>A</p>"),
        ("<h2>B</h2>", "<h3>B</h3>"),
        ('lang="sv"', 'lang="en"'),
        ('dir="ltr"', 'dir="rtl"'),
        ("<title>T</title>", "<title></title>"),
        ('<p id="a"></p>', '<p id="a"></p><b id="a"></b>'),
        ('<p id="a">', '<p style="color:red">'),
        ('<p id="a">', '<p onclick="x()">'),
        ('<p id="a">', "<script>x()</script><p>"),
        ('<p id="a">', '<script src="https://elsewhere.example/x.js"></script><p>'),
        ('<p id="a">', '<form method="post"></form><p>'),
    ],
)
def test_a_fault_in_a_page_is_seen(good, bad):
    assert good in GOOD
    assert faults_in(GOOD.replace(good, bad), "sv") != []
