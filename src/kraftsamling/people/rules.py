"""Rules about memberships and what they allow. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Grant:
    """What one membership gives: permissions in an organisation and below, or everywhere."""

    organisation_id: int
    organisation_slug: str
    role: str
    permissions: frozenset[str]
    reaches_city: bool


@dataclass(frozen=True)
class Standing:
    """All that a person may do on a day. Empty for someone who is not signed in."""

    grants: tuple[Grant, ...] = ()
    # organisation id → the ids of the organisation and everything above it
    lineages: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def may(self, permission: str, organisation_id: int | None = None) -> bool:
        """Whether `permission` is held: for one organisation, or (None) for at least some."""
        for grant in self.grants:
            if permission not in grant.permissions:
                continue
            if grant.reaches_city or organisation_id is None:
                return True
            if grant.organisation_id in self.lineages.get(
                organisation_id, frozenset((organisation_id,))
            ):
                return True
        return False

    def may_everywhere(self, permission: str) -> bool:
        """Whether `permission` is held for the whole city."""
        return any(g.reaches_city and permission in g.permissions for g in self.grants)

    @property
    def permissions(self) -> frozenset[str]:
        return frozenset().union(*(grant.permissions for grant in self.grants))

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(grant.organisation_id for grant in self.grants)


NOBODY = Standing()


def is_current(day: date, *, valid_from: date | None, valid_until: date | None) -> bool:
    """Whether a half-open span of days covers `day`; None leaves that end open."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day < valid_until)


def missing_from(granted: Iterable[str], *, held: frozenset[str]) -> frozenset[str]:
    """What is `granted` but not `held` by the giver: nobody gives more than they have."""
    return frozenset(granted) - held
