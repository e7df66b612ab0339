"""Signing in at the municipality's identity provider, and everything that must not work there."""

from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse

from kraftsamling.people.models import Person
from tests import factories as make
from tests.web.identity_provider import CLIENT_ID, CLIENT_SECRET, identity_provider

pytestmark = pytest.mark.django_db
START = "/account/idp/municipality"


@pytest.fixture
def provider(settings):
    with identity_provider() as running:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "municipality",
                        "name": "Norrköpings kommun",
                        "client_id": CLIENT_ID,
                        "secret": CLIENT_SECRET,
                        "settings": {"server_url": running.issuer},
                    }
                ],
            }
        }
        yield running


def go_through(client, *, tamper=None):
    """Press the button, sign in over there, come back. The last answer of ours."""
    start = client.get(START)
    if start.status_code != 302:
        return start
    there = urlsplit(start["Location"])
    connection = HTTPConnection(there.hostname, there.port, timeout=5)
    connection.request("GET", f"{there.path}?{there.query}")
    back = connection.getresponse().headers["Location"]
    connection.close()
    return client.get((tamper or str)(back))


def is_signed_in(client) -> bool:
    return client.get(reverse("account:overview")).status_code == 200


def test_one_who_is_known_here_gets_in_and_is_known_again(client, provider):
    person = make.PersonFactory(email="Anna@trygg.example")
    response = go_through(client)
    assert response.status_code == 302
    assert response["Location"] == reverse("desk:home")
    assert client.get(reverse("account:overview")).context["person"] == person
    account = SocialAccount.objects.get()
    assert (account.user, account.uid) == (person, "1234")
    provider.claims["email"] = "ny-adress@trygg.example"  # the subject counts from now on
    assert go_through(Client())["Location"] == reverse("desk:home")
    assert not SocialToken.objects.exists()
    assert not EmailAddress.objects.exists()


def test_the_request_is_bound_to_the_browser_by_state_and_proof_key(client, provider):
    make.PersonFactory(email="anna@trygg.example")
    go_through(client)
    asked = provider.seen[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert "openid" in asked["scope"]
    assert len(asked["state"]) >= 16


def test_a_code_that_another_browser_was_given_opens_nothing(provider):
    make.PersonFactory(email="anna@trygg.example")
    stolen = []
    go_through(Client(), tamper=lambda back: stolen.append(back) or "/")
    victim = Client()
    assert victim.get(stolen[0]).status_code == 400
    assert not is_signed_in(victim)


LIES = {
    "another issuer in the token": {"claims": {"iss": "https://evil.example"}},
    "another issuer in the discovery": {"stated_issuer": "https://evil.example"},
    "another audience": {"claims": {"aud": "nagon-annan"}},
    "several audiences without saying for whom": {"claims": {"aud": [CLIENT_ID, "annan"]}},
    "issued to another": {"claims": {"azp": "nagon-annan"}},
    "unsigned": {"unsigned": True},
    "signed with the shared secret": {"signed_with_the_secret": True},
    "signed with another key": {"another_key": True},
    "out of date": {"claims": {"exp": 1_000_000_000}},
    "without an end": {"claims": {"exp": None}},
    "without a subject": {"claims": {"sub": None}},
    "without a token": {"no_id_token": True},
    "an error": {"error": "server_error"},
    "a refusal": {"error": "access_denied"},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_does_not_hold_signs_nobody_in(client, provider, lie):
    make.PersonFactory(email="anna@trygg.example")
    provider.lies = LIES[lie]
    response = go_through(client)
    assert response.status_code == 400
    assert "inte inloggad" in response.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_that_is_not_proved_opens_nothing(client, provider, settings):
    make.PersonFactory(email="anna@trygg.example")
    for unproved in (False, None, "true"):
        provider.claims["email_verified"] = unproved
        assert go_through(Client()).status_code == 403
    settings.OIDC_TRUSTS_EMAIL = True
    provider.claims["email_verified"] = None
    assert go_through(client)["Location"] == reverse("desk:home")


def test_strangers_and_the_shut_out_get_one_and_the_same_answer(provider):
    stranger = go_through(Client())
    make.PersonFactory(email="anna@trygg.example", is_active=False)
    shut_out = go_through(Client())
    assert stranger.status_code == shut_out.status_code == 403
    assert "inbjuden" in stranger.content.decode()
    assert Person.objects.count() == 1


def test_one_who_is_invited_is_led_to_the_invitation(client, provider):
    invitation = make.InvitationFactory(
        email="anna@trygg.example", expires_at=datetime.now(UTC) + timedelta(days=1)
    )
    response = go_through(client)
    assert urlsplit(response["Location"]).path.startswith("/account/invitation/")
    client.post(response["Location"], {"name": "Anna Andersson", "language": "sv"})
    person = Person.objects.get(email="anna@trygg.example")
    assert person.memberships.get().organisation == invitation.organisation
    assert go_through(Client())["Location"] == reverse("desk:home")


def test_userinfo_fills_in_an_address_and_only_for_the_same_subject(client, provider):
    make.PersonFactory(email="anna@trygg.example")
    provider.claims = {"sub": "1234"}
    provider.userinfo = {
        "sub": "nagon-annan",
        "email": "anna@trygg.example",
        "email_verified": True,
    }
    assert go_through(client).status_code == 400
    provider.userinfo["sub"] = "1234"
    assert go_through(client)["Location"] == reverse("desk:home")


def test_the_account_of_someone_with_an_app_still_asks_for_its_code(client, provider):
    TOTP.activate(make.PersonFactory(email="anna@trygg.example"), "JBSWY3DPEHPK3PXP")
    assert go_through(client)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_one_is_led_on_to_where_one_was_going(client, provider):
    make.PersonFactory(email="anna@trygg.example")
    start = client.get(f"{START}?next=/account/sessions")
    state = parse_qs(urlsplit(start["Location"]).query)["state"][0]
    code = parse_qs(urlsplit(provider.authorize({
        name: values[0] for name, values in parse_qs(urlsplit(start["Location"]).query).items()
    })).query)["code"][0]  # fmt: skip
    response = client.get(f"{START}/back", {"code": code, "state": state})
    assert response["Location"] == "/account/sessions"


def test_the_sign_in_page_names_the_municipality(client, provider):
    page = client.get(reverse("account_login")).content.decode()
    assert "Logga in med Norrköpings kommun" in page


def test_no_other_provider_than_the_configured_exists(client, provider):
    assert client.get("/account/idp/google").status_code == 404


def test_a_provider_that_does_not_answer_is_said_to_be_so(client, provider, settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"  # discard: nobody listens
    response = client.get(START)
    assert response.status_code == 400
    assert "Försök igen" in response.content.decode()
