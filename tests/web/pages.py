"""The pages that a person can look at: drawn from the table of expectations, opened to see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from django.test import Client

from kraftsamling.kit.languages import direction_of
from tests.web.addresses import OWN, City, path_of
from tests.web.expectations import LET_IN, declared_expectations

_CLASS = re.compile(r'\sclass="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """An HTML page in Swedish and the persona who looks at it."""

    name: str
    path: str
    viewer: str
    html: str = field(default="", repr=False)


def visible_pages(city: City, *, share: slice = slice(None)) -> list[Page]:
    """Every address that answers with HTML, each once: as a stranger, else as whoever sees most.

    `share` takes a part of the addresses: the parts of several tests together are all.
    """
    clients: dict[str, Client] = {}
    opened = (_opened(page, city, clients) for page in list(_candidates(city))[share])
    return [page for page in opened if page]


def pages_with_new_classes(pages: list[Page]) -> list[Page]:
    """Those that use a CSS class which none before them does: together they show every style."""
    seen: set[str] = set()
    chosen = []
    for page in pages:
        classes = {name for found in _CLASS.findall(page.html) for name in found.split()}
        if classes - seen:
            chosen.append(page)
        seen |= classes
    return chosen


def _candidates(city: City) -> Iterator[Page]:
    for expected in declared_expectations():
        if expected.relation != OWN:
            continue
        path = path_of(expected.name, expected.filling, city.objects[OWN])
        let_in = [who for who, outcome in expected.outcomes.items() if outcome == LET_IN]
        if "anonymous" in let_in:
            yield Page(expected.name, path, "anonymous")
        elif let_in:
            yield Page(expected.name, path, "operator" if "operator" in let_in else let_in[0])


def _opened(page: Page, city: City, clients: dict[str, Client]) -> Page | None:
    response = client_for(page.viewer, city, clients).get(page.path)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return None
    return replace(page, html=response.content.decode())


def client_for(viewer: str, city: City, clients: dict[str, Client]) -> Client:
    """A client signed in as the persona, made once for each."""
    if viewer not in clients:
        clients[viewer] = Client(raise_request_exception=False)
        if viewer != "anonymous":
            clients[viewer].force_login(city.persons[viewer])
    return clients[viewer]


class _Outline(HTMLParser):
    """What the checks below need to know of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.html: dict[str, str | None] = {}
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.elsewhere: list[str] = []
        self.title = ""
        self._open: list[str] = []
        self.unprotected_forms = 0
        self._form_waits = False

    def handle_starttag(self, tag, attrs) -> None:
        values = dict(attrs)
        if tag == "html":
            self.html = values
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if values.get("id"):
            self.ids.append(values["id"])
        self._note_forms(tag, values)
        self._note_inline(tag, values)
        self._open = [*self._open[-3:], tag]

    def _note_forms(self, tag, values) -> None:
        if tag == "form" and (values.get("method") or "get").lower() == "post":
            self.unprotected_forms += 1
            self._form_waits = True
        if tag == "input" and values.get("name") == "csrfmiddlewaretoken" and self._form_waits:
            self.unprotected_forms -= 1
            self._form_waits = False

    def _note_inline(self, tag, values) -> None:
        data = values.get("type") in ("application/json", "application/ld+json")
        if tag == "style" or (tag == "script" and "src" not in values and not data):
            self.inline.append(f"<{tag}>")
        self.inline += [f"{name}=" for name in values if name == "style" or name.startswith("on")]
        if tag in ("script", "link", "img", "iframe", "source", "video", "audio", "embed"):
            address = values.get("src") or (values.get("href") if tag == "link" else "") or ""
            if "//" in address and not address.startswith("data:"):
                self.elsewhere.append(address)

    def handle_data(self, data) -> None:
        if self._open and self._open[-1] == "title" and not self.title:
            self.title = data.strip()


def faults_in(html: str, language: str) -> list[str]:
    """What is wrong with a page's markup, whoever looks at it; [] is good."""
    outline = _Outline()
    outline.feed(html)
    repeated = sorted({each for each in outline.ids if outline.ids.count(each) > 1})
    jumps = [
        f"h{before} is followed by h{after}"
        for before, after in zip(outline.headings, outline.headings[1:], strict=False)
        if after > before + 1
    ]
    wanted = {"lang": language, "dir": direction_of(language)}
    found = {name: outline.html.get(name) for name in wanted}
    faults = {
        f"{outline.headings.count(1)} h1 elements": outline.headings.count(1) != 1,
        f"headings jump: {jumps}": bool(jumps),
        f"html says {found}": found != wanted,
        "no title": not outline.title,
        f"ids used twice: {repeated}": bool(repeated),
        f"inline: {outline.inline}": bool(outline.inline),
        f"from another host: {outline.elsewhere}": bool(outline.elsewhere),
        "a form that posts without a CSRF token": outline.unprotected_forms > 0,
    }
    return [fault for fault, holds in faults.items() if holds]
