"""Invitations: written, renewed, withdrawn, accepted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.languages import BY_CODE, SOURCE_LANGUAGE
from kraftsamling.people.actions.memberships import AlreadyHasRole, new_membership
from kraftsamling.people.authority import authority_of
from kraftsamling.people.events import (
    InvitationAccepted,
    InvitationWithdrawn,
    PersonInvited,
    RoleGiven,
)
from kraftsamling.people.models import Invitation, Membership, Organisation, Person, Role
from kraftsamling.people.permissions import Permission
from kraftsamling.people.refusals import Invalid, Refusal
from kraftsamling.people.rules import invitation_state
from kraftsamling.trail.actions import record

DAYS_OPEN = 14


class AlreadyInvited(Refusal):
    """An invitation to the same role waits for an answer."""

    reason = _("Den adressen har redan en inbjudan som väntar på svar. Skicka den igen i stället.")


class InvitationClosed(Refusal):
    """The invitation was accepted, withdrawn, renewed or is too old."""

    reason = _("Inbjudan gäller inte längre. Be den som bjöd in dig om en ny.")


class InvitedSomeoneElse(Refusal):
    """The one who is signed in is not the one who was invited."""

    reason = _("Inbjudan gäller en annan adress än den du är inloggad med. Logga ut först.")


@dataclass(frozen=True)
class Accepted:
    """What came of an invitation: who joined, with which membership, and whether they are new."""

    person: Person
    membership: Membership
    is_new: bool


def invite_person(
    *,
    email: str,
    organisation: Organisation,
    role: Role,
    by: Actor,
    at: datetime,
    language: str = SOURCE_LANGUAGE,
    days_open: int = DAYS_OPEN,
    membership_until: date | None = None,
    substitute_for: Membership | None = None,
) -> Invitation:
    """Invite an address to an organisation; the link is mailed after commit.

    Asks for the right to manage the organisation's people and for every permission of the role.
    A substitute gets the role of the one replaced, and needs `membership_until`.
    """
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE, organisation)
    authority.require_may_give(role, organisation)
    email = _checked_address(email)
    _check_terms(organisation, role, membership_until, substitute_for, timezone.localdate(at))
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # one invitation at a time
        _refuse_second(email, organisation, role, at)
        invitation = Invitation.objects.create(
            email=email,
            organisation=organisation,
            role=role,
            language=language if language in BY_CODE else SOURCE_LANGUAGE,
            membership_until=membership_until,
            substitute_for=substitute_for,
            invited_by=authority.person,
            invited_at=at,
            expires_at=at + timedelta(days=days_open),
        )
        record(
            act="people.invite_person", by=by, at=at, on=_name(invitation),
            after=_facts(invitation),
        )  # fmt: skip
        announce(PersonInvited(invitation.public_id, invitation.issue))
    return invitation


def renew_invitation(
    invitation: Invitation, *, by: Actor, at: datetime, days_open: int = DAYS_OPEN
) -> None:
    """Send an unanswered invitation again, with a new link; the link before is dead."""
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE, invitation.organisation)
    authority.require_may_give(invitation.role, invitation.organisation)
    with transaction.atomic():
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if _state(current, at) not in ("open", "expired"):
            raise InvitationClosed
        before = {"issue": current.issue, "expires_at": current.expires_at}
        current.issue += 1
        current.expires_at = at + timedelta(days=days_open)
        current.save(update_fields=["issue", "expires_at"])
        record(
            act="people.renew_invitation", by=by, at=at, on=_name(current), before=before,
            after={"issue": current.issue, "expires_at": current.expires_at},
        )  # fmt: skip
        announce(PersonInvited(current.public_id, current.issue))


def withdraw_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Take an unanswered invitation back: its link is dead. Twice is once."""
    authority_of(by, at=at).require(Permission.PEOPLE_MANAGE, invitation.organisation)
    with transaction.atomic():
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if current.withdrawn_at is not None:
            return
        if current.accepted_at is not None:
            raise InvitationClosed
        current.withdrawn_at = at
        current.save(update_fields=["withdrawn_at"])
        record(
            act="people.withdraw_invitation", by=by, at=at, on=_name(current),
            before={"withdrawn_at": None}, after={"withdrawn_at": at},
        )  # fmt: skip
        announce(InvitationWithdrawn(current.public_id))


def accept_invitation(
    public_id: UUID,
    *,
    issue: int,
    at: datetime,
    name: str = "",
    language: str = SOURCE_LANGUAGE,
    by: Actor | None = None,
) -> Accepted:
    """Join by a link, once. Whoever holds the link reads the invited address' mail.

    An address that nobody has yet becomes a person with `name` and `language`; one that somebody
    has gives that person the membership, and changes nothing else about them. `by` is the one who
    is signed in, if anyone, and then has to be the invited one.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("organisation", "role", "substitute_for")
            .filter(public_id=public_id, issue=issue)
            .first()
        )
        if invitation is None or _state(invitation, at) != "open":
            raise InvitationClosed
        person, is_new = _person_for(invitation, name=name, language=language, by=by, at=at)
        membership = _join(invitation, person, at)
        invitation.accepted_at, invitation.accepted_by = at, person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record(
            act="people.accept_invitation", by=person.as_actor, at=at, on=_name(invitation),
            after={
                "person": str(person.public_id),
                "membership": str(membership.public_id),
                "is_new": is_new,
            },
        )  # fmt: skip
        announce(InvitationAccepted(invitation.public_id, person.public_id))
        announce(RoleGiven(membership.public_id))
    return Accepted(person, membership, is_new)


def _person_for(
    invitation: Invitation, *, name: str, language: str, by: Actor | None, at: datetime
) -> tuple[Person, bool]:
    person = Person.objects.filter(email__iexact=invitation.email).first()
    if by is not None and (person is None or by.id != str(person.public_id)):
        raise InvitedSomeoneElse
    if person is not None:
        if not person.is_active:
            raise InvitationClosed
        return person, False
    person = Person(
        email=invitation.email,
        name=name.strip(),
        language=language if language in BY_CODE else SOURCE_LANGUAGE,
        joined_at=at,
    )
    person.set_unusable_password()
    try:
        person.full_clean()
    except ValidationError as error:
        raise Invalid(_("Skriv ditt namn, med högst 120 tecken.")) from error
    person.save()
    return person, True


def _join(invitation: Invitation, person: Person, at: datetime) -> Membership:
    today = timezone.localdate(at)
    if not invitation.organisation.is_active:
        raise InvitationClosed
    if invitation.membership_until is not None and invitation.membership_until <= today:
        raise InvitationClosed
    return new_membership(
        person=person, organisation=invitation.organisation, role=invitation.role,
        valid_from=today, valid_until=invitation.membership_until,
        substitute_for=invitation.substitute_for,
    )  # fmt: skip


def _check_terms(
    organisation: Organisation,
    role: Role,
    until: date | None,
    substitute_for: Membership | None,
    today: date,
) -> None:
    if not organisation.is_active:
        raise Invalid(_("Organisationen är inte längre aktiv."))
    if until is not None and until <= today:
        raise Invalid(_("Slutdagen har redan passerat. Välj en senare dag."))
    if substitute_for is None:
        return
    if until is None:
        raise Invalid(_("Ange till och med när ersättaren ska ersätta."))
    if substitute_for.organisation_id != organisation.pk or substitute_for.role_id != role.pk:
        raise Invalid(_("Ersättaren får samma roll i samma organisation som den ordinarie."))


def _refuse_second(email: str, organisation: Organisation, role: Role, at: datetime) -> None:
    waiting = Invitation.objects.filter(
        email__iexact=email, organisation=organisation, role=role,
        accepted_at=None, withdrawn_at=None, expires_at__gt=at,
    )  # fmt: skip
    if waiting.exists():
        raise AlreadyInvited
    today = timezone.localdate(at)
    has_role = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=today),
        person__email__iexact=email, organisation=organisation, role=role,
    )  # fmt: skip
    if has_role.exists():
        raise AlreadyHasRole


def _checked_address(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(_("Skriv en hel e-postadress, till exempel namn@exempel.se.")) from error
    return email


def _state(invitation: Invitation, at: datetime) -> str:
    return invitation_state(
        at,
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
    )


def _facts(invitation: Invitation) -> dict[str, Any]:
    replaced = invitation.substitute_for
    return {
        "email": invitation.email,
        "organisation": invitation.organisation.slug,
        "role": invitation.role.code,
        "expires_at": invitation.expires_at,
        "membership_until": invitation.membership_until,
        "substitute_for": str(replaced.public_id) if replaced else None,
    }


def _name(invitation: Invitation) -> tuple[str, str]:
    return ("invitation", str(invitation.public_id))
