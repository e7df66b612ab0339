"""What all tests share: a browser, a server that is like the real one, personas, axe."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.browsing import Pages, Violation, chromium_path, launch_chromium, run_axe
from tests.serving import WhiteNoiseLiveServer

# Playwright's synchronous interface keeps an event loop in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out browser tests and tests that never touch the database",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    for item in items:
        if {"page", "browser", "new_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    if config.getoption("--database-only"):
        kept = [item for item in items if _touches_database(item)]
        left_out = [item for item in items if not _touches_database(item)]
        items[:] = kept
        config.hook.pytest_deselected(items=left_out)
    yield
    # The long ones first, however the others are shuffled: begun last, one of them would keep a
    # process busy while the others have nothing left to do.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser"):
        return False
    if item.get_closest_marker("django_db"):
        return True
    return bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def live_server(request: pytest.FixtureRequest) -> Iterator[WhiteNoiseLiveServer]:
    """The site on a free port of localhost, with static files served as in production."""
    server = WhiteNoiseLiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium per test process. Skips, saying why, where there is none."""
    if chromium_path() is None:
        pytest.skip("Chromium is not installed: browser tests are left out")
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def pages(browser: object, live_server: WhiteNoiseLiveServer) -> Iterator[Pages]:
    """The pages of the test process, lent out by `new_page`."""
    kept = Pages(browser, live_server.url)
    yield kept
    kept.close()


@pytest.fixture
def new_page(pages):
    """Opens pages with options of their own: `new_page(width=360, color_scheme="dark")`.

    Every page is watched: a request to another host, an uncaught error or a refusal by the
    Content-Security-Policy fails the test when it ends.
    """
    yield pages.lend
    troubles = pages.take_back()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(new_page):
    """A page of 1440 x 900 in Swedish; `page.goto("/design/")` is relative to the live server."""
    return new_page()


@pytest.fixture
def axe() -> Callable[..., list[Violation]]:
    """`axe(page)` gives what the accessibility checker holds against the page: [] is good."""
    return run_axe


@pytest.fixture
def sign_in(live_server) -> Callable[[object, object], None]:
    """`sign_in(page_or_client, person)`, without going through the sign-in pages."""

    def sign(visitor, person) -> None:
        if isinstance(visitor, Client):
            visitor.force_login(person)
            return
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        visitor.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return sign


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where a test may put screenshots; KRAFTSAMLING_TEST_PICTURES keeps them after the run."""
    kept = os.environ.get("KRAFTSAMLING_TEST_PICTURES")
    folder = Path(kept) if kept else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
