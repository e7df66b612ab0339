"""What someone may take along, and what is left when they take their account away."""

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from click.testing import CliRunner
from django.db.models import CASCADE

from kraftsamling.ops.program import main
from kraftsamling.people import actions
from kraftsamling.people.access import person_for_signing_in
from kraftsamling.people.actions.memberships import LastAdministrator
from kraftsamling.people.models import Invitation, Membership, Person
from kraftsamling.people.names import names_of_persons
from kraftsamling.people.own_data import SIGN_IN_FIELDS, SIGN_IN_NAMES, own_data
from kraftsamling.people.refusals import Invalid, NotAllowed
from kraftsamling.trail.models import Content, Entry
from kraftsamling.trail.queries import verify
from tests import factories as make
from tests.rooms.people.stage import AT, SYSTEM, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(django_capture_on_commit_callbacks):
    """Someone with a history: registered, renamed, invited, signed in with everything there is."""
    person = actions.register_person(
        email="anna@trygg.example", name="Anna Provsson", by=SYSTEM, at=AT
    )
    make.MembershipFactory(person=person, role=make.standard_role("reporter"))
    actions.change_own_details(
        person, name="Anna Testfelt", language="fi", by=person.as_actor, at=AT
    )
    person.refresh_from_db()
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "hemligt-frö"})
    UserSession.objects.create(
        user=person, ip="192.0.2.1", session_key="nyckel-i-kakan", user_agent="Firefox Linux"
    )
    make.InvitationFactory(
        email="ANNA@trygg.example", role=make.standard_role("reporter"),
        organisation=make.OrganisationFactory(), accepted_by=person, accepted_at=AT,
    )  # fmt: skip
    return person


def erased(person, **options) -> Person:
    actions.erase_own_account(person, by=person.as_actor, at=AT, **options)
    return Person.objects.get(pk=person.pk)


def all_stored_text() -> str:
    rows = [Person, Invitation, Membership, Content, Entry, EmailAddress, UserSession]
    return " ".join(str(list(model.objects.values())) for model in rows).casefold()


def test_what_is_held_about_someone_comes_whole_and_without_secrets(anna):
    held = own_data(anna)

    assert held["profile"]["name"] == "Anna Testfelt"
    assert held["memberships"][0]["role"] == "reporter"
    assert held["invitations_received"][0]["email"] == "ANNA@trygg.example"
    assert held["sign_in"]["signed_in_devices"][0]["ip"] == "192.0.2.1"
    assert [each["act"] for each in held["history_by_you"]] == ["people.change_own_details"]
    assert held["history_about_you"][0]["after"]["name"] == "Anna Testfelt"
    assert "hemligt" not in str(held)
    assert "nyckel-i-kakan" not in str(held)


def test_what_one_did_to_others_tells_nothing_of_them(anna):
    organisation = make.OrganisationFactory()
    make.MembershipFactory(
        person=anna, organisation=organisation,
        role=make.standard_role("organisation_administrator"),
    )  # fmt: skip
    actions.invite_person(
        email="grannen@trygg.example", organisation=organisation,
        role=make.standard_role("reporter"), by=anna.as_actor, at=AT,
    )  # fmt: skip

    held = own_data(anna)

    assert "people.invite_person" in {each["act"] for each in held["history_by_you"]}
    assert len(held["invitations_sent"]) == 1
    assert "grannen" not in str(held)


def test_every_table_of_the_sign_in_libraries_is_told_of():
    tables = {
        relation.related_model._meta.label_lower
        for relation in Person._meta.related_objects
        if relation.on_delete is CASCADE and relation.related_model._meta.app_label != "people"
    }
    assert tables == set(SIGN_IN_FIELDS) == set(SIGN_IN_NAMES)


def test_taking_ones_data_along_is_history(anna):
    actions.record_own_export(anna, by=anna.as_actor, at=AT)
    assert Entry.objects.first().act == "people.export_own_data"
    with pytest.raises(NotAllowed):
        actions.record_own_export(anna, by=make.PersonFactory().as_actor, at=AT)


def test_an_erased_account_leaves_neither_name_nor_address_anywhere(anna):
    assert "anna" in all_stored_text()

    erased(anna)

    assert "anna" not in all_stored_text()
    assert "provsson" not in all_stored_text()


def test_an_erased_account_leaves_no_way_to_sign_in(anna):
    person = erased(anna)

    assert not person.is_active
    assert not person.has_usable_password()
    assert person_for_signing_in("anna@trygg.example") is None
    assert not Authenticator.objects.filter(user=person).exists()
    assert not UserSession.objects.filter(user=person).exists()


def test_an_erased_person_is_a_former_user_in_history_and_the_chain_holds(anna):
    erased(anna)

    outcome = verify()
    assert outcome.is_whole
    assert outcome.checked == Entry.objects.count()
    key = str(anna.public_id)
    assert names_of_persons([key]) == {key: "Tidigare användare"}
    assert Entry.objects.filter(actor=key, act="people.change_own_details").exists()


def test_roles_end_with_the_account_and_so_do_those_of_substitutes(anna):
    membership = anna.memberships.get()
    stand_in = make.MembershipFactory(
        organisation=membership.organisation, role=membership.role, substitute_for=membership,
        valid_until=TODAY + timedelta(days=30),
    )  # fmt: skip

    erased(anna)

    for each in (membership, stand_in):
        each.refresh_from_db()
        assert each.valid_until == TODAY


def test_the_last_administrator_is_told_and_may_go_all_the_same(anna):
    make.MembershipFactory(
        person=anna, organisation=make.OrganisationFactory(),
        role=make.standard_role("organisation_administrator"),
    )  # fmt: skip
    with pytest.raises(LastAdministrator):
        erased(anna)
    assert Person.objects.get(pk=anna.pk).name == "Anna Testfelt"

    assert not erased(anna, even_if_last=True).is_active


def test_nobody_erases_anothers_account(anna):
    with pytest.raises(NotAllowed):
        actions.erase_own_account(anna, by=make.PersonFactory().as_actor, at=AT)


def test_an_account_is_erased_once_and_never_let_in_again(anna):
    erased(anna)
    count = Entry.objects.count()
    erased(anna)
    assert Entry.objects.count() == count

    operator = make.person_with("operator")
    with pytest.raises((Invalid, NotAllowed)):
        actions.reactivate_person(anna, by=operator.as_actor, at=AT)


def test_whoever_left_may_be_invited_anew(anna):
    erased(anna)
    invitation = make.InvitationFactory(
        email="anna@trygg.example", role=make.standard_role("reporter"), invited_at=AT,
        expires_at=AT + timedelta(days=14),
    )  # fmt: skip

    accepted = actions.accept_invitation(
        invitation.public_id, issue=invitation.issue, at=AT, name="Anna Åter"
    )

    assert accepted.is_new
    assert accepted.person.pk != anna.pk


def test_an_operator_writes_the_same_file_for_one_who_cannot_sign_in(anna, tmp_path):
    file = tmp_path / "anna.json"
    outcome = CliRunner().invoke(
        main, ["export", "person", str(file), "--email", "ANNA@trygg.example"]
    )
    assert outcome.exit_code == 0, outcome.output
    held = json.loads(file.read_text("utf-8"))
    assert held["profile"]["name"] == "Anna Testfelt"
    assert file.stat().st_mode & 0o077 == 0
    assert Entry.objects.first().act == "people.export_own_data"


def test_the_file_of_nobody_is_not_written(anna, tmp_path):
    file = tmp_path / "ingen.json"
    for more in ([], ["--email", "ingen@trygg.example"]):
        outcome = CliRunner().invoke(main, ["export", "person", str(file), *more])
        assert outcome.exit_code == 2
    assert not file.exists()
