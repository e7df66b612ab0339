"""People themselves: their own details, and whether they may sign in."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.languages import SOURCE_LANGUAGE
from kraftsamling.people.actions.memberships import refuse_if_last_administrator
from kraftsamling.people.authority import Authority, authority_of
from kraftsamling.people.events import (
    OwnDetailsChanged,
    OwnEmailChanged,
    PersonDeactivated,
    PersonReactivated,
)
from kraftsamling.people.former import is_former
from kraftsamling.people.models import Membership, Organisation, Person
from kraftsamling.people.permissions import Permission
from kraftsamling.people.refusals import Invalid, NotAllowed, Refusal
from kraftsamling.trail.actions import record


class AddressTaken(Refusal):
    """Somebody else signs in with this address."""

    reason = _("Adressen går inte att använda. Välj en annan.")


def register_person(
    *, email: str, name: str, by: Actor, at: datetime, language: str = SOURCE_LANGUAGE
) -> Person:
    """Add a person without an invitation: for the software itself alone (the first operator, an
    import). Everyone else is invited."""
    if by.kind != "system":
        raise NotAllowed
    person = Person(email=email.strip(), name=name.strip(), language=language, joined_at=at)
    person.set_unusable_password()
    with transaction.atomic():
        _save_checked(person)
        record(
            act="people.register_person", by=by, at=at, on=_name(person),
            after={"email": person.email, "name": person.name, "language": person.language},
        )  # fmt: skip
    return person


def change_own_details(
    person: Person, *, name: str, language: str, by: Actor, at: datetime
) -> None:
    """Change one's own name and language. Nobody changes another's."""
    _require_self(person, by)
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        before = {"name": current.name, "language": current.language}
        current.name, current.language = name.strip(), language
        after = {"name": current.name, "language": current.language}
        if after == before:
            return
        _save_checked(current, fields=["name", "language"])
        record(
            act="people.change_own_details", by=by, at=at,
            on=_name(current), before=before, after=after,
        )  # fmt: skip
        announce(OwnDetailsChanged(current.public_id))


def change_own_email(
    person: Person, *, email: str, instead_of: str, by: Actor, at: datetime
) -> None:
    """Change the address one signs in with, once the new one has been proved by a link.

    `instead_of` is the address that the link was made from: a link that has been used, or was
    overtaken by another change, is refused. Raises AddressTaken.
    """
    _require_self(person, by)
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        if current.email != instead_of:
            raise Invalid(_("Länken har redan använts."))
        current.email = email.strip()
        _save_checked(current, fields=["email"])
        record(
            act="people.change_own_email", by=by, at=at, on=_name(current),
            before={"email": instead_of}, after={"email": current.email},
        )  # fmt: skip
        announce(OwnEmailChanged(current.public_id, previous_email=instead_of))


def deactivate_person(
    person: Person, *, by: Actor, at: datetime, reason: str = "", even_if_last: bool = False
) -> None:
    """Shut a person out at once: every session, link and password of theirs is dead.

    Asks for the right to manage people everywhere, or in each organisation the person belongs to.
    Raises LastAdministrator as ending the memberships would.
    """
    today = timezone.localdate(at)
    authority = authority_of(by, at=at)
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        memberships = list(
            Membership.objects.filter(
                Q(valid_until=None) | Q(valid_until__gt=today), person=current
            )
            .select_related("role", "organisation", "person")
            .order_by("organisation_id")
        )
        _require_over(authority, memberships)
        if not current.is_active:
            return
        for membership in memberships if not even_if_last else ():
            Organisation.objects.select_for_update().get(pk=membership.organisation_id)
            refuse_if_last_administrator(membership, from_day=today)
        current.is_active = False
        # A session holds a digest of the password: a new one, even if nobody can use it, ends
        # them all, also should the person be let in again.
        current.set_unusable_password()
        current.save(update_fields=["is_active", "password"])
        record(
            act="people.deactivate_person", by=by, at=at, on=_name(current),
            before={"is_active": True}, after={"is_active": False}, reason=reason,
        )  # fmt: skip
        announce(PersonDeactivated(current.public_id))


def reactivate_person(person: Person, *, by: Actor, at: datetime) -> None:
    """Let a person in again, with the memberships that have not ended meanwhile."""
    today = timezone.localdate(at)
    authority = authority_of(by, at=at)
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        memberships = list(
            Membership.objects.filter(
                Q(valid_until=None) | Q(valid_until__gt=today), person=current
            ).select_related("organisation", "role")
        )
        _require_over(authority, memberships)
        if is_former(current.email):
            raise Invalid(_("Personen har tagit bort sitt konto. Bjud in på nytt i stället."))
        for membership in memberships:
            authority.require_may_give(membership.role, membership.organisation)
        if current.is_active:
            return
        current.is_active = True
        current.save(update_fields=["is_active"])
        record(
            act="people.reactivate_person", by=by, at=at, on=_name(current),
            before={"is_active": False}, after={"is_active": True},
        )  # fmt: skip
        announce(PersonReactivated(current.public_id))


def _require_over(authority: Authority, memberships: list[Membership]) -> None:
    if authority.may(Permission.PEOPLE_MANAGE):
        return
    if not memberships:
        raise NotAllowed
    for membership in memberships:
        authority.require(Permission.PEOPLE_MANAGE, membership.organisation)
        # Whoever holds more than the one who acts is not theirs to shut out.
        authority.require_may_give(membership.role, membership.organisation)


def _require_self(person: Person, by: Actor) -> None:
    if by.id != str(person.public_id):
        raise NotAllowed


def _save_checked(person: Person, *, fields: list[str] | None = None) -> None:
    try:
        person.full_clean(exclude=["password"], validate_constraints=False)
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    taken = Person.objects.filter(email__iexact=person.email).exclude(pk=person.pk)
    if taken.exists():
        raise AddressTaken
    try:
        with transaction.atomic():
            person.save(update_fields=fields)
    except IntegrityError as error:  # someone else took it in this very moment
        raise AddressTaken from error


def _name(person: Person) -> tuple[str, str]:
    return ("person", str(person.public_id))
