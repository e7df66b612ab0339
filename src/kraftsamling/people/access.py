"""To fetch is to have been allowed. What is foreign looks like what is absent."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from kraftsamling.people.actions.tokens import note_token_use, secret_hash
from kraftsamling.people.models import (
    Invitation,
    Membership,
    Network,
    Organisation,
    Person,
    Role,
    Token,
)
from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing, invitation_state, to_token_text
from kraftsamling.people.standing import standing_of

__all__ = ["NotFound", "standing_of", "token_from_secret"]

_NO_HASH = "0" * 64


class NotFound(Http404):
    """There is no such record, or not for the one who asks: the two look the same (404)."""


def organisation_for_everyone(slug: str) -> Organisation:
    """An active organisation, as the public sees it."""
    return _organisation(slug, Q(is_active=True))


def organisation_for_editor(standing: Standing, slug: str) -> Organisation:
    return _organisation_with(standing, slug, Permission.ORGANISATION_EDIT)


def organisation_for_people_reader(standing: Standing, slug: str) -> Organisation:
    """An organisation whose people, with their addresses, the asker may see."""
    return _organisation_with(standing, slug, Permission.PEOPLE_READ)


def organisation_for_people_manager(standing: Standing, slug: str) -> Organisation:
    return _organisation_with(standing, slug, Permission.PEOPLE_MANAGE)


def organisation_for_token_manager(standing: Standing, slug: str) -> Organisation:
    return _organisation_with(standing, slug, Permission.TOKENS_MANAGE)


def organisation_for_city_manager(standing: Standing, slug: str) -> Organisation:
    """Any organisation, closed ones too, for those who create and close them."""
    if not standing.may_everywhere(Permission.ORGANISATIONS_CREATE):
        raise NotFound
    return _organisation(slug, Q())


def network_for_city_manager(standing: Standing, slug: str) -> Network:
    network = Network.objects.filter(slug=slug).first()
    if network is None or not standing.may_everywhere(Permission.ORGANISATIONS_CREATE):
        raise NotFound
    return network


def role_for_city_manager(standing: Standing, code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None or not standing.may_everywhere(Permission.PEOPLE_MANAGE):
        raise NotFound
    return role


def membership_for_people_manager(standing: Standing, public_id: UUID) -> Membership:
    """A membership in an organisation whose people the asker manages."""
    found = (
        Membership.objects.filter(public_id=public_id)
        .select_related("person", "organisation", "role", "substitute_for__person")
        .first()
    )
    if found is None or not standing.may(Permission.PEOPLE_MANAGE, found.organisation_id):
        raise NotFound
    return found


def invitation_for_people_manager(standing: Standing, public_id: UUID) -> Invitation:
    found = (
        Invitation.objects.filter(public_id=public_id)
        .select_related("organisation", "role")
        .first()
    )
    if found is None or not standing.may(Permission.PEOPLE_MANAGE, found.organisation_id):
        raise NotFound
    return found


def token_for_token_manager(standing: Standing, public_id: UUID) -> Token:
    found = Token.objects.filter(public_id=public_id).select_related("organisation").first()
    if found is None or not standing.may(Permission.TOKENS_MANAGE, found.organisation_id):
        raise NotFound
    return found


def invitation_for_holder(public_id: UUID, *, issue: int, at: datetime) -> Invitation | None:
    """The invitation behind a link, for whoever holds the link, while it can be accepted."""
    found = (
        Invitation.objects.filter(public_id=public_id, issue=issue)
        .select_related("organisation", "role", "invited_by", "substitute_for__person")
        .first()
    )
    if found is None or not found.organisation.is_active:
        return None
    state = invitation_state(
        at, expires_at=found.expires_at, accepted_at=found.accepted_at,
        withdrawn_at=found.withdrawn_at,
    )  # fmt: skip
    return found if state == "open" else None


def open_invitation_to(email: str, *, at: datetime) -> Invitation | None:
    """The newest invitation that waits for an address, for whoever has proved to read its mail."""
    return (
        Invitation.objects.filter(
            email__iexact=email, accepted_at=None, withdrawn_at=None, expires_at__gt=at,
            organisation__is_active=True,
        )
        .order_by("-invited_at")
        .first()
    )  # fmt: skip


def invitation_by_id(public_id: UUID, *, issue: int) -> Invitation | None:
    """For the mail that carries the link, and for nobody's eyes: the issue that is to be sent."""
    return (
        Invitation.objects.filter(
            public_id=public_id, issue=issue, accepted_at=None, withdrawn_at=None
        )
        .select_related("organisation", "role", "invited_by")
        .first()
    )


def person_for_signing_in(email: str) -> Person | None:
    """The active person who signs in with an address; None tells nothing to the one who asks."""
    return Person.objects.filter(email__iexact=email.strip(), is_active=True).first()


def person_by_id(public_id: UUID) -> Person | None:
    """An active person by the id that a signed link carries."""
    return Person.objects.filter(public_id=public_id, is_active=True).first()


def token_from_secret(text: str, *, at: datetime) -> Token | None:
    """The valid token that `text` is the key of, or None.

    Unknown, expired and revoked keys are one answer, found by the same steps. The day of use is
    noted, at most once a day.
    """
    parts = to_token_text(text)
    token = (
        Token.objects.filter(prefix=parts.prefix).select_related("organisation").first()
        if parts
        else None
    )
    expected = token.secret_hash if token else _NO_HASH
    matches = secrets.compare_digest(secret_hash(parts.secret if parts else ""), expected)
    if token is None or not matches or not _holds(token, at):
        return None
    note_token_use(token, on=timezone.localdate(at))
    return token


def _holds(token: Token, at: datetime) -> bool:
    return (
        token.revoked_at is None
        and (token.expires_at is None or at < token.expires_at)
        and token.organisation.is_active
    )


def _organisation_with(standing: Standing, slug: str, permission: Permission) -> Organisation:
    organisation = _organisation(slug, Q())
    if not standing.may(permission, organisation.pk):
        raise NotFound
    return organisation


def _organisation(slug: str, condition: Q) -> Organisation:
    found = Organisation.objects.filter(condition, slug=slug).select_related("parent").first()
    if found is None:
        raise NotFound
    return found
