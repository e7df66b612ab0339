"""One person's story in a browser: the mailed link, a passkey, recovery codes, signing out."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache

from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def _jobs_run_at_once(settings, live_server):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.BASE_URL = live_server.url
    cache.clear()


@pytest.fixture
def passkeys(page):
    """An authenticator inside the browser, with a lock that always opens."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    answer = session.send("WebAuthn.addVirtualAuthenticator", {
        "options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
    })  # fmt: skip
    return session, answer["authenticatorId"]


def sign_in_by_link(page, email: str) -> None:
    page.goto("/account/sign-in")
    page.get_by_role("textbox", name="E-postadress").first.fill(email)
    page.get_by_role("button", name="Skicka inloggningslänk").click()
    page.get_by_role("heading", name="Titta i din e-post").wait_for()
    page.goto(re.search(r"http\S+/account/link/\S+", mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Logga in som").click()
    page.wait_for_url("**/desk/")


def sign_out(page) -> None:
    page.goto("/account/sessions")
    page.get_by_role("button", name="Logga ut överallt").click()
    page.wait_for_url("**/account/sign-in")


def test_from_the_first_link_to_a_passkey_that_signs_in_by_itself(page, passkeys):
    make.person_with("reporter", email="rasmus@trygg.example", name="Rasmus Rapportör")
    sign_in_by_link(page, "rasmus@trygg.example")

    page.goto("/account/security/")
    page.get_by_role("link", name="Lägg till en inloggningsnyckel").click()
    page.get_by_label("Namn på inloggningsnyckeln").fill("Min mobil")
    page.get_by_role("button", name="Skapa inloggningsnyckel").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()
    assert page.locator("main li code").count() == 10
    page.goto("/account/security/passkeys")
    assert page.get_by_text("Min mobil", exact=True).is_visible()

    sign_out(page)
    page.get_by_role("button", name="Logga in med inloggningsnyckel").click()
    page.wait_for_url("**/desk/")
    page.goto("/account/")
    assert page.get_by_text("1 inloggningsnyckel", exact=True).is_visible()


def test_a_passkey_is_asked_for_after_the_link_and_before_it_is_removed(page, passkeys):
    make.person_with("reporter", email="rasmus@trygg.example")
    sign_in_by_link(page, "rasmus@trygg.example")
    page.goto("/account/security/passkeys/add")
    page.get_by_role("button", name="Skapa inloggningsnyckel").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()
    code = page.locator("main li code").first.inner_text()
    sign_out(page)

    page.get_by_role("textbox", name="E-postadress").first.fill("rasmus@trygg.example")
    page.get_by_role("button", name="Skicka inloggningslänk").click()
    page.get_by_role("heading", name="Titta i din e-post").wait_for()
    page.goto(re.search(r"http\S+/account/link/\S+", mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Logga in som").click()
    page.get_by_role("heading", name="Ett steg till").wait_for()
    page.get_by_role("button", name="Använd inloggningsnyckel").click()
    page.wait_for_url("**/desk/")

    # To take a key away one confirms with it, or with a code from paper.
    page.goto("/account/security/passkeys")
    page.get_by_role("link", name="Ta bort").click()
    page.get_by_role("heading", name="Bekräfta att det är du").wait_for()
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("button", name="Ta bort inloggningsnyckeln").click()
    page.get_by_role("heading", name="Mina inloggningsnycklar").wait_for()
    assert page.get_by_text("Du har inga inloggningsnycklar").is_visible()


def test_one_who_turns_the_lock_down_stays_on_the_page_with_a_word_of_advice(page, passkeys):
    session, authenticator = passkeys
    make.person_with("reporter", email="rasmus@trygg.example")
    session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    sign_in_by_link(page, "rasmus@trygg.example")
    page.goto("/account/security/passkeys/add")
    page.get_by_role("button", name="Skapa inloggningsnyckel").click()
    page.get_by_text("Det gick inte den här gången").wait_for()
    session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True}
    )
    page.get_by_role("button", name="Skapa inloggningsnyckel").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()


def test_a_password_is_in_the_fold_and_works_without_javascript(new_page):
    make.person_with("reporter", email="rasmus@trygg.example",
                     password=make_password("en lång mening som ingen gissar"))  # fmt: skip
    page = new_page(java_script_enabled=False)
    page.goto("/account/sign-in")
    assert not page.get_by_role("button", name="Logga in med inloggningsnyckel").is_visible()
    page.get_by_text("Fler sätt att logga in").click()
    page.locator("#id_login").fill("rasmus@trygg.example")
    page.locator("#id_password").fill("en lång mening som ingen gissar")
    page.get_by_role("button", name="Logga in med lösenord").click()
    page.wait_for_url("**/desk/")


@pytest.mark.parametrize("language", ["sv", "ar"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_sign_in_page_is_open_to_everyone(new_page, axe, width, language):
    page = new_page(width=width, language=language)
    page.goto("/account/sign-in")
    page.locator("details summary").last.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not axe(page), "\n".join(map(str, axe(page)))
