"""One's own details, shutting people out, and what lists cost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from kraftsamling.people import actions, queries
from kraftsamling.people.access import (
    NotFound,
    invitation_for_people_manager,
    membership_for_people_manager,
    organisation_for_editor,
    organisation_for_everyone,
    organisation_for_people_manager,
    organisation_for_people_reader,
    organisation_for_token_manager,
    person_for_signing_in,
    standing_of,
    token_for_token_manager,
    token_from_secret,
)
from kraftsamling.people.actions.persons import AddressTaken
from kraftsamling.people.links import (
    demo_link,
    from_demo_text,
    from_new_address_text,
    new_address_text,
)
from kraftsamling.people.models import Person
from kraftsamling.people.permissions import Permission, Scope
from kraftsamling.people.refusals import GivesTooMuch, Invalid, NotAllowed
from tests import factories as make
from tests.rooms.people.stage import (
    AT,
    SYSTEM,
    TODAY,
    administrator_of,
    by,
    entries_of,
    last_entry,
    membership_of,
    standing,
)

pytestmark = pytest.mark.django_db


def test_one_changes_ones_own_name_and_language():
    person = make.PersonFactory(name="Gamla Namnet")
    actions.change_own_details(person, name=" Nya Namnet ", language="ar", by=by(person), at=AT)
    person.refresh_from_db()
    assert (person.name, person.language) == ("Nya Namnet", "ar")
    assert last_entry().act == "people.change_own_details"


def test_nobody_changes_anothers_details():
    person, other = make.PersonFactory(), make.person_with("operator")
    with pytest.raises(NotAllowed):
        actions.change_own_details(person, name="Kapad", language="sv", by=by(other), at=AT)
    with pytest.raises(NotAllowed):
        actions.change_own_email(
            person, email="kapad@x.se", instead_of=person.email, by=by(other), at=AT
        )


def test_a_new_address_is_taken_once_and_never_from_another():
    person, other = make.PersonFactory(), make.PersonFactory()
    before = person.email
    with pytest.raises(AddressTaken):
        actions.change_own_email(
            person, email=other.email.upper(), instead_of=before, by=by(person), at=AT
        )
    actions.change_own_email(person, email="ny@x.se", instead_of=before, by=by(person), at=AT)
    with pytest.raises(Invalid):
        actions.change_own_email(
            person, email="nyare@x.se", instead_of=before, by=by(person), at=AT
        )
    assert person_for_signing_in("NY@x.se") == person
    assert person_for_signing_in(before) is None


def test_an_address_belongs_to_one_person_whatever_its_case():
    make.PersonFactory(email="en@trygg.example")
    with pytest.raises(IntegrityError):
        Person.objects.create(email="EN@trygg.example", name="Två")


def test_people_are_registered_by_the_software_alone():
    person = actions.register_person(email="forst@x.se", name="Första", by=SYSTEM, at=AT)
    assert not person.has_usable_password()
    with pytest.raises(NotAllowed):
        actions.register_person(email="a@x.se", name="A", by=by(person), at=AT)
    with pytest.raises(AddressTaken):
        actions.register_person(email="FORST@x.se", name="B", by=SYSTEM, at=AT)


def test_one_who_is_shut_out_may_nothing_and_every_session_is_dead():
    organisation = make.OrganisationFactory()
    administrator = administrator_of(organisation)
    person = make.person_with("reporter", organisation)
    session_hash = person.get_session_auth_hash()
    actions.deactivate_person(person, by=by(administrator), at=AT, reason="Slutat")
    person.refresh_from_db()
    assert not person.is_active
    assert not standing(person).grants
    assert person.get_session_auth_hash() != session_hash
    assert person_for_signing_in(person.email) is None
    actions.reactivate_person(person, by=by(administrator), at=AT)
    person.refresh_from_db()
    assert standing(person).grants
    assert person.get_session_auth_hash() != session_hash


def test_an_administrator_shuts_out_only_those_who_are_theirs_alone():
    own, other = make.OrganisationFactory(), make.OrganisationFactory()
    administrator = administrator_of(own)
    shared = make.person_with("reporter", own)
    make.MembershipFactory(person=shared, organisation=other, role=make.standard_role("reporter"))
    stranger, unattached = make.person_with("reporter", other), make.PersonFactory()
    for person in (shared, stranger, unattached):
        with pytest.raises(NotAllowed):
            actions.deactivate_person(person, by=by(administrator), at=AT)
    city = make.person_with("operator")
    for person in (shared, stranger, unattached):
        actions.deactivate_person(person, by=by(city), at=AT)
    assert entries_of("people.deactivate_person") == 3


def test_an_administrator_does_not_shut_out_one_who_holds_more():
    own = make.OrganisationFactory()
    with pytest.raises(GivesTooMuch):
        actions.deactivate_person(
            make.person_with("operator", own), by=by(administrator_of(own)), at=AT
        )


def test_a_demo_link_is_the_same_every_time_and_leads_to_the_persona():
    person = make.PersonFactory()
    link = demo_link(person, "http://localhost:8000/")
    assert link == demo_link(person, "http://localhost:8000")
    assert from_demo_text(link.rpartition("/")[2]) == person.public_id
    assert from_demo_text("x") is None


def test_the_link_of_a_new_address_ends_after_an_hour(time_machine):
    person = make.PersonFactory()
    time_machine.move_to(AT, tick=False)
    text = new_address_text(person, "ny@x.se")
    assert from_new_address_text(text).email == "ny@x.se"
    time_machine.move_to(AT + timedelta(hours=1, seconds=1), tick=False)
    assert from_new_address_text(text) is None


# --- Keys for programs -----------------------------------------------------------------------


def a_key(organisation=None, **options):
    return actions.create_token(
        organisation or make.OrganisationFactory(), scopes=[Scope.PLACES_READ], by=SYSTEM, at=AT,
        **options,
    )  # fmt: skip


def test_a_key_opens_while_it_holds_and_only_its_hash_is_kept():
    token, text = a_key(label="Kalendern")
    assert token_from_secret(text, at=AT) == token
    assert text.split("_", 2)[2] not in str(vars(token))
    assert text.split("_", 2)[2] not in last_entry().content.text
    assert token.as_actor.id == f"token:{token.prefix}"


def test_unknown_wrong_expired_and_revoked_keys_are_one_answer():
    _token, text = a_key(expires_at=AT + timedelta(days=1))
    revoked, revoked_text = a_key()
    actions.revoke_token(revoked, by=SYSTEM, at=AT)
    closed, closed_text = a_key()
    closed.organisation.is_active = False
    closed.organisation.save()
    flipped = text[:-1] + ("A" if text[-1] != "A" else "B")
    for wrong in ("", "x", flipped, "ks_aaaaaaaa_" + "x" * 43, revoked_text, closed_text):
        assert token_from_secret(wrong, at=AT) is None
    assert token_from_secret(text, at=AT + timedelta(days=1)) is None
    assert token_from_secret(text, at=AT)


def test_every_answer_about_a_key_costs_the_same_queries(django_assert_num_queries):
    _token, text = a_key()
    token_from_secret(text, at=AT)
    for asked in (text, "ks_aaaaaaaa_" + "x" * 43, text[:12] + "x" * 43):
        with django_assert_num_queries(1):
            token_from_secret(asked, at=AT)


def test_the_use_of_a_key_is_noted_once_a_day(django_assert_num_queries):
    token, text = a_key()
    with django_assert_num_queries(2):
        token_from_secret(text, at=AT)
    with django_assert_num_queries(1):
        token_from_secret(text, at=AT + timedelta(hours=1))
    token_from_secret(text, at=AT + timedelta(days=1))
    token.refresh_from_db()
    assert token.last_used_on == TODAY + timedelta(days=1)


def test_keys_are_made_by_those_who_manage_them():
    organisation = make.OrganisationFactory()
    reporter, administrator = (
        make.person_with("reporter", organisation),
        administrator_of(organisation),
    )
    asked = {"scopes": [Scope.PLACES_READ], "at": AT}
    with pytest.raises(NotAllowed):
        actions.create_token(organisation, by=by(reporter), **asked)
    with pytest.raises(NotAllowed):
        actions.create_token(make.OrganisationFactory(), by=by(administrator), **asked)
    token, _text = actions.create_token(organisation, by=by(administrator), **asked)
    with pytest.raises(NotAllowed):
        actions.revoke_token(token, by=token.as_actor, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["allt"]}, {"label": "x" * 121}, {"expires_at": AT}],
    ids=str,
)
def test_a_key_that_makes_no_sense_is_refused(wrong):
    asked = {"scopes": [Scope.PLACES_READ]} | wrong
    with pytest.raises(Invalid):
        actions.create_token(make.OrganisationFactory(), by=SYSTEM, at=AT, **asked)


# --- To fetch is to have been allowed --------------------------------------------------------

GATES = {
    "editor": (organisation_for_editor, lambda o: o.slug),
    "people reader": (organisation_for_people_reader, lambda o: o.slug),
    "people manager": (organisation_for_people_manager, lambda o: o.slug),
    "token manager": (organisation_for_token_manager, lambda o: o.slug),
    "membership": (
        membership_for_people_manager, lambda o: make.MembershipFactory(organisation=o).public_id
    ),
    "invitation": (
        invitation_for_people_manager, lambda o: make.InvitationFactory(organisation=o).public_id
    ),
    "token": (token_for_token_manager, lambda o: make.TokenFactory(organisation=o).public_id),
}  # fmt: skip


@pytest.mark.parametrize("name", GATES)
def test_what_is_foreign_looks_like_what_is_absent(name):
    gate, name_of = GATES[name]
    own, foreign = make.OrganisationFactory(), make.OrganisationFactory()
    part = make.OrganisationFactory(parent=own)
    asker = standing(administrator_of(own))
    assert gate(asker, name_of(own))
    assert gate(asker, name_of(part))
    with pytest.raises(NotFound) as foreign_answer:
        gate(asker, name_of(foreign))
    with pytest.raises(NotFound) as absent_answer:
        gate(asker, uuid4() if name in ("membership", "invitation", "token") else "finns-inte")
    assert str(foreign_answer.value) == str(absent_answer.value)


def test_the_public_sees_no_closed_organisation():
    closed = make.OrganisationFactory(is_active=False)
    with pytest.raises(NotFound):
        organisation_for_everyone(closed.slug)
    assert closed not in queries.active_organisations()


# --- What lists cost -------------------------------------------------------------------------


def queries_of(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        act()
    return len(counted)


def test_lists_cost_the_same_whatever_their_length():
    organisation = make.OrganisationFactory()
    administrator = administrator_of(organisation)

    def read_all():
        on = standing_of(administrator, on=TODAY)
        list(queries.active_organisations())
        list(queries.organisations_of(on, Permission.PEOPLE_READ))
        [str(m.role.name) for p in queries.people_of(organisation, on=TODAY) for m in p.memberships]
        [str(each.invitation.role) for each in queries.invitations_of(organisation, at=AT)]
        list(queries.tokens_of(organisation))
        [each.organisation_count for each in queries.networks()]

    few = queries_of(read_all)
    for _more in range(12):
        make.OrganisationFactory(parent=organisation)
        make.person_with("reporter", organisation)
        make.InvitationFactory(organisation=organisation)
        make.TokenFactory(organisation=organisation)
        make.NetworkFactory()
    assert queries_of(read_all) == few <= 12


def test_organisations_are_found_by_a_part_of_any_of_their_names():
    from kraftsamling.kit.texts import Texts

    make.OrganisationFactory(slug="a", name=Texts.of("Åby församling", en="Åby parish"))
    make.OrganisationFactory(slug="b", name=Texts.of("Ärlan"))
    make.OrganisationFactory(slug="c", name=Texts.of("Zion"))
    assert [each.slug for each in queries.active_organisations()] == ["c", "a", "b"]
    assert [each.slug for each in queries.active_organisations(text="ÅBY")] == ["a"]
    assert [each.slug for each in queries.active_organisations(text="parish")] == ["a"]
    assert queries.active_organisations(text="finns inte") == []


def test_the_user_model_is_the_person():
    assert get_user_model() is Person
    assert membership_of(make.person_with("reporter")).role.code == "reporter"
