"""What happens to organisations and people, as the floors above hear it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class OrganisationCreated:
    slug: str


@dataclass(frozen=True)
class OrganisationChanged:
    slug: str


@dataclass(frozen=True)
class OrganisationDeactivated:
    slug: str


@dataclass(frozen=True)
class OrganisationReactivated:
    slug: str


@dataclass(frozen=True)
class NetworkChanged:
    """A network was formed, renamed, joined or left."""

    slug: str


@dataclass(frozen=True)
class RoleChanged:
    code: str


@dataclass(frozen=True)
class RoleGiven:
    membership: UUID


@dataclass(frozen=True)
class MembershipChanged:
    membership: UUID


@dataclass(frozen=True)
class MembershipEnded:
    membership: UUID


@dataclass(frozen=True)
class PersonInvited:
    """An invitation was written, or renewed: its link is to be mailed."""

    invitation: UUID
    issue: int


@dataclass(frozen=True)
class InvitationWithdrawn:
    invitation: UUID


@dataclass(frozen=True)
class InvitationAccepted:
    invitation: UUID
    person: UUID


@dataclass(frozen=True)
class OwnDetailsChanged:
    person: UUID


@dataclass(frozen=True)
class OwnEmailChanged:
    """Someone's address is another one now; the one before hears of it."""

    person: UUID
    previous_email: str


@dataclass(frozen=True)
class AccountErased:
    """Someone took their account away. The address they had hears of it, once, and is then gone."""

    person: UUID
    previous_email: str
    language: str


@dataclass(frozen=True)
class PersonDeactivated:
    person: UUID


@dataclass(frozen=True)
class PersonReactivated:
    person: UUID


@dataclass(frozen=True)
class TokenCreated:
    token: UUID


@dataclass(frozen=True)
class TokenRevoked:
    token: UUID
