"""Signing in by a mailed link, by password and code; and that nothing tells who has an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from sesame.utils import get_token

from kraftsamling.web.account.jobs import mail_sign_in_link
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "en lång mening som ingen gissar"


@pytest.fixture(autouse=True)
def _jobs_run_at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    cache.clear()


def a_person(**details):
    """Someone as an invitation makes them: without a password."""
    person = make.PersonFactory(**details)
    person.set_unusable_password()
    person.save()
    return person


def ask_for_link(client, email, **more):
    return client.post(reverse("account:link"), {"email": email, **more})


def link_in_mail() -> str:
    found = re.search(r"http://localhost:8000(/account/link/\S+)", mail.outbox[-1].body)
    return found[1]


def is_signed_in(client) -> bool:
    return client.get(reverse("account:overview")).status_code == 200


def page_of(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


# --- The link ----------------------------------------------------------------------------------


def test_the_answer_is_the_same_whoever_asks(client, django_assert_num_queries):
    make.PersonFactory(email="finns@trygg.example")
    make.PersonFactory(email="avstangd@trygg.example", is_active=False)
    answers = []
    for email in ("finns@trygg.example", "finns-inte@trygg.example", "avstangd@trygg.example"):
        visitor = Client()
        response = ask_for_link(visitor, email)
        answers.append((response.status_code, response["Location"], sorted(response.headers)))
        answers.append(page_of(visitor.get(response["Location"])))
    assert answers[:2] == answers[2:4] == answers[4:]
    assert [message.to for message in mail.outbox] == [["finns@trygg.example"]]


def test_asking_is_the_same_work_whoever_asks(monkeypatch):
    asked = []
    monkeypatch.setattr(type(mail_sign_in_link), "enqueue", lambda _self, **kw: asked.append(kw))
    make.PersonFactory(email="finns@trygg.example")
    for email in ("finns@trygg.example", "finns-inte@trygg.example"):
        ask_for_link(Client(), email)
    assert [each["email"] for each in asked] == ["finns@trygg.example", "finns-inte@trygg.example"]


def test_opening_the_link_does_not_sign_in_and_its_button_does(client):
    person = make.PersonFactory(email="finns@trygg.example", name="Finn Finnsson")
    ask_for_link(client, "FINNS@trygg.example")
    link = link_in_mail()
    for _scanner in range(3):
        assert "Logga in som Finn Finnsson" in Client().get(link).content.decode()
        assert Client().head(link).status_code == 200
    response = client.post(link)
    assert response.status_code == 302
    assert response["Location"] == reverse("desk:home")
    assert is_signed_in(client)
    assert client.get(reverse("account:overview")).context["person"] == person


def test_a_link_works_once(client):
    make.PersonFactory(email="finns@trygg.example")
    ask_for_link(client, "finns@trygg.example")
    link = link_in_mail()
    client.post(link)
    thief = Client()
    assert thief.post(link).status_code == 410
    assert thief.get(link).status_code == 410
    assert not is_signed_in(thief)


def test_a_link_ends_after_twenty_minutes(client, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=UTC), tick=False)
    person = a_person()
    link = reverse("account:link-open", args=[get_token(person)])
    time_machine.shift(timedelta(minutes=19, seconds=50))
    assert client.get(link).status_code == 200
    time_machine.shift(timedelta(seconds=20))
    assert client.post(link).status_code == 410
    assert not is_signed_in(client)


def test_links_that_do_not_hold_are_one_page_that_offers_a_new_one():
    gone = a_person()
    shut_out = a_person(is_active=False)
    tokens = [get_token(gone), get_token(shut_out), "z" * 40]
    gone.delete()
    pages = set()
    for token in tokens:
        response = Client().get(reverse("account:link-open", args=[token]))
        assert response.status_code == 410
        pages.add(page_of(response).replace(token, ""))
    assert len(pages) == 1
    assert reverse("account:link") in pages.pop()


def test_a_link_of_before_a_new_address_or_password_is_dead(client):
    for change in ("email", "password"):
        person = a_person()
        link = reverse("account:link-open", args=[get_token(person)])
        if change == "email":
            person.email = "ny@trygg.example"
        else:
            person.set_password(PASSWORD)
        person.save()
        assert client.get(link).status_code == 410


def test_signing_in_leads_on_to_where_one_was_going_and_never_to_another_site(client):
    make.PersonFactory(email="finns@trygg.example")
    ask_for_link(client, "finns@trygg.example", next="/account/sessions")
    assert client.post(link_in_mail())["Location"] == "/account/sessions"
    client.logout()
    for evil in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        ask_for_link(client, "finns@trygg.example", next=evil)
        assert "next" not in link_in_mail()
        cache.clear()
    response = client.post(link_in_mail() + "?next=https://evil.example/")
    assert response["Location"] == reverse("desk:home")


def test_the_session_gets_a_new_name_on_signing_in(client):
    make.PersonFactory(email="finns@trygg.example")
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    client.cookies["session"] = planted
    ask_for_link(client, "finns@trygg.example")
    client.post(link_in_mail())
    assert client.session.session_key != planted
    thief = Client(headers={"cookie": f"session={planted}"})
    assert not is_signed_in(thief)


def test_the_mail_is_written_in_the_receivers_language_and_leads_to_our_own_address(client):
    make.PersonFactory(email="finns@trygg.example", language="en")
    client.post(
        reverse("account:link"), {"email": "finns@trygg.example"}, headers={"host": "127.0.0.1"}
    )
    assert "127.0.0.1" not in mail.outbox[-1].body
    assert "http://localhost:8000/account/link/" in mail.outbox[-1].body


def test_asking_too_often_is_answered_with_patience(client):
    for _time in range(5):
        assert ask_for_link(client, "nagon@trygg.example").status_code == 302
    response = ask_for_link(client, "nagon@trygg.example")
    assert response.status_code == 429
    assert "Vänta" in response.content.decode()
    assert ask_for_link(client, "annan@trygg.example").status_code == 302


@pytest.mark.parametrize("email", ["", "ingen adress", "a" * 250 + "@x.se"])
def test_what_is_no_address_is_said_on_the_page(client, email):
    response = ask_for_link(client, email)
    assert response.status_code == 422
    assert "Rätta det här" in response.content.decode()


# --- Passwords and codes -----------------------------------------------------------------------


def with_password(**details):
    person = make.PersonFactory(**details)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in_with_password(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_password_opens_too(client):
    person = with_password()
    assert sign_in_with_password(client, person.email)["Location"] == reverse("desk:home")
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_are_one_answer(client):
    person = with_password(email="finns@trygg.example")
    without = a_person(email="utan@trygg.example")
    pages = set()
    for email in (person.email, "finns-inte@trygg.example", without.email):
        response = sign_in_with_password(Client(), email, "fel lösenord, men långt")
        assert response.status_code == 200
        pages.add(page_of(response).replace(email, ""))
    assert len(pages) == 1
    assert "hör inte ihop" in pages.pop()


def test_guessing_passwords_is_stopped(client):
    person = with_password()
    for _guess in range(5):
        sign_in_with_password(client, person.email, "fel lösenord, men långt")
    response = sign_in_with_password(client, person.email)
    assert "För många försök" in response.content.decode()
    assert not is_signed_in(client)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_whoever_has_an_app_is_asked_for_its_code_also_after_a_link(client):
    person = a_person()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    response = client.post(reverse("account:link-open", args=[get_token(person)]))
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    page = client.get(reverse("mfa_authenticate"))
    assert page.status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of("JBSWY3DPEHPK3PXP")})
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_added_and_gives_recovery_codes_that_work_once(client):
    person = a_person()
    client.force_login(person)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert any("app" in message.body for message in mail.outbox)
    for _use, opens in ((1, True), (2, False)):
        visitor = Client()
        visitor.post(reverse("account:link-open", args=[get_token(person)]))
        visitor.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_signed_in(visitor) is opens
        person.refresh_from_db()


def test_a_new_password_ends_the_other_sessions_and_is_told_by_mail(client):
    person = with_password()
    other = Client()
    for visitor in (client, other):
        sign_in_with_password(visitor, person.email)
    new = "en annan lång mening här"
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert response["Location"] == reverse("account:overview")
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert "Lösenordet till ditt konto har ändrats." in mail.outbox[-1].body


@pytest.mark.parametrize("password", ["kort", "123456789012", "password1234", "x" * 1001])
def test_a_weak_password_is_refused(client, password):
    person = a_person()
    client.force_login(person)
    client.post(reverse("account_set_password"), {"password1": password, "password2": password})
    person.refresh_from_db()
    assert not person.has_usable_password()


# --- Doors that are closed -----------------------------------------------------------------------


def test_nobody_signs_up_by_themselves(client):
    page = client.get(reverse("account_signup"))
    assert "inbjuden" in page.content.decode()
    client.post(
        reverse("account_signup"),
        {"email": "ny@trygg.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not make.PersonFactory._meta.model.objects.filter(email="ny@trygg.example").exists()


def test_there_is_no_identity_provider_unless_one_is_configured(client):
    assert client.get(reverse("openid_connect_login", args=["municipality"])).status_code == 404


def test_one_who_is_shut_out_is_signed_out_at_once(client):
    person = a_person()
    client.force_login(person)
    assert is_signed_in(client)
    person.is_active = False
    person.save()
    assert not is_signed_in(client)
