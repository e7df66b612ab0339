"""From memberships to what somebody may do today."""

from datetime import date

from django.db.models import Q

from kraftsamling.people.models import Membership, Organisation, Person
from kraftsamling.people.permissions import Reach
from kraftsamling.people.rules import NOBODY, Grant, Standing


def standing_of(person: Person | None, *, on: date) -> Standing:
    """What `person` may do on a day, from the memberships that are current. At most two queries."""
    if person is None or not person.is_active:
        return NOBODY
    current = Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on),
        person=person,
        valid_from__lte=on,
        organisation__is_active=True,
    ).select_related("role", "organisation")
    grants = tuple(
        Grant(
            organisation_id=membership.organisation_id,
            organisation_slug=membership.organisation.slug,
            role=membership.role.code,
            permissions=frozenset(membership.role.permissions),
            reaches_city=membership.role.reach == Reach.CITY,
        )
        for membership in current
    )
    return Standing(grants, _lineages()) if grants else NOBODY


def _lineages() -> dict[int, frozenset[int]]:
    parents: dict[int, int | None] = dict(Organisation.objects.values_list("id", "parent_id"))
    return {organisation_id: _lineage(organisation_id, parents) for organisation_id in parents}


def _lineage(organisation_id: int, parents: dict[int, int | None]) -> frozenset[int]:
    seen: set[int] = set()
    current: int | None = organisation_id
    while current is not None and current not in seen:
        seen.add(current)
        current = parents.get(current)
    return frozenset(seen)
