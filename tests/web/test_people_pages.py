"""The pages on which an organisation handles its own people, and the public list."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from kraftsamling.people.access import token_from_secret
from kraftsamling.people.models import Invitation, Membership, Network, Organisation, Role, Token
from kraftsamling.people.permissions import Permission
from kraftsamling.trail.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def organisation(db):
    return make.OrganisationFactory(slug="portalen", name=make.sv("Portalen"))


@pytest.fixture
def administrator(organisation):
    return make.person_with("organisation_administrator", organisation)


@pytest.fixture
def desk(administrator):
    return signed_in_as(administrator)


@pytest.fixture
def security(db):
    return signed_in_as(make.person_with("security"))


def signed_in_as(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, *arguments) -> str:
    return reverse(f"desk:people:{name}", args=arguments)


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


# --- Lists -------------------------------------------------------------------------------------


def test_seeing_addresses_is_recorded_once_a_view(desk, administrator, organisation):
    for _person in range(3):
        make.person_with("reporter", organisation)
    page = desk.get(at("people", "portalen")).content.decode()
    assert administrator.email in page
    entry = Entry.objects.get(act="people.read_people")
    assert (entry.object_id, entry.actor) == ("portalen", str(administrator.public_id))


@pytest.mark.parametrize("address", [
    "/desk/people/", "/desk/people/organisations/portalen/", "/desk/people/roles/",
    "/desk/people/organisations/portalen/tokens", "/desk/people/organisations/portalen/edit",
    "/organisations", "/account/",
])  # fmt: skip
def test_no_page_asks_the_database_more_often_when_there_is_more(desk, organisation, address):
    queries_of(desk, address)
    few = queries_of(desk, address)
    for _more in range(15):
        make.person_with("reporter", organisation)
        make.OrganisationFactory(parent=organisation)
        make.InvitationFactory(organisation=organisation)
        make.TokenFactory(organisation=organisation)
        make.NetworkFactory()
        make.RoleFactory()
    many = queries_of(desk, address)
    assert many <= few
    assert many <= MOST_QUERIES


def test_one_sees_only_the_organisations_one_looks_after(desk, security):
    make.OrganisationFactory(name=make.sv("Främmande förening"))
    assert "Främmande förening" not in desk.get(at("organisations")).content.decode()
    assert "Främmande förening" in security.get(at("organisations")).content.decode()


def test_a_coordinator_reads_people_and_finds_no_button_to_change_them(organisation):
    coordinator = signed_in_as(make.person_with("coordinator"))
    page = coordinator.get(at("people", "portalen")).content.decode()
    assert at("invite", "portalen") not in page
    assert at("tokens", "portalen") not in page
    assert coordinator.get(at("invite", "portalen")).status_code == 403


# --- Inviting ----------------------------------------------------------------------------------


def test_a_coordinator_is_not_told_to_do_what_others_do(organisation):
    coordinator = signed_in_as(make.person_with("coordinator"))
    empty = coordinator.get(at("people", "portalen")).text
    assert "Ingen är med än" in empty
    assert "Bjud in" not in empty
    assert "Säkerhetsavdelningen bjuder in" in empty
    listed = coordinator.get(at("organisations")).text
    assert "hjälper till att sköta" not in listed
    assert "Alla organisationer i staden" in listed


def test_an_administrator_reads_that_the_list_is_the_own_one(desk):
    assert "Organisationerna som du hjälper till att sköta." in desk.get(at("organisations")).text


def test_inviting_withdrawing_and_sending_again(desk, organisation, administrator):
    asked = {"email": "ny@trygg.example", "role": "organisation_administrator", "language": "sv"}
    assert desk.post(at("invite", "portalen"), asked).status_code == 302
    invitation = Invitation.objects.get()
    assert invitation.invited_by == administrator
    assert "ny@trygg.example" in desk.get(at("people", "portalen")).content.decode()
    desk.post(at("invitation-renew", invitation.public_id))
    invitation.refresh_from_db()
    assert invitation.issue == 2
    desk.post(at("invitation-withdraw", invitation.public_id))
    assert "ny@trygg.example" not in desk.get(at("people", "portalen")).content.decode()


def test_the_page_itself_says_that_an_invitation_is_on_its_way(desk, organisation):
    given = {"email": "ny@trygg.example", "role": "organisation_administrator", "language": "sv"}
    page = desk.post(at("invite", "portalen"), given, follow=True)
    assert "Inbjudan är på väg." in page.text.partition("<main")[2].partition("</main>")[0]
    assert "Inbjudan är på väg." not in desk.get(at("people", "portalen")).text


def test_inviting_the_same_twice_says_what_to_do_instead(desk, organisation):
    asked = {"email": "ny@trygg.example", "role": "organisation_administrator", "language": "sv"}
    desk.post(at("invite", "portalen"), asked)
    page = desk.post(at("invite", "portalen"), asked).content.decode()
    assert "Skicka den igen i stället" in page


def test_the_form_offers_no_role_above_ones_own_and_takes_none(desk, organisation):
    operator = make.standard_role("operator")
    page = desk.get(at("invite", "portalen")).content.decode()
    assert f'value="{operator.code}"' not in page
    response = desk.post(
        at("invite", "portalen"),
        {"email": "ny@trygg.example", "role": "operator", "language": "sv"},
    )
    assert "Den rollen kan du inte ge." in response.content.decode()
    assert not Invitation.objects.exists()


# --- Roles of people ---------------------------------------------------------------------------


def test_a_colleague_gets_another_role(desk, organisation):
    colleague = make.person_with("reporter", organisation)
    make.standard_role("actor")
    desk.post(at("give", "portalen"), {"person": colleague.public_id, "role": "actor"})
    assert set(colleague.memberships.values_list("role__code", flat=True)) == {"reporter", "actor"}


def test_a_role_is_ended_with_a_reason(desk, organisation):
    membership = make.person_with("reporter", organisation).memberships.get()
    page = desk.get(at("membership-end", membership.public_id)).content.decode()
    assert "upphör genast" in page
    desk.post(at("membership-end", membership.public_id), {"reason": "Nytt arbete"})
    membership.refresh_from_db()
    assert membership.valid_until is not None
    assert "Nytt arbete" in Entry.objects.get(act="people.end_membership").content.text


def test_ending_the_last_administrator_asks_first(desk, administrator):
    membership = administrator.memberships.get()
    page = desk.post(at("membership-end", membership.public_id), {"reason": ""}).content.decode()
    assert "sista administratör" in page
    desk.post(at("membership-end", membership.public_id), {"reason": "", "even_if_last": "on"})
    membership.refresh_from_db()
    assert membership.valid_until is not None


def test_a_substitute_is_appointed_from_the_list_or_invited(desk, organisation, administrator):
    membership = make.person_with("reporter", organisation).memberships.get()
    days = {"valid_from": "2026-11-23", "valid_until": "2099-01-01"}
    neither = desk.post(at("substitute", membership.public_id), days).content.decode()
    assert "Välj en ersättare i listan" in neither
    desk.post(at("substitute", membership.public_id), {"person": administrator.public_id, **days})
    assert membership.substitutes.get().person == administrator
    desk.post(at("substitute", membership.public_id), {"email": "ny@trygg.example", **days})
    assert Invitation.objects.get().substitute_for == membership


def test_shutting_a_person_out_takes_effect_at_once_and_can_be_undone(desk, organisation):
    colleague = make.person_with("reporter", organisation)
    membership, theirs = colleague.memberships.get(), signed_in_as(colleague)
    assert theirs.get(reverse("desk:home")).status_code == 200
    desk.post(at("shut-out", membership.public_id), {"reason": ""})
    assert theirs.get(reverse("desk:home")).status_code == 302
    desk.post(at("let-in", membership.public_id))
    colleague.refresh_from_db()
    assert colleague.is_active
    assert theirs.get(reverse("desk:home")).status_code == 302


def test_an_end_day_is_set_and_taken_away(desk, organisation):
    membership = make.person_with("reporter", organisation).memberships.get()
    desk.post(at("membership", membership.public_id), {"valid_until": "2099-01-01"})
    membership.refresh_from_db()
    assert membership.valid_until.year == 2099
    desk.post(at("membership", membership.public_id), {"valid_until": ""})
    membership.refresh_from_db()
    assert membership.valid_until is None


@pytest.mark.parametrize("name", ["membership", "membership-end", "substitute", "shut-out"])
def test_others_people_do_not_exist_here(desk, name):
    foreign = make.MembershipFactory()
    for method in (desk.get, desk.post):
        assert method(at(name, foreign.public_id)).status_code == 404
    assert Membership.objects.get(pk=foreign.pk).valid_until is None


# --- Keys --------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_works(desk, organisation):
    asked = {"label": "Kalendern", "scopes": ["places:read"], "expires_on": "2099-12-31"}
    response = desk.post(at("token-new", "portalen"), asked)
    text = response.context["text"]
    assert "no-store" in response["Cache-Control"]
    assert token_from_secret(text, at=datetime.now(UTC)).organisation == organisation
    page = desk.get(at("tokens", "portalen")).content.decode()
    assert text not in page
    assert "Kalendern" in page
    desk.post(at("token-revoke", Token.objects.get().public_id), {"reason": ""})
    assert token_from_secret(text, at=datetime.now(UTC)) is None


def test_a_key_lasts_through_its_last_day(desk, organisation):
    asked = {"label": "Kalendern", "scopes": ["places:read"], "expires_on": "2099-12-31"}
    text = desk.post(at("token-new", "portalen"), asked).context["text"]
    assert token_from_secret(text, at=datetime(2099, 12, 31, 22, 59, tzinfo=UTC))
    assert not token_from_secret(text, at=datetime(2099, 12, 31, 23, 0, tzinfo=UTC))


# --- Organisations, networks, roles ------------------------------------------------------------


def form_of(name: str, **more) -> dict:
    return {"name_sv": name, "kind": "association", "description_sv": "", **more}


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (300, 200), "green").save(out, "PNG")
    return SimpleUploadedFile("logga.png", out.getvalue(), "image/png")


def test_security_adds_an_organisation_with_a_logo(security, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    response = security.post(at("organisation-new"), form_of("Nya Föreningen", logo=picture()))
    assert response["Location"] == at("people", "nya-foreningen")
    logo = Client().get(reverse("city:organisation-logo", args=["nya-foreningen"]))
    assert logo["Content-Type"] == "image/png"
    assert Image.open(BytesIO(b"".join(logo.streaming_content))).size == (300, 200)


def test_a_file_that_is_no_picture_is_said_to_be_so(desk, organisation):
    fake = SimpleUploadedFile("logga.png", b"<svg onload=alert(1)>", "image/png")
    page = desk.post(
        at("organisation-edit", "portalen"), form_of("Portalen", logo=fake)
    ).content.decode()
    assert "går inte att läsa som en bild" in page


def test_an_administrator_describes_the_organisation_in_several_languages(desk, organisation):
    desk.post(
        at("organisation-edit", "portalen"),
        form_of("Portalen", name_en="The Portal", description_ar="مركز", website="portalen.se"),
    )
    organisation.refresh_from_db()
    assert organisation.name.by_language["en"] == "The Portal"
    assert organisation.description.has("ar")
    assert organisation.website == "https://portalen.se"
    assert organisation.parent is None


def test_the_city_lets_in_and_the_organisation_leaves(desk, security, organisation):
    network = make.NetworkFactory()
    address = at("organisation-networks", "portalen")
    desk.post(address, {"network": network.slug})
    assert not organisation.networks.exists()
    security.post(address, {"network": network.slug})
    assert list(organisation.networks.all()) == [network]
    desk.post(address, {"network": network.slug, "leave": "1"})
    assert not organisation.networks.exists()


def test_closing_an_organisation_and_opening_it_again(security, organisation):
    security.post(at("organisation-close", "portalen"), {"reason": "Klart"})
    assert Client().get(reverse("city:organisation", args=["portalen"])).status_code == 404
    security.post(at("organisation-open", "portalen"))
    assert Client().get(reverse("city:organisation", args=["portalen"])).status_code == 200


def test_security_forms_and_renames_a_network(security):
    security.post(at("network-new"), {"name_sv": "Interreligiösa nätverket"})
    network = Network.objects.get(slug="interreligiosa-natverket")
    security.post(at("network", network.slug), {"name_sv": "Nätverket"})
    network.refresh_from_db()
    assert str(network.name) == "Nätverket"


def test_security_shapes_a_role_within_its_own_rights(security):
    response = security.get(at("role-new"))
    assert Permission.TRAIL_READ.value not in response.content.decode()
    security.post(
        at("role-new"), {"name_sv": "Värd", "permissions": ["places.edit"], "reach": "own"}
    )
    assert Role.objects.get(code="vard").permissions == ["places.edit"]
    page = security.post(
        at("role-new"), {"name_sv": "Tjuv", "permissions": ["trail.read"], "reach": "city"}
    )
    assert page.status_code == 200
    assert not Role.objects.filter(code="tjuv").exists()


def test_an_administrator_reads_the_roles_and_shapes_none(desk):
    assert desk.get(at("roles")).status_code == 200
    assert desk.get(at("role-new")).status_code == 404
    assert desk.get(at("role", make.standard_role("reporter").code)).status_code == 404


# --- The public list ---------------------------------------------------------------------------


def test_everyone_finds_organisations_by_name_kind_and_network():
    police = make.OrganisationFactory(slug="polisen", name=make.sv("Polisen"), kind="police")
    make.OrganisationFactory(slug="aby", name=make.sv("Åby församling"), kind="faith_community")
    network = make.NetworkFactory()
    police.networks.add(network)
    listed = reverse("city:organisations")
    page = Client().get(listed).content.decode()
    assert page.index("Polisen") < page.index("Åby församling")
    for query in ({"q": "polis"}, {"kind": "police"}, {"network": network.slug}):
        page = Client().get(listed, query).content.decode()
        assert "Polisen" in page
        assert "Åby församling" not in page
    assert "Ingen organisation passar" in Client().get(listed, {"q": "zzz"}).content.decode()


def test_the_public_page_says_nothing_about_the_people_in_an_organisation():
    organisation = make.OrganisationFactory(slug="portalen")
    person = make.person_with("reporter", organisation, name="Hemlig Hansson")
    page = Client().get(reverse("city:organisation", args=["portalen"])).content.decode()
    assert person.name not in page
    assert person.email not in page
    assert organisation.contact_email in page


def test_the_public_page_lists_the_places_of_an_organisation(django_assert_max_num_queries):
    organisation = make.OrganisationFactory(slug="portalen")
    for number in range(5):
        make.PlaceFactory(owner=organisation, name=make.sv(f"Huset {number}"))
    make.PlaceFactory(owner=organisation, name=make.sv("Det stängda huset"), is_active=False)
    make.PlaceFactory(name=make.sv("Någon annans hus"))
    with django_assert_max_num_queries(12):
        page = Client().get(reverse("city:organisation", args=["portalen"])).content.decode()
    assert all(f"Huset {number}" in page for number in range(5))
    assert "Det stängda huset" not in page
    assert "Någon annans hus" not in page


def test_no_organisation_is_made_by_a_name_that_is_missing(security):
    before = Organisation.objects.count()
    page = security.post(at("organisation-new"), form_of("")).content.decode()
    assert "Skriv texten på svenska." in page
    assert Organisation.objects.count() == before


def test_an_old_invitation_is_shown_as_too_old(desk, organisation):
    make.InvitationFactory(
        organisation=organisation, expires_at=datetime.now(UTC) - timedelta(days=1)
    )
    assert "För gammal" in desk.get(at("people", "portalen")).content.decode()


def test_long_lists_come_in_pages(desk, organisation):
    for _person in range(60):
        make.MembershipFactory(organisation=organisation, role=make.standard_role("reporter"))
    first = desk.get(at("people", "portalen"))
    second = desk.get(at("people", "portalen"), {"page": "2"})
    assert len(first.context["people"]) == 50
    assert len(second.context["people"]) == 11
    assert 'rel="next"' in first.content.decode()
    assert desk.get(at("people", "portalen"), {"page": "hundra"}).status_code == 200


def test_a_search_keeps_its_words_from_page_to_page():
    for number in range(70):
        make.OrganisationFactory(slug=f"klubb-{number}", name=make.sv(f"Klubb {number:02}"))
    page = Client().get(reverse("city:organisations"), {"q": "klubb"}).content.decode()
    assert "70 organisationer" in page
    assert "q=klubb" in page


# --- An empty answer ---------------------------------------------------------------------------


def test_organisations_that_no_condition_fits_are_counted_without_each(client):
    make.OrganisationFactory(kind="police", name=make.sv("Polisen"))
    words = client.get("/organisations?kind=school&q=polisen").content.decode()
    assert "Ingen organisation passar" in words
    assert "Utan ”Slag: Skola”: 1 organisation" in words or "Utan ”Slag: skola”: 1 org" in words
    assert 'href="?q=polisen"' in words
    assert "Utan ”Sök" not in words
