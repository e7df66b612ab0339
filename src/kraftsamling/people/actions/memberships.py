"""Roles given to people, changed and ended; substitutes."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.people.authority import authority_of
from kraftsamling.people.events import MembershipChanged, MembershipEnded, RoleGiven
from kraftsamling.people.models import Membership, Organisation, Person, Role
from kraftsamling.people.permissions import Permission
from kraftsamling.people.refusals import Invalid, Refusal
from kraftsamling.people.rules import is_current
from kraftsamling.trail.actions import record


class LastAdministrator(Refusal):
    """Nobody would be left to handle the organisation's people."""

    reason = _(
        "Det här är organisationens sista administratör. Ge någon annan rollen först, "
        "eller bekräfta att organisationen ska stå utan."
    )


class AlreadyHasRole(Refusal):
    """The person has this role in this organisation already."""

    reason = _("Personen har redan den rollen i organisationen.")


def give_role(
    *,
    person: Person,
    organisation: Organisation,
    role: Role,
    by: Actor,
    at: datetime,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Membership:
    """Give someone a role, from today unless `valid_from` says otherwise, until a day (half-open).

    Asks for the right to manage the organisation's people and for every permission of the role.
    """
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE, organisation)
    authority.require_may_give(role, organisation)
    with transaction.atomic():
        membership = new_membership(
            person=person, organisation=organisation, role=role,
            valid_from=valid_from or timezone.localdate(at), valid_until=valid_until,
        )  # fmt: skip
        _record_giving(membership, act="people.give_role", by=by, at=at)
    return membership


def appoint_substitute(
    membership: Membership,
    *,
    person: Person,
    valid_from: date,
    valid_until: date,
    by: Actor,
    at: datetime,
) -> Membership:
    """Let `person` stand in for the holder of a membership, with its role, until a day."""
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE, membership.organisation)
    authority.require_may_give(membership.role, membership.organisation)
    with transaction.atomic():
        substitute = new_membership(
            person=person, organisation=membership.organisation, role=membership.role,
            valid_from=valid_from, valid_until=valid_until, substitute_for=membership,
        )  # fmt: skip
        _record_giving(substitute, act="people.appoint_substitute", by=by, at=at)
    return substitute


def change_membership(
    membership: Membership,
    *,
    valid_until: date | None,
    by: Actor,
    at: datetime,
    even_if_last: bool = False,
) -> None:
    """Set or take away the day a membership ends. A substitute's always has one."""
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE, membership.organisation)
    authority.require_may_give(membership.role, membership.organisation)
    with transaction.atomic():
        current = _locked(membership)
        if valid_until is not None and valid_until < current.valid_from:
            raise Invalid(_("Slutdagen ligger före startdagen. Välj en senare dag."))
        if current.substitute_for_id is not None:
            _check_substitution(current.substitute_for, current.person, valid_until)
        if valid_until is not None and not even_if_last:
            refuse_if_last_administrator(current, from_day=valid_until)
        before = {"valid_until": current.valid_until}
        current.valid_until = valid_until
        current.save(update_fields=["valid_until"])
        record(
            act="people.change_membership", by=by, at=at, on=_name(current),
            before=before, after={"valid_until": valid_until},
        )  # fmt: skip
        announce(MembershipChanged(current.public_id))


def end_membership(
    membership: Membership,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    even_if_last: bool = False,
) -> None:
    """End a membership today, and with it those of its substitutes. Takes effect at once.

    Raises LastAdministrator when nobody would be left to handle the organisation's people, unless
    `even_if_last` says that this is known and meant.
    """
    authority_of(by, at=at).require(Permission.PEOPLE_MANAGE, membership.organisation)
    today = timezone.localdate(at)
    with transaction.atomic():
        current = _locked(membership)
        if not even_if_last:
            refuse_if_last_administrator(current, from_day=today)
        substitutes = current.substitutes.filter(Q(valid_until=None) | Q(valid_until__gt=today))
        for each in (*substitutes, current):
            end_at_once(each, today, by=by, at=at, reason=reason)


def refuse_if_last_administrator(membership: Membership, *, from_day: date) -> None:
    """Raises LastAdministrator if without `membership` nobody manages people from that day."""
    if Permission.PEOPLE_MANAGE not in membership.role.permissions:
        return
    if membership.substitute_for_id is not None or not membership.person.is_active:
        return
    if not is_current(
        from_day, valid_from=membership.valid_from, valid_until=membership.valid_until
    ):
        return
    others = (
        Membership.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=from_day),
            organisation_id=membership.organisation_id,
            valid_from__lte=from_day,
            person__is_active=True,
            substitute_for=None,
        )
        .exclude(pk=membership.pk)
        .select_related("role")
    )
    if not any(Permission.PEOPLE_MANAGE in other.role.permissions for other in others):
        raise LastAdministrator


def new_membership(
    *,
    person: Person,
    organisation: Organisation,
    role: Role,
    valid_from: date,
    valid_until: date | None,
    substitute_for: Membership | None = None,
) -> Membership:
    """Write a membership that makes sense. MUST be called inside the transaction of an action."""
    if not person.is_active or not organisation.is_active:
        raise Invalid(_("Personen eller organisationen är inte längre aktiv."))
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid(_("Slutdagen måste ligga efter startdagen."))
    if substitute_for is not None:
        _check_substitution(substitute_for, person, valid_until)
    overlapping = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=valid_from),
        person=person, organisation=organisation, role=role, substitute_for=substitute_for,
    )  # fmt: skip
    if valid_until is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_until)
    if overlapping.exists():
        raise AlreadyHasRole
    return Membership.objects.create(
        person=person, organisation=organisation, role=role,
        valid_from=valid_from, valid_until=valid_until, substitute_for=substitute_for,
    )  # fmt: skip


def end_at_once(
    membership: Membership, today: date, *, by: Actor, at: datetime, reason: str
) -> None:
    """Write that a membership ends today. MUST be called inside the transaction of an action."""
    before = {"valid_until": membership.valid_until}
    # Half-open: until today means not today any more. One that has not begun ends as it begins.
    membership.valid_until = max(today, membership.valid_from)
    membership.save(update_fields=["valid_until"])
    record(
        act="people.end_membership", by=by, at=at, on=_name(membership),
        before=before, after={"valid_until": membership.valid_until}, reason=reason,
    )  # fmt: skip
    announce(MembershipEnded(membership.public_id))


def membership_facts(membership: Membership) -> dict[str, Any]:
    """What the trail remembers of a membership; people stand in it by their id alone."""
    replaced = membership.substitute_for
    return {
        "person": str(membership.person.public_id),
        "organisation": membership.organisation.slug,
        "role": membership.role.code,
        "valid_from": membership.valid_from,
        "valid_until": membership.valid_until,
        "substitute_for": str(replaced.public_id) if replaced else None,
    }


def _check_substitution(
    replaced: Membership | None, person: Person, valid_until: date | None
) -> None:
    if valid_until is None:
        raise Invalid(_("Ange till och med när ersättaren ska ersätta."))
    if replaced is None:
        return
    if replaced.person_id == person.pk:
        raise Invalid(_("Ingen kan vara ersättare för sig själv."))
    if replaced.substitute_for_id is not None:
        raise Invalid(_("En ersättare kan inte ha en egen ersättare."))
    if replaced.valid_until is not None and valid_until > replaced.valid_until:
        raise Invalid(_("Ersättaren kan inte ha uppdraget längre än den ordinarie."))


def _record_giving(membership: Membership, *, act: str, by: Actor, at: datetime) -> None:
    record(act=act, by=by, at=at, on=_name(membership), after=membership_facts(membership))
    announce(RoleGiven(membership.public_id))


def _locked(membership: Membership) -> Membership:
    """The membership as it is now. Its organisation is held: two administrators cannot each
    remove the other at the same time."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related(
        "person", "organisation", "role", "substitute_for"
    ).get(pk=membership.pk)


def _name(membership: Membership) -> tuple[str, str]:
    return ("membership", str(membership.public_id))
