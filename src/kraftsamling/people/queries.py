"""What is read about organisations and people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from kraftsamling.people.models import (
    Invitation,
    Membership,
    Network,
    Organisation,
    Person,
    Role,
    Token,
)
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.people.rules import InvitationState, Standing, invitation_state, missing_from


def active_organisations(
    *, kind: str = "", text: str = "", network: str = ""
) -> list[Organisation]:
    """Organisations for the public, by Swedish name. At most three queries.

    `text` is looked for in the names of all languages. A city has some hundreds of them: they are
    sieved here, since neither database compares the letters inside JSON alike.
    """
    found = active_organisations_by_slug(kind=kind, network=network)
    wanted = text.casefold().strip()
    return sorted(
        (each for each in found if not wanted or _mentions(each, wanted)), key=swedish_order
    )


def active_organisations_by_slug(*, kind: str = "", network: str = "") -> QuerySet[Organisation]:
    """Organisations for the public, to be cut into pages: no more rows are read than are shown."""
    found = Organisation.objects.filter(is_active=True).select_related("parent").order_by("slug")
    if kind:
        found = found.filter(kind=kind)
    if network:
        found = found.filter(networks__slug=network)
    return found


def organisations_of(standing: Standing, *permissions: Permission) -> list[Organisation]:
    """The organisations for which one of some permissions is held, closed ones too, by name.

    Each has `people_count`: those with a membership that has no end yet.
    """
    ids = frozenset[int]().union(*(standing.organisations_where(each) for each in permissions))
    people_count = Count(
        "memberships__person", filter=Q(memberships__valid_until=None), distinct=True
    )
    found = Organisation.objects.filter(pk__in=ids).select_related("parent")
    return sorted(found.annotate(people_count=people_count), key=swedish_order)


def parts_of(organisation: Organisation) -> list[Organisation]:
    """The active organisations directly below one."""
    return sorted(organisation.children.filter(is_active=True), key=swedish_order)


def networks() -> QuerySet[Network]:
    """All networks, with how many active organisations act in each."""
    return Network.objects.annotate(
        organisation_count=Count("organisations", filter=Q(organisations__is_active=True))
    )


def networks_of(organisation: Organisation) -> list[Network]:
    return list(organisation.networks.all())


def organisations_in(network: Network) -> list[Organisation]:
    return sorted(network.organisations.filter(is_active=True), key=swedish_order)


@dataclass(frozen=True)
class PersonInOrganisation:
    """One person and their memberships in one organisation."""

    person: Person
    memberships: tuple[Membership, ...]


def people_of(organisation: Organisation, *, on: date) -> list[PersonInOrganisation]:
    """Who belongs to an organisation on a day or will later, by name. One query."""
    memberships = (
        Membership.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=on), organisation=organisation
        )
        .select_related("person", "role", "substitute_for__person")
        .order_by("role__order", "valid_from")
    )
    by_person: dict[int, list[Membership]] = {}
    for membership in memberships:
        by_person.setdefault(membership.person_id, []).append(membership)
    found = [PersonInOrganisation(each[0].person, tuple(each)) for each in by_person.values()]
    return sorted(found, key=lambda each: each.person.name.casefold())


def substitutes_of(membership: Membership, *, on: date) -> list[Membership]:
    """Who stands in for a membership, on a day or later."""
    return list(
        membership.substitutes.filter(Q(valid_until=None) | Q(valid_until__gt=on))
        .select_related("person")
        .order_by("valid_from")
    )


@dataclass(frozen=True)
class InvitationSeen:
    """An invitation, and where it stands."""

    invitation: Invitation
    state: InvitationState


def invitations_of(organisation: Organisation, *, at: datetime) -> list[InvitationSeen]:
    """Invitations that have not been accepted or withdrawn, newest first. One query."""
    found = Invitation.objects.filter(
        organisation=organisation, accepted_at=None, withdrawn_at=None
    ).select_related("role", "invited_by")
    return [
        InvitationSeen(
            each,
            invitation_state(
                at,
                expires_at=each.expires_at,
                accepted_at=each.accepted_at,
                withdrawn_at=each.withdrawn_at,
            ),
        )
        for each in found
    ]


def tokens_of(organisation: Organisation) -> QuerySet[Token]:
    """The organisation's keys, newest first, revoked ones too."""
    return Token.objects.filter(organisation=organisation)


def roles() -> QuerySet[Role]:
    return Role.objects.all()


def roles_to_give(standing: Standing, organisation: Organisation) -> list[Role]:
    """The roles someone may give in an organisation: those that allow no more than they hold."""
    held = standing.permissions_in(organisation.pk)
    everywhere = standing.permissions_everywhere
    return [
        role
        for role in Role.objects.all()
        if not missing_from(role.permissions, held=everywhere if role.reach == Reach.CITY else held)
    ]


def memberships_of(person: Person, *, on: date) -> list[Membership]:
    """One's own memberships, on a day and later."""
    return list(
        Membership.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), person=person)
        .select_related("organisation", "role", "substitute_for__person")
        .order_by("valid_from")
    )


def organisation_choices(organisations: Iterable[Organisation]) -> list[tuple[str, str]]:
    """(slug, name) of organisations for a form's list."""
    return [(each.slug, str(each)) for each in organisations]


def swedish_order(organisation: Organisation) -> tuple[str, ...]:
    """Å, ä and ö after z, whatever the database's collation."""
    letters = str(organisation).casefold()
    return tuple(_SWEDISH.get(letter, letter) for letter in letters)


_SWEDISH = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "ü": "y"}


def _mentions(organisation: Organisation, wanted: str) -> bool:
    return any(wanted in text.casefold() for text in organisation.name.by_language.values())
