"""Rules about memberships and what they allow. Plain Python."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


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

    def permissions_in(self, organisation_id: int) -> frozenset[str]:
        """All permissions held for one organisation: its own, from above, and the city-wide."""
        lineage = self.lineages.get(organisation_id, frozenset((organisation_id,)))
        return frozenset().union(
            *(g.permissions for g in self.grants if g.reaches_city or g.organisation_id in lineage)
        )

    @property
    def permissions_everywhere(self) -> frozenset[str]:
        """The permissions held for the whole city."""
        return frozenset().union(*(g.permissions for g in self.grants if g.reaches_city))

    def organisations_where(self, permission: str) -> frozenset[int]:
        """The ids of known organisations for which `permission` is held."""
        return frozenset(each for each in self.lineages if self.may(permission, each))

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


def makes_circle(
    organisation_id: int, parent_id: int | None, parents: Mapping[int, int | None]
) -> bool:
    """Whether `organisation_id` would stand above itself with `parent_id` as its parent."""
    seen: set[int] = set()
    while parent_id is not None and parent_id not in seen:
        if parent_id == organisation_id:
            return True
        seen.add(parent_id)
        parent_id = parents.get(parent_id)
    return False


InvitationState = Literal["open", "accepted", "withdrawn", "expired"]


def invitation_state(
    at: datetime,
    *,
    expires_at: datetime,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
) -> InvitationState:
    """Where an invitation stands. What was done to it weighs more than that its time ran out."""
    if accepted_at is not None:
        return "accepted"
    if withdrawn_at is not None:
        return "withdrawn"
    return "open" if at < expires_at else "expired"


@dataclass(frozen=True)
class TokenText:
    """A program's key as it is written: `ks_<prefix>_<secret>`."""

    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"ks_{self.prefix}_{self.secret}"


_TOKEN = re.compile(r"ks_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")


def to_token_text(text: str) -> TokenText | None:
    """The parts of a key, or None for what cannot be one."""
    match = _TOKEN.fullmatch(text)
    return TokenText(match[1], match[2]) if match else None
