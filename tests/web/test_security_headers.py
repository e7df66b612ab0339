"""What every answer says to the browser about what it may do."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.web.addresses import build_city
from tests.web.pages import client_for, visible_pages

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FORBIDDEN_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:")


def _policy(response) -> dict[str, list[str]]:
    directives = response["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for each in directives if (words := each.split())}


def _lacks(response) -> list[str]:
    wrong = [name for name, value in ALWAYS.items() if response.get(name) != value]
    if "Content-Security-Policy" not in response:
        return [*wrong, "Content-Security-Policy"]
    policy = _policy(response)
    if policy.get("default-src") != ["'none'"]:
        wrong.append("default-src")
    for directive in ("script-src", "style-src", "object-src", "base-uri", "frame-ancestors"):
        sources = policy.get(directive)
        if sources is None or set(sources) & set(FORBIDDEN_SOURCES):
            wrong.append(f"{directive} {sources}")
    if "camera=" not in response.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    return wrong


@pytest.mark.django_db
def test_every_page_carries_all_headers():
    city, clients = build_city(), {}
    lacking = {}
    for page in visible_pages(city):
        if wrong := _lacks(client_for(page.viewer, city, clients).get(page.path)):
            lacking[page.path] = wrong
    assert lacking == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/finns-inte/", "/desk/", "/healthz", "/api/openapi.json", "/api/organisations", "/%00"],
)
def test_refusals_redirects_and_data_carry_them_too(path):
    assert _lacks(Client().get(path)) == []


@pytest.mark.django_db
def test_pages_of_the_signed_in_are_not_kept_by_caches_of_others():
    city = build_city()
    response = client_for("operator", city, {}).get("/desk/")
    assert response.status_code == 200
    assert "Cookie" in response["Vary"]
    assert "public" not in response.get("Cache-Control", "")


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE in ("Lax", "Strict")
    assert settings.SESSION_COOKIE_AGE <= 12 * 60 * 60


def test_over_https_cookies_are_secure_and_bound_to_the_host(tmp_path):
    code = (
        "from kraftsamling.project import settings as s;"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE;"
        "assert s.SESSION_COOKIE_NAME.startswith('__Host-');"
        "assert s.CSRF_COOKIE_NAME.startswith('__Host-');"
        "assert s.SECURE_HSTS_SECONDS >= 31536000;"
        "assert s.DEBUG is False"
    )
    (tmp_path / "empty.env").touch()
    environ = {
        "KRAFTSAMLING_SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
        "KRAFTSAMLING_BASE_URL": "https://trygg.example",
        "KRAFTSAMLING_DATA_DIR": str(tmp_path),
        "KRAFTSAMLING_SETTINGS_FILE": str(tmp_path / "empty.env"),
        "PATH": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
