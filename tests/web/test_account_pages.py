"""Invitations, one's own details and sessions, the demo's doors, the demand for a second factor."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from sesame.utils import get_token

from kraftsamling.kit.actor import system_actor
from kraftsamling.ops.demo.personas import missing_personas
from kraftsamling.people import actions
from kraftsamling.people.demo import PERSONAS
from kraftsamling.people.links import demo_link, invitation_text
from kraftsamling.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db
HOST = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _jobs_run_at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    cache.clear()


def is_signed_in(client) -> bool:
    return client.get(reverse("account:overview")).status_code == 200


def path_in_mail() -> str:
    return re.search(rf"{HOST}(/account/\S+)", mail.outbox[-1].body)[1]


def signed_in_as(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def signed_in_by_link(person) -> Client:
    client = Client()
    client.post(reverse("account:link-open", args=[get_token(person)]))
    person.refresh_from_db()  # the next link is made from this signing in
    return client


# --- Invitations -------------------------------------------------------------------------------


@pytest.fixture
def invitation(db):
    return make.InvitationFactory(email="ny@trygg.example", role=make.standard_role("reporter"))


def link_of(invitation) -> str:
    return reverse("account:invitation", args=[invitation_text(invitation)])


def test_an_invitation_is_mailed_when_it_is_written_and_not_before(
    django_capture_on_commit_callbacks,
):
    organisation = make.OrganisationFactory(name=make.sv("Portalen"))
    asked = {
        "email": "ny@trygg.example", "organisation": organisation,
        "role": make.standard_role("reporter"), "by": system_actor("tests"),
        "at": datetime.now(UTC),
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        actions.invite_person(**asked)
        assert mail.outbox == []
    assert mail.outbox[0].to == ["ny@trygg.example"]
    assert "Portalen" in mail.outbox[0].body
    assert Client().get(path_in_mail()).status_code == 200


def test_the_invited_reads_what_it_is_about_and_is_in_with_one_form(client, invitation):
    page = client.get(link_of(invitation)).content.decode()
    assert str(invitation.organisation.name) in page
    assert "Rapportör" in page
    response = client.post(link_of(invitation), {"name": "Nya Nilsson", "language": "ar"})
    assert response["Location"] == reverse("desk:home")
    assert response.cookies["language"].value == "ar"
    assert is_signed_in(client)
    assert Person.objects.get(email="ny@trygg.example").name == "Nya Nilsson"


def test_opening_an_invitation_changes_nothing(client, invitation):
    for _scanner in range(2):
        client.get(link_of(invitation))
    assert not Person.objects.filter(email="ny@trygg.example").exists()


def test_an_invitation_that_does_not_hold_is_one_page_whatever_the_reason(client, invitation):
    used = make.InvitationFactory(accepted_at=datetime.now(UTC))
    withdrawn = make.InvitationFactory(withdrawn_at=datetime.now(UTC))
    old = make.InvitationFactory(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    renewed = link_of(invitation)
    invitation.issue += 1
    invitation.save()
    links = [link_of(used), link_of(withdrawn), link_of(old), renewed]
    links.append(reverse("account:invitation", args=["z" * 30]))
    pages = set()
    for link in links:
        response = Client().get(link)
        assert response.status_code == 410
        body = response.content.decode().replace(link.rpartition("/")[2], "")
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body))
    assert len(pages) == 1


def test_one_with_an_account_joins_without_a_form_and_is_not_signed_in_by_it(client, invitation):
    known = make.PersonFactory(email="NY@trygg.example", name="Kända Karlsson")
    assert 'name="name"' not in client.get(link_of(invitation)).content.decode()
    response = client.post(link_of(invitation), {"name": "Kapad"})
    assert response["Location"] == reverse("account_login")
    assert not is_signed_in(client)
    assert known.memberships.count() == 1


def test_someone_else_who_is_signed_in_is_told_so(invitation):
    client = signed_in_as(make.PersonFactory())
    response = client.post(link_of(invitation), {"name": "Nya Nilsson", "language": "sv"})
    assert response.status_code == 409
    assert "Logga ut först" in response.content.decode()
    assert not Person.objects.filter(email="ny@trygg.example").exists()


def test_without_a_name_the_form_says_so(client, invitation):
    response = client.post(link_of(invitation), {"name": "", "language": "sv"})
    assert response.status_code == 422
    assert "Skriv ditt namn." in response.content.decode()


# --- One's own details -------------------------------------------------------------------------


def test_the_account_page_shows_ones_roles(client):
    person = make.person_with("reporter", make.OrganisationFactory(name=make.sv("Portalen")))
    page = signed_in_as(person).get(reverse("account:overview")).content.decode()
    assert "Portalen" in page
    assert "Rapportör" in page


def test_name_and_language_are_changed_and_the_pages_follow(client):
    person = make.PersonFactory()
    response = signed_in_as(person).post(
        reverse("account:details"), {"name": "Nytt Namn", "language": "en"}
    )
    person.refresh_from_db()
    assert (person.name, person.language) == ("Nytt Namn", "en")
    assert response.cookies["language"].value == "en"


def test_a_new_address_is_proved_by_a_link_and_the_old_one_is_told(
    django_capture_on_commit_callbacks,
):
    person = make.PersonFactory(email="gammal@trygg.example")
    client = signed_in_as(person)
    client.post(reverse("account:email"), {"email": "ny@trygg.example"})
    assert mail.outbox[-1].to == ["ny@trygg.example"]
    link = path_in_mail()
    client.get(link)
    person.refresh_from_db()
    assert person.email == "gammal@trygg.example"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link)
    person.refresh_from_db()
    assert person.email == "ny@trygg.example"
    assert mail.outbox[-1].to == ["gammal@trygg.example"]
    assert client.post(link).status_code == 410
    assert not EmailAddress.objects.exists()


def test_asking_for_an_address_that_is_taken_gives_the_same_answer_and_no_mail():
    make.PersonFactory(email="upptagen@trygg.example")
    client = signed_in_as(make.PersonFactory())
    pages = set()
    for address in ("upptagen@trygg.example", "ledig@trygg.example"):
        response = client.post(reverse("account:email"), {"email": address})
        pages.add((response.status_code, response.content.decode().replace(address, "")))
    assert len({re.sub(r'value="\w+"', "", body) for _status, body in pages}) == 1
    assert [message.to for message in mail.outbox] == [["ledig@trygg.example"]]


def test_a_link_for_a_new_address_is_bound_to_the_one_it_was_made_for():
    for text in ("x", "x:y:z"):
        assert Client().get(reverse("account:email-confirm", args=[text])).status_code == 410


# --- Sessions ----------------------------------------------------------------------------------


def test_one_signs_out_in_one_place_and_everywhere():
    person = make.PersonFactory()
    here, there, elsewhere = [signed_in_by_link(person) for _place in range(3)]
    page = here.get(reverse("usersessions_list"))
    assert len(page.context["sessions"]) == 3
    assert [each["is_current"] for each in page.context["sessions"]] == [True, False, False]
    for session in page.context["sessions"][1:2]:
        here.post(reverse("account:session-end", args=[session["id"]]))
    assert is_signed_in(here)
    assert sorted((is_signed_in(there), is_signed_in(elsewhere))) == [False, True]
    here.post(reverse("account:sessions-end"))
    assert not any(is_signed_in(each) for each in (here, there, elsewhere))


def test_nobody_ends_anothers_session():
    other = signed_in_by_link(make.PersonFactory())
    session = other.get(reverse("usersessions_list")).context["sessions"][0]
    me = signed_in_as(make.PersonFactory())
    assert me.post(reverse("account:session-end", args=[session["id"]])).status_code == 404
    assert is_signed_in(other)


def test_signing_out_is_done_by_a_button_and_not_by_a_link():
    client = signed_in_as(make.PersonFactory())
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "Firefox på Windows"),
        ("Mozilla/5.0 (iPhone; CPU) Version/18 Safari/605", "Safari på iPhone"),
        ("Mozilla/5.0 (Windows NT) Chrome/140 Safari/537 Edg/140", "Edge på Windows"),
        ("curl/8", "Okänd enhet"),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(agent, words):
    from kraftsamling.web.account.devices import device_in

    assert device_in(agent) == words


# --- The demo ----------------------------------------------------------------------------------


def test_a_persona_is_entered_by_its_link_and_lands_where_it_works(settings):
    settings.DEMO = True
    landings = {
        "reporter": reverse("desk:home"),
        "operator": reverse("desk:operation:overview"),
    }
    for code, landing in landings.items():
        client, person = Client(), make.person_with(code)
        for _again in range(2):
            response = client.get(demo_link(person, ""))
            assert response["Location"] == landing
        assert is_signed_in(client)
    resident = Client()
    assert resident.get(demo_link(make.PersonFactory(), ""))["Location"] == reverse("city:home")


def test_entering_as_another_persona_leaves_the_first(settings):
    settings.DEMO = True
    first, second = make.person_with("reporter"), make.person_with("member")
    client = Client()
    client.get(demo_link(first, ""))
    client.get(demo_link(second, ""))
    assert client.get(reverse("account:overview")).context["person"] == second


def test_outside_a_demo_its_doors_do_not_exist():
    person = make.person_with("operator")
    assert Client().get(demo_link(person, "")).status_code == 404
    assert Client().get(reverse("demo-mail")).status_code == 404
    assert Client().get(reverse("demo")).status_code == 404


def test_a_link_from_another_demo_says_so(settings):
    settings.DEMO = True
    answer = Client().get("/demo/enter/abc:def")
    assert answer.status_code == 410
    assert "Länken hör till en annan demo" in answer.text


def a_persona() -> Person:
    return make.PersonFactory(name=PERSONAS[0].name, email=PERSONAS[0].email)


def test_the_link_of_an_erased_persona_says_what_happened(settings):
    settings.DEMO = True
    persona = a_persona()
    link = demo_link(persona, "")
    actions.erase_own_account(persona, by=persona.as_actor, at=datetime.now(UTC))
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "Kontot är borttaget" in answer.text
    assert "make demo-reset" in answer.text
    assert missing_personas()[0] == PERSONAS[0].title


def test_a_visitor_finds_the_personas_without_the_terminal(settings):
    settings.DEMO = True
    link = demo_link(a_persona(), "")
    for path in ("/", reverse("account_login")):
        assert f'href="{reverse("demo")}"' in Client().get(path).text
    page = Client().get(reverse("demo")).text
    assert f'href="{link}"' in page
    assert PERSONAS[-1].name in page
    assert "make demo-reset" in page, "the others are not there"


def test_outside_a_demo_nobody_is_offered_a_persona():
    for path in ("/", reverse("account_login")):
        assert f'href="{reverse("demo")}"' not in Client().get(path).text


def test_the_demos_mail_can_be_read_with_its_links(settings, tmp_path):
    from django.core.mail.backends.filebased import EmailBackend

    settings.DEMO, settings.EMAIL_FILE_PATH = True, tmp_path
    backend = EmailBackend(file_path=str(tmp_path))
    for number in (1, 2):
        message = mail.EmailMessage(
            f"Hälsning {number}", f"Öppna {HOST}/account/link/abc{number}", "a@x.se", ["b@x.se"]
        )
        backend.send_messages([message])
    page = Client().get(reverse("demo-mail")).content.decode()
    assert f'href="{HOST}/account/link/abc2"' in page
    assert "Öppna" in page
    assert page.index("Hälsning 2") < page.index("Hälsning 1")


def test_a_demo_without_mail_says_so(settings, tmp_path):
    settings.DEMO, settings.EMAIL_FILE_PATH = True, tmp_path / "finns-inte"
    assert "Inga mejl än" in Client().get(reverse("demo-mail")).content.decode()


# --- A second factor ---------------------------------------------------------------------------


def test_those_who_handle_others_data_are_reminded_of_a_second_factor():
    words = "Skydda ditt konto"
    administrator, reporter = (
        make.person_with("organisation_administrator"), make.person_with("reporter")
    )  # fmt: skip
    overview = reverse("account:overview")
    assert words in signed_in_as(administrator).get(overview).content.decode()
    assert words not in signed_in_as(reporter).get(overview).content.decode()
    TOTP.activate(administrator, "JBSWY3DPEHPK3PXP")
    assert words not in signed_in_as(administrator).get(overview).content.decode()


def test_where_it_is_demanded_nothing_opens_without_one(settings):
    settings.MFA_REQUIRED = True
    administrator = make.person_with("organisation_administrator")
    client = signed_in_as(administrator)
    assert client.get(reverse("desk:home"))["Location"] == reverse("mfa_index")
    assert client.post(reverse("desk:people:organisations"))["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert signed_in_as(make.person_with("reporter")).get(reverse("desk:home")).status_code == 200
    TOTP.activate(administrator, "JBSWY3DPEHPK3PXP")
    assert client.get(reverse("desk:home")).status_code == 200


@pytest.mark.parametrize("address", ["account_login", "mfa_add_webauthn"])
def test_on_an_ip_address_one_is_shown_the_way_to_where_passkeys_work(address):
    client = signed_in_as(make.PersonFactory()) if address != "account_login" else Client()
    by_number = client.get(reverse(address), headers={"host": "127.0.0.1:8000"}).content.decode()
    by_name = client.get(reverse(address), headers={"host": "localhost:8000"}).content.decode()
    assert "http://localhost:8000/account/sign-in" in by_number
    assert "data-passkey-button" not in by_number
    assert "data-passkey-button" in by_name


# --- All that is held about oneself ------------------------------------------------------------


def test_one_reads_all_that_is_held_and_takes_it_along_as_a_file():
    person = make.person_with("reporter", name="Påhittad Anna", email="anna@trygg.example")
    client = signed_in_as(person)

    page = client.get(reverse("account:data"))
    assert page.status_code == 200
    assert "anna@trygg.example" in page.content.decode()
    assert not re.search(r">\s*\d{4}-\d\d-\d\d", page.text), "days stand in words"

    answer = client.post(reverse("account:data-file"))
    assert answer["Content-Type"] == "application/json"
    assert 'filename="mina-uppgifter.json"' in answer["Content-Disposition"]
    held = answer.json()
    assert held["profile"]["name"] == "Påhittad Anna"
    assert held["memberships"][0]["role"] == "reporter"
    # The file is made after the act of making it was written down.
    assert held["history_by_you"][0]["act"] == "people.export_own_data"


def test_the_file_is_not_fetched_by_a_link():
    client = signed_in_as(make.PersonFactory())
    assert client.get(reverse("account:data-file")).status_code == 405


def test_an_account_is_taken_away_on_confirmation_alone(django_capture_on_commit_callbacks):
    person = make.person_with("reporter", email="anna@trygg.example")
    client = signed_in_as(person)

    page = client.get(reverse("account:erase")).content.decode()
    assert "tidigare användare" in page
    refused = client.post(reverse("account:erase"), {})
    assert refused.status_code == 422
    assert is_signed_in(client)

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("account:erase"), {"understood": "on"})

    assert done["Location"] == reverse("account:erased")
    farewell = client.get(done["Location"])
    assert "Kontot är borttaget" in farewell.text
    assert not list(farewell.context["messages"]), "the page says it all"
    assert not is_signed_in(client)
    assert not is_signed_in_again(person)
    assert mail.outbox[-1].to == ["anna@trygg.example"]
    assert "borttaget" in mail.outbox[-1].subject


def test_nobody_with_an_account_is_told_that_it_is_gone():
    client = signed_in_as(make.PersonFactory())
    assert client.get(reverse("account:erased"))["Location"] == reverse("account:overview")


def is_signed_in_again(person) -> bool:
    return is_signed_in(signed_in_as(Person.objects.get(pk=person.pk)))


def test_the_last_administrator_is_asked_a_second_question():
    person = make.person_with("organisation_administrator")
    client = signed_in_as(person)
    assert b"even_if_last" not in client.get(reverse("account:erase")).content

    asked = client.post(reverse("account:erase"), {"understood": "on"})
    assert asked.status_code == 422
    assert b"even_if_last" in asked.content
    assert Person.objects.get(pk=person.pk).is_active

    answer = {"understood": "on", "even_if_last": "on"}
    assert client.post(reverse("account:erase"), answer).status_code == 302
    assert not Person.objects.get(pk=person.pk).is_active
