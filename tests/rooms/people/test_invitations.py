"""Invitations: every way they can go, and that each works once."""

import json
from datetime import timedelta

import pytest

from kraftsamling.people import actions
from kraftsamling.people.access import invitation_for_holder, open_invitation_to
from kraftsamling.people.actions.invitations import (
    AlreadyInvited,
    InvitationClosed,
    InvitedSomeoneElse,
)
from kraftsamling.people.actions.memberships import AlreadyHasRole
from kraftsamling.people.events import PersonInvited
from kraftsamling.people.links import from_invitation_text, invitation_text
from kraftsamling.people.models import Invitation, Membership, Person
from kraftsamling.people.refusals import GivesTooMuch, Invalid, NotAllowed
from tests import factories as make
from tests.rooms.people.stage import (
    AT,
    LATER,
    TODAY,
    administrator_of,
    by,
    entries_of,
    last_entry,
    membership_of,
    role,
)

pytestmark = pytest.mark.django_db
ADDRESS = "ny@trygg.example"


@pytest.fixture
def organisation(db):
    return make.OrganisationFactory()


@pytest.fixture
def administrator(organisation):
    return administrator_of(organisation)


def invite(organisation, administrator, code="reporter", email=ADDRESS, at=AT, **options):
    return actions.invite_person(
        email=email, organisation=organisation, role=role(code), by=by(administrator), at=at,
        **options,
    )  # fmt: skip


def accept(invitation, *, issue=None, name="Nya Nilsson", at=AT, **options):
    return actions.accept_invitation(
        invitation.public_id, issue=issue or invitation.issue, name=name, language="sv", at=at,
        **options,
    )  # fmt: skip


def test_the_invited_becomes_a_person_with_the_role(organisation, administrator):
    accepted = accept(invite(organisation, administrator, membership_until=LATER))
    assert accepted.is_new
    assert (accepted.person.email, accepted.person.name) == (ADDRESS, "Nya Nilsson")
    assert not accepted.person.has_usable_password()
    assert accepted.membership.role == role("reporter")
    assert accepted.membership.valid_until == LATER
    assert last_entry().actor == str(accepted.person.public_id)


def test_one_who_is_here_already_gets_the_role_and_keeps_the_rest(organisation, administrator):
    known = make.PersonFactory(email=ADDRESS.upper(), name="Kända Karlsson")
    accepted = accept(invite(organisation, administrator), name="Kapad Karlsson")
    known.refresh_from_db()
    assert not accepted.is_new
    assert accepted.person == known
    assert known.name == "Kända Karlsson"
    assert Person.objects.filter(email__iexact=ADDRESS).count() == 1


def test_an_invitation_works_once(organisation, administrator):
    invitation = invite(organisation, administrator)
    accept(invitation)
    with pytest.raises(InvitationClosed):
        accept(invitation)
    assert Membership.objects.filter(person__email=ADDRESS).count() == 1


def test_an_invitation_ends_after_fourteen_days(organisation, administrator):
    invitation = invite(organisation, administrator)
    with pytest.raises(InvitationClosed):
        accept(invitation, at=AT + timedelta(days=14))
    assert accept(invitation, at=AT + timedelta(days=14, seconds=-1))


def test_a_withdrawn_invitation_opens_nothing(organisation, administrator):
    invitation = invite(organisation, administrator)
    for _again in range(2):
        actions.withdraw_invitation(invitation, by=by(administrator), at=AT)
    assert entries_of("people.withdraw_invitation") == 1
    with pytest.raises(InvitationClosed):
        accept(invitation)
    with pytest.raises(InvitationClosed):
        actions.renew_invitation(invitation, by=by(administrator), at=AT)


def test_a_renewed_invitation_has_a_new_link_and_the_old_one_is_dead(organisation, administrator):
    invitation = invite(organisation, administrator)
    old = invitation_text(invitation)
    later = AT + timedelta(days=20)
    actions.renew_invitation(invitation, by=by(administrator), at=later)
    invitation.refresh_from_db()
    _public_id, old_issue = from_invitation_text(old)
    with pytest.raises(InvitationClosed):
        accept(invitation, issue=old_issue, at=later)
    assert invitation_text(invitation) != old
    assert accept(invitation, at=later).is_new


def test_an_accepted_invitation_is_neither_renewed_nor_withdrawn(organisation, administrator):
    invitation = invite(organisation, administrator)
    accept(invitation)
    for act in (actions.renew_invitation, actions.withdraw_invitation):
        with pytest.raises(InvitationClosed):
            act(invitation, by=by(administrator), at=AT)


def test_someone_elses_session_does_not_take_the_invitation(organisation, administrator):
    invitation = invite(organisation, administrator)
    with pytest.raises(InvitedSomeoneElse):
        accept(invitation, by=by(administrator))
    assert accept(invitation).is_new


def test_one_who_was_shut_out_does_not_come_back_by_an_invitation(organisation, administrator):
    make.PersonFactory(email=ADDRESS, is_active=False)
    with pytest.raises(InvitationClosed):
        accept(invite(organisation, administrator))


def test_an_invitation_to_a_closed_organisation_opens_nothing(organisation, administrator):
    invitation = invite(organisation, administrator)
    organisation.is_active = False
    organisation.save()
    assert invitation_for_holder(invitation.public_id, issue=1, at=AT) is None
    with pytest.raises(InvitationClosed):
        accept(invitation)


def test_an_invitation_whose_role_has_ended_meanwhile_opens_nothing(organisation, administrator):
    invitation = invite(organisation, administrator, membership_until=TODAY + timedelta(days=1))
    with pytest.raises(InvitationClosed):
        accept(invitation, at=AT + timedelta(days=1))


def test_nobody_is_invited_twice_to_the_same(organisation, administrator):
    invite(organisation, administrator)
    with pytest.raises(AlreadyInvited):
        invite(organisation, administrator, email=ADDRESS.upper())
    invite(organisation, administrator, "actor")
    invite(organisation, administrator, at=AT + timedelta(days=15))


def test_nobody_is_invited_to_what_they_have(organisation, administrator):
    make.person_with("reporter", organisation, email=ADDRESS)
    with pytest.raises(AlreadyHasRole):
        invite(organisation, administrator)


def test_an_administrator_invites_to_the_own_organisation_alone(organisation, administrator):
    with pytest.raises(NotAllowed):
        invite(make.OrganisationFactory(), administrator)
    with pytest.raises(GivesTooMuch):
        invite(organisation, administrator, "operator")
    stranger = administrator_of(make.OrganisationFactory())
    invitation = invite(organisation, administrator)
    for act in (actions.renew_invitation, actions.withdraw_invitation):
        with pytest.raises(NotAllowed):
            act(invitation, by=by(stranger), at=AT)


@pytest.mark.parametrize("email", ["", "ingen", "två adresser@x.se", "a@b"])
def test_an_address_that_is_none_is_refused(organisation, administrator, email):
    with pytest.raises(Invalid):
        invite(organisation, administrator, email=email)


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_without_a_proper_name_nobody_joins_and_the_invitation_stays(
    organisation, administrator, name
):
    invitation = invite(organisation, administrator)
    with pytest.raises(Invalid):
        accept(invitation, name=name)
    assert accept(invitation).is_new


def test_a_substitute_is_invited_for_a_time(organisation, administrator):
    regular = membership_of(make.person_with("reporter", organisation))
    with pytest.raises(Invalid):
        invite(organisation, administrator, substitute_for=regular)
    with pytest.raises(Invalid):
        invite(organisation, administrator, "actor", substitute_for=regular, membership_until=LATER)
    accepted = accept(
        invite(organisation, administrator, substitute_for=regular, membership_until=LATER)
    )
    assert accepted.membership.substitute_for == regular
    assert accepted.membership.valid_until == LATER


def test_the_mail_is_asked_for_after_commit(
    organisation, administrator, django_capture_on_commit_callbacks, monkeypatch
):
    from kraftsamling.kit import events

    heard = []
    monkeypatch.setitem(events._subscribers, PersonInvited, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(organisation, administrator)
    assert heard == [PersonInvited(invitation.public_id, 1)]


def test_the_link_is_not_kept_and_cannot_be_forged(organisation, administrator):
    invitation = invite(organisation, administrator)
    text = invitation_text(invitation)
    assert from_invitation_text(text) == (invitation.public_id, 1)
    stored = json.dumps(list(Invitation.objects.values()), default=str)
    assert text.split(":")[-1] not in stored
    assert text not in last_entry().content.text
    for forged in (text[:-1], text + "x", "", "x", text.replace(":", ";", 1)):
        assert from_invitation_text(forged) is None


def test_whoever_proves_an_address_finds_the_newest_invitation_to_it(organisation, administrator):
    invite(organisation, administrator)
    newest = invite(organisation, administrator, "actor", at=AT + timedelta(hours=1))
    found = open_invitation_to(ADDRESS.upper(), at=AT + timedelta(hours=2))
    assert found == newest
    assert open_invitation_to(ADDRESS, at=AT + timedelta(days=30)) is None
    assert open_invitation_to("annan@trygg.example", at=AT) is None
