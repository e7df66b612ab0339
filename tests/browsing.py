"""The browser of the tests: found, not downloaded, and kept off the network."""

import atexit
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
