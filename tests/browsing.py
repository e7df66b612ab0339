"""The browser of the tests: found, not downloaded, and kept off the network."""

import atexit
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

AXE = Path(__file__).parent / "vendor/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@cache
def chromium_path() -> str | None:
    """The Chromium to use: KRAFTSAMLING_TEST_CHROMIUM, else the first found in PATH."""
    named = os.environ.get("KRAFTSAMLING_TEST_CHROMIUM")
    return named or next((path for name in _NAMES if (path := shutil.which(name))), None)


@cache
def _playwright() -> object:
    """One for the process: a second one refuses to start beside the first."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


@contextmanager
def launch_chromium() -> Iterator[object]:
    """A browser of one's own, closed at the end. Several may run at the same time."""
    browser = _playwright().chromium.launch(executable_path=chromium_path(), args=_FLAGS)
    try:
        yield browser
    finally:
        browser.close()


# What a cleaning cannot undo: whoever asks for it has the page, and the context, for good.
_LASTS_ON_A_PAGE = (
    "add_init_script", "add_locator_handler", "close", "emulate_media", "expose_binding",
    "expose_function", "on", "once", "route", "route_from_har", "route_web_socket",
    "set_default_navigation_timeout", "set_default_timeout", "set_extra_http_headers",
)  # fmt: skip
_LASTS_IN_A_CONTEXT = (
    *(name for name in _LASTS_ON_A_PAGE if name != "emulate_media"),
    "grant_permissions", "new_cdp_session", "set_geolocation", "set_offline",
)  # fmt: skip
_CLEAR_STORAGE = "() => { localStorage.clear(); sessionStorage.clear(); }"


@dataclass
class _Kept:
    """A page with a context of its own, and what went wrong on it since it was lent."""

    page: Any
    kind: tuple[tuple[str, object], ...]
    devtools: Any
    troubles: list[str] = field(default_factory=list)
    may_be_lent_again: bool = True


class Pages:
    """The pages of one browser: lent to one test at a time, cleaned before the next.

    A page with a fresh renderer costs a second of work before it shows anything, one that was
    used before a quarter of that. No cookie, storage, cache, place of the mouse or listener
    outlives a loan. Every page is watched: a request to another host, an uncaught error and a
    refusal by the Content-Security-Policy are told when it is taken back.
    """

    def __init__(self, browser: Any, url: str) -> None:
        self._browser = browser
        self._url = url
        self._lent: list[_Kept] = []
        self._free: dict[tuple[tuple[str, object], ...], list[_Kept]] = {}

    def lend(
        self, *, width: int = 1440, height: int = 900, language: str = "sv", **options: Any
    ) -> Any:
        """A page that shows nothing yet, with options of Playwright's `new_context`."""
        options.setdefault("locale", "sv-SE")
        kind = tuple(sorted(options.items()))
        waiting = self._free.get(kind)
        kept = waiting.pop() if waiting else self._open(kind)
        self._lent.append(kept)
        kept.page.set_viewport_size({"width": width, "height": height})
        if language != "sv":
            cookie = {"name": "language", "value": language, "url": self._url}
            kept.page.context.add_cookies([cookie])
        return kept.page

    def take_back(self) -> list[str]:
        """Cleans what was lent, or closes what cannot be cleaned; the troubles there were."""
        lent, self._lent = self._lent, []
        for kept in lent:
            _hear_out(kept)
        troubles = [trouble for kept in lent for trouble in kept.troubles]
        for kept in lent:
            if kept.may_be_lent_again and self._is_clean_now(kept):
                self._free.setdefault(kept.kind, []).append(kept)
            else:
                kept.page.context.close()
            kept.troubles.clear()  # what is broken off by leaving, such as a download, is none
        return troubles

    def close(self) -> None:
        for kept in (kept for waiting in self._free.values() for kept in waiting):
            kept.page.context.close()
        self._free.clear()

    def _open(self, kind: tuple[tuple[str, object], ...]) -> _Kept:
        context = self._browser.new_context(base_url=self._url, **dict(kind))
        context.set_default_timeout(15_000)
        page = context.new_page()
        kept = _Kept(page, kind, context.new_cdp_session(page))
        context.on("request", lambda request: self._note_foreign(kept, request.url))
        page.on("pageerror", lambda error: kept.troubles.append(f"uncaught error: {error}"))
        page.on("console", lambda message: _note_refusal(kept, message.text))
        _note_use(kept, page, _LASTS_ON_A_PAGE)
        _note_use(kept, context, _LASTS_IN_A_CONTEXT)
        return kept

    def _is_clean_now(self, kept: _Kept) -> bool:
        page, context = kept.page, kept.page.context
        for other in context.pages:
            if other is not page:
                other.close()
        if page.is_closed() or not page.url.startswith((f"{self._url}/", "about:blank")):
            return False  # storage is cleared from within; elsewhere it cannot be reached
        if page.url != "about:blank":
            page.evaluate(_CLEAR_STORAGE)
        page.mouse.move(-1, -1)  # else it hovers over whatever comes to lie there
        page.goto("about:blank")
        context.clear_cookies()
        everything = {"origin": self._url, "storageTypes": "all"}
        kept.devtools.send("Storage.clearDataForOrigin", everything)
        kept.devtools.send("Network.clearBrowserCache")
        return True

    def _note_foreign(self, kept: _Kept, url: str) -> None:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https", "ws", "wss")
        if web and parts.netloc != urlsplit(self._url).netloc:
            kept.troubles.append(f"request to another host: {url}")


def _hear_out(kept: _Kept) -> None:
    """Waits for an answer of the page: what it said before that has been noted then."""
    if not kept.page.is_closed():
        kept.page.evaluate("0")


def _note_refusal(kept: _Kept, text: str) -> None:
    if "Content Security Policy" in text:
        kept.troubles.append(f"refused by the Content-Security-Policy: {text}")


def _note_use(kept: _Kept, thing: Any, names: tuple[str, ...]) -> None:
    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            kept.may_be_lent_again = False
            return method(*arguments, **options)

        return call

    for name in names:
        if hasattr(thing, name):
            setattr(thing, name, noting(getattr(thing, name)))


def look_at(page: Any, width: int, height: int = 900) -> None:
    """Makes the page another size and waits until it is drawn so."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


@dataclass(frozen=True)
class Violation:
    """One rule that a page breaks, where, and what axe advises."""

    rule: str
    impact: str
    help: str
    targets: tuple[str, ...]

    def __str__(self) -> str:
        shown = "\n      ".join(self.targets[:5])
        more = f"\n      ... and {len(self.targets) - 5} more" if len(self.targets) > 5 else ""
        return f"{self.rule} ({self.impact}): {self.help}\n      {shown}{more}"


@cache
def _axe_source() -> str:
    return AXE.read_text("utf-8")


def run_axe(page, *, within: str | None = None) -> list[Violation]:
    """All that axe finds on the page as it stands, or inside the first `within` selector."""
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(_axe_source())
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    scope = f"document.querySelector({json.dumps(within)})" if within else "document"
    found = page.evaluate(f"axe.run({scope}, {json.dumps(options)}).then(r => r.violations)")
    return [
        Violation(
            rule=violation["id"],
            impact=violation["impact"] or "",
            help=violation["help"],
            targets=tuple(
                f"{' '.join(map(str, node['target']))}  {node['html'][:160]}"
                for node in violation["nodes"]
            ),
        )
        for violation in found
    ]
