"""What the log keeps of requests: enough to find a fault, nothing that opens a door."""

import io
import logging

import pytest
from django.conf import settings
from django.urls import reverse

from kraftsamling.web.logs import ShortRequests
from tests.factories import person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """What the console would show of the requests made meanwhile."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(ShortRequests())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_the_console_shortens_requests():
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["short_requests"]
    assert settings.LOGGING["filters"]["short_requests"]["()"].endswith("ShortRequests")


def test_a_refusal_takes_one_line(client, log):
    client.force_login(person_with("member"))
    assert client.get("/desk/trail/").status_code == 403
    (line,) = log.getvalue().splitlines()
    assert "/desk/trail/" in line


@pytest.mark.parametrize(
    "path", ["/account/invitation/", "/account/link/", "/demo/enter/", "/ar/account/link/"]
)
def test_the_secret_of_a_link_is_never_logged(log, path):
    logger = logging.getLogger("django.request")
    logger.warning("%s: %s", "Gone", f"{path}s3cret:x-Y_z", extra={"status_code": 410})
    assert log.getvalue() == f"Gone: {path}…\n"


def test_a_refused_link_is_logged_without_its_secret(client, log):
    assert client.get("/account/invitation/s3cret").status_code >= 400
    assert "s3cret" not in log.getvalue()
    assert "/account/invitation/…" in log.getvalue()


def test_a_fault_of_the_program_keeps_its_traceback(log):
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal", extra={"status_code": 500})
    assert "Traceback" in log.getvalue()


def test_browsers_that_ask_for_the_icon_by_themselves_find_it(client):
    answer = client.get(reverse("favicon"))
    assert answer.status_code == 302
    assert answer["Location"].endswith("icons/mark-32.png")
