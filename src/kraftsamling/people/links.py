"""Signed texts that stand in links: an invitation, a new address, a demo persona.

Nothing is kept that could be stolen from the database: the link is signed with the installation's
secret key, so it can be written again for a second mail, and never forged. Whether it still holds
(once, until a day) is decided by the record it points at.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from kraftsamling.people.models import Invitation, Person

_INVITATION, _NEW_ADDRESS, _DEMO = "people-invitation", "people-new-address", "demo-persona"
NEW_ADDRESS_SECONDS = 60 * 60


def invitation_text(invitation: Invitation) -> str:
    """What stands last in the link of an invitation."""
    return signing.dumps([invitation.public_id.hex, invitation.issue], salt=_INVITATION)


def from_invitation_text(text: str) -> tuple[UUID, int] | None:
    """(public id, issue) of the invitation, or None for a text we did not sign."""
    try:
        public_id, issue = signing.loads(text, salt=_INVITATION)
        return UUID(public_id), int(issue)
    except (signing.BadSignature, ValueError, TypeError):
        return None


@dataclass(frozen=True)
class NewAddress:
    """A wish to change address; `instead_of` ties it to the address it was made from."""

    person: UUID
    instead_of: str
    email: str


def new_address_text(person: Person, email: str) -> str:
    """What stands last in the link that proves a new address. Holds for an hour."""
    return signing.dumps([person.public_id.hex, person.email, email], salt=_NEW_ADDRESS)


def from_new_address_text(text: str) -> NewAddress | None:
    try:
        public_id, instead_of, email = signing.loads(
            text, salt=_NEW_ADDRESS, max_age=NEW_ADDRESS_SECONDS
        )
        return NewAddress(UUID(public_id), instead_of, email)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def demo_text(person: Person) -> str:
    """What stands last in a persona's link in the demo: the same as long as the secret key."""
    return signing.Signer(salt=_DEMO).sign(person.public_id.hex)


def from_demo_text(text: str) -> UUID | None:
    try:
        return UUID(signing.Signer(salt=_DEMO).unsign(text))
    except (signing.BadSignature, ValueError):
        return None


def demo_link(person: Person, base_url: str) -> str:
    """The address that signs a demo persona in. It exists in a demo only (see web.account.demo)."""
    return f"{base_url.rstrip('/')}/demo/enter/{demo_text(person)}"
