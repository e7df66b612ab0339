"""What the one who acts may do: asked by every action before it writes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from kraftsamling.kit.actor import Actor
from kraftsamling.people.models import Organisation, Person, Role
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.people.refusals import GivesTooMuch, NotAllowed
from kraftsamling.people.rules import NOBODY, Standing, missing_from
from kraftsamling.people.standing import standing_of


@dataclass(frozen=True)
class Authority:
    """A person's standing, or the software itself, which may do everything."""

    standing: Standing
    is_system: bool = False
    person: Person | None = None

    def may(self, permission: Permission, organisation: Organisation | None = None) -> bool:
        """Whether `permission` is held for an organisation, or (None) for the whole city."""
        if self.is_system:
            return True
        if organisation is None:
            return self.standing.may_everywhere(permission)
        return self.standing.may(permission, organisation.pk)

    def require(self, permission: Permission, organisation: Organisation | None = None) -> None:
        """Raises NotAllowed unless `permission` is held."""
        if not self.may(permission, organisation):
            raise NotAllowed

    def require_may_give(self, role: Role, organisation: Organisation) -> None:
        """Raises GivesTooMuch unless everything the role allows is held, as far as it reaches."""
        if self.is_system:
            return
        held = (
            self.standing.permissions_everywhere
            if role.reach == Reach.CITY
            else self.standing.permissions_in(organisation.pk)
        )
        if missing_from(role.permissions, held=held):
            raise GivesTooMuch


def authority_of(by: Actor, *, at: datetime) -> Authority:
    """What `by` may do at a moment. A program's token has no say over people."""
    if by.kind == "system":
        return Authority(NOBODY, is_system=True)
    if by.kind != "person":
        return Authority(NOBODY)
    person = Person.objects.filter(public_id=by.id, is_active=True).first()
    return Authority(standing_of(person, on=timezone.localdate(at)), person=person)
