"""Roles: who gives them, until when, and that nobody gives more than they have."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kraftsamling.people import actions
from kraftsamling.people.actions.memberships import AlreadyHasRole, LastAdministrator
from kraftsamling.people.models import Membership, Role
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.people.refusals import GivesTooMuch, Invalid, NotAllowed, Refusal
from kraftsamling.people.standard_roles import STANDARD_ROLES
from tests import factories as make
from tests.rooms.people.stage import (
    AT,
    LATER,
    SYSTEM,
    TODAY,
    a_role_with,
    administrator_of,
    by,
    entries_of,
    last_entry,
    membership_of,
    role,
    standing,
)

pytestmark = pytest.mark.django_db


def give(person, organisation, code="reporter", giver=None, **options):
    return actions.give_role(
        person=person, organisation=organisation, role=role(code),
        by=by(giver) if giver else SYSTEM, at=AT, **options,
    )  # fmt: skip


def test_a_role_holds_from_today_and_is_recorded_without_a_name():
    organisation = make.OrganisationFactory()
    person = make.PersonFactory(name="Hemlig Hansson")
    membership = give(person, organisation, giver=administrator_of(organisation))
    assert membership.valid_from == TODAY
    assert standing(person).may(Permission.GROUPS_READ, organisation.pk)
    assert "Hemlig" not in last_entry().content.text
    assert str(person.public_id) in last_entry().content.text


def test_an_administrator_gives_no_role_elsewhere():
    administrator = administrator_of(make.OrganisationFactory())
    with pytest.raises(NotAllowed):
        give(make.PersonFactory(), make.OrganisationFactory(), giver=administrator)


@pytest.mark.parametrize("code", ["security", "operator", "auditor", "coordinator", "analyst"])
def test_an_administrator_gives_no_role_that_reaches_further_than_the_own(code):
    organisation = make.OrganisationFactory()
    administrator = administrator_of(organisation)
    for receiver in (administrator, make.PersonFactory()):
        with pytest.raises(GivesTooMuch):
            give(receiver, organisation, code, giver=administrator)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=st.frozensets(st.sampled_from(list(Permission))),
    wanted=st.frozensets(st.sampled_from(list(Permission))),
    reach=st.sampled_from(list(Reach)),
)
def test_whatever_roles_exist_nobody_raises_their_own_rights(db, held, wanted, reach):
    organisation = make.OrganisationFactory()
    giver = make.PersonFactory()
    own = a_role_with(*held, Permission.PEOPLE_MANAGE)
    make.MembershipFactory(person=giver, organisation=organisation, role=own)
    before = standing(giver)
    with suppress(Refusal):
        actions.give_role(
            person=giver, organisation=organisation, role=a_role_with(*wanted, reach=reach),
            by=by(giver), at=AT,
        )  # fmt: skip
    after = standing(giver)
    assert after.permissions <= before.permissions
    assert after.permissions_everywhere <= before.permissions_everywhere


def test_a_program_gives_no_roles():
    organisation = make.OrganisationFactory()
    token = make.TokenFactory(organisation=organisation)
    with pytest.raises(NotAllowed):
        actions.give_role(
            person=make.PersonFactory(), organisation=organisation, role=role("reporter"),
            by=token.as_actor, at=AT,
        )  # fmt: skip


def test_someone_who_was_shut_out_gives_nothing():
    organisation = make.OrganisationFactory()
    administrator = administrator_of(organisation, is_active=False)
    with pytest.raises(NotAllowed):
        give(make.PersonFactory(), organisation, giver=administrator)


def test_the_same_role_is_not_given_twice_at_the_same_time():
    person, organisation = make.PersonFactory(), make.OrganisationFactory()
    give(person, organisation, valid_until=LATER)
    with pytest.raises(AlreadyHasRole):
        give(person, organisation)
    give(person, organisation, valid_from=LATER)
    assert person.memberships.count() == 2


def test_a_role_ends_on_its_last_day_by_itself():
    person, organisation = make.PersonFactory(), make.OrganisationFactory()
    give(person, organisation, valid_until=LATER)
    assert standing(person, on=LATER - timedelta(days=1)).grants
    assert not standing(person, on=LATER).grants


def test_a_role_that_ends_before_it_begins_is_refused():
    with pytest.raises(Invalid):
        give(make.PersonFactory(), make.OrganisationFactory(), valid_until=TODAY)


def test_an_ended_role_allows_nothing_from_that_moment():
    organisation = make.OrganisationFactory()
    administrator, reporter = (
        administrator_of(organisation),
        make.person_with("reporter", organisation),
    )
    actions.end_membership(membership_of(reporter), by=by(administrator), at=AT, reason="Slutar")
    assert not standing(reporter).grants
    assert "Slutar" in last_entry().content.text


def test_the_last_administrator_is_not_removed_by_accident():
    organisation = make.OrganisationFactory()
    only = administrator_of(organisation)
    with pytest.raises(LastAdministrator):
        actions.end_membership(membership_of(only), by=by(only), at=AT)
    with pytest.raises(LastAdministrator):
        actions.change_membership(membership_of(only), valid_until=LATER, by=by(only), at=AT)
    with pytest.raises(LastAdministrator):
        actions.deactivate_person(only, by=SYSTEM, at=AT)
    assert standing(only).grants


def test_the_last_administrator_goes_when_it_is_said_twice():
    organisation = make.OrganisationFactory()
    only = administrator_of(organisation)
    actions.end_membership(membership_of(only), by=by(only), at=AT, even_if_last=True)
    assert not standing(only).grants


def test_a_substitute_or_one_who_is_shut_out_does_not_count_as_an_administrator():
    organisation = make.OrganisationFactory()
    only = administrator_of(organisation)
    administrator_of(organisation, is_active=False)
    actions.appoint_substitute(
        membership_of(only), person=make.PersonFactory(), valid_from=TODAY, valid_until=LATER,
        by=SYSTEM, at=AT,
    )  # fmt: skip
    with pytest.raises(LastAdministrator):
        actions.end_membership(membership_of(only), by=SYSTEM, at=AT)


def test_of_two_administrators_one_may_go():
    organisation = make.OrganisationFactory()
    first, second = administrator_of(organisation), administrator_of(organisation)
    actions.end_membership(membership_of(first), by=by(second), at=AT)
    with pytest.raises(LastAdministrator):
        actions.end_membership(membership_of(second), by=by(second), at=AT)


def test_a_substitute_has_the_role_for_a_time():
    organisation = make.OrganisationFactory()
    regular, substitute = make.person_with("reporter", organisation), make.PersonFactory()
    made = actions.appoint_substitute(
        membership_of(regular), person=substitute, valid_from=TODAY, valid_until=LATER,
        by=by(administrator_of(organisation)), at=AT,
    )  # fmt: skip
    assert made.role == membership_of(regular).role
    assert standing(substitute).may(Permission.GROUPS_READ, organisation.pk)
    assert not standing(substitute, on=LATER).grants


def test_when_the_regular_leaves_the_substitute_leaves_too():
    organisation = make.OrganisationFactory()
    regular, substitute = make.person_with("reporter", organisation), make.PersonFactory()
    actions.appoint_substitute(
        membership_of(regular), person=substitute, valid_from=TODAY, valid_until=LATER,
        by=SYSTEM, at=AT,
    )  # fmt: skip
    actions.end_membership(membership_of(regular), by=SYSTEM, at=AT)
    assert not standing(substitute).grants
    assert entries_of("people.end_membership") == 2


@pytest.mark.parametrize("case", ["oneself", "chain", "beyond", "for ever"])
def test_a_substitution_without_sense_is_refused(case):
    organisation = make.OrganisationFactory()
    regular = membership_of(make.person_with("reporter", organisation))
    person, until = make.PersonFactory(), LATER
    if case == "oneself":
        person = regular.person
    if case == "chain":
        regular = make.MembershipFactory(organisation=organisation, substitute_for=regular)
    if case == "beyond":
        Membership.objects.filter(pk=regular.pk).update(valid_until=LATER - timedelta(days=1))
        regular.refresh_from_db()
    if case == "for ever":
        made = actions.appoint_substitute(
            regular, person=person, valid_from=TODAY, valid_until=until, by=SYSTEM, at=AT
        )
        with pytest.raises(Invalid):
            actions.change_membership(made, valid_until=None, by=SYSTEM, at=AT)
        return
    with pytest.raises(Invalid):
        actions.appoint_substitute(
            regular, person=person, valid_from=TODAY, valid_until=until, by=SYSTEM, at=AT
        )


# --- The roles themselves --------------------------------------------------------------------


def test_the_standard_roles_are_laid_down_once():
    assert {each.code for each in actions.ensure_standard_roles(at=AT)} == {
        each.code for each in STANDARD_ROLES
    }
    assert actions.ensure_standard_roles(at=AT) == ()


def test_what_a_city_made_of_a_role_stays():
    actions.ensure_standard_roles(at=AT)
    Role.objects.filter(code="reporter").update(permissions=[Permission.PLACES_EDIT])
    actions.ensure_standard_roles(at=AT)
    assert Role.objects.get(code="reporter").permissions == [Permission.PLACES_EDIT]


def test_a_permission_that_is_new_in_the_software_is_put_into_its_roles_once():
    actions.ensure_standard_roles(at=AT)
    Role.objects.filter(code="coordinator").update(
        permissions=[Permission.PEOPLE_READ],
        offered=[Permission.PEOPLE_READ, Permission.PLACES_EDIT, Permission.PLACES_IMPORT],
    )  # as if groups.read had come with this version
    for _upgrade in range(2):
        actions.ensure_standard_roles(at=AT)
        held = Role.objects.get(code="coordinator").permissions
        assert held == [Permission.GROUPS_READ, Permission.PEOPLE_READ]
    assert entries_of("people.change_role") == 1


def test_every_standard_role_has_words_in_swedish_and_english():
    for each in STANDARD_ROLES:
        assert each.name.has("sv")
        assert each.name.has("en")
        assert each.description.has("sv")
        assert each.description.has("en")


def test_the_administrator_of_an_organisation_can_staff_it():
    """The roles an association needs are within what its administrator holds."""
    actions.ensure_standard_roles(at=AT)
    organisation = make.OrganisationFactory()
    administrator = administrator_of(organisation)
    for code in ("reporter", "member", "actor", "organisation_administrator"):
        give(make.PersonFactory(), organisation, code, giver=administrator)


def test_a_role_is_shaped_within_what_the_shaper_holds_everywhere():
    security = make.person_with("security")
    shape = {
        "name": make.sv("Värd"), "description": make.sv("Tar emot."), "reach": Reach.OWN,
        "by": by(security), "at": AT,
    }  # fmt: skip
    made = actions.create_role(permissions=[Permission.PLACES_EDIT], **shape)
    with pytest.raises(GivesTooMuch):
        actions.create_role(permissions=[Permission.TRAIL_READ], **shape)
    with pytest.raises(GivesTooMuch):
        actions.change_role(made, permissions=[Permission.OPERATION_MANAGE], **shape)
    with pytest.raises(GivesTooMuch):  # nor may it take away what it does not hold
        actions.change_role(role("auditor"), permissions=[], **shape)
    administrator = administrator_of(make.OrganisationFactory())
    with pytest.raises(NotAllowed):
        actions.change_role(made, permissions=[], **(shape | {"by": by(administrator)}))
