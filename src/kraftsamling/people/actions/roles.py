"""Roles: the standard ones laid down, and a city's own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor, system_actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.ids import to_free_slug
from kraftsamling.kit.texts import Texts
from kraftsamling.people.authority import Authority, authority_of
from kraftsamling.people.events import RoleChanged
from kraftsamling.people.models import Role
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.people.refusals import GivesTooMuch, Invalid
from kraftsamling.people.rules import missing_from
from kraftsamling.people.standard_roles import STANDARD_ROLES
from kraftsamling.privacy.refusing import refuse_personal_data
from kraftsamling.trail.actions import record


def ensure_standard_roles(*, at: datetime) -> tuple[Role, ...]:
    """Add the standard roles that are missing, and give back those that were added.

    What a city has renamed, filled or emptied stays as the city wants it. Only a permission that
    is new in the software is put into the standard roles it belongs to, once: nobody could give it
    otherwise, for nobody would hold it.
    """
    by = system_actor("standard-roles")
    added = []
    with transaction.atomic():
        present = {role.code: role for role in Role.objects.select_for_update()}
        for order, standard in enumerate(STANDARD_ROLES, start=1):
            permissions = sorted(permission.value for permission in standard.permissions)
            if standard.code in present:
                _offer(present[standard.code], permissions, by=by, at=at)
                continue
            role = Role.objects.create(
                code=standard.code,
                name=standard.name,
                description=standard.description,
                permissions=permissions,
                offered=permissions,
                reach=standard.reach,
                order=order * 10,
            )
            record(
                act="people.create_role", by=by, at=at, on=("role", role.code), after=_facts(role)
            )
            added.append(role)
    return tuple(added)


def _offer(role: Role, permissions: list[str], *, by: Actor, at: datetime) -> None:
    unseen = set(permissions) - set(role.offered)
    if not unseen:
        return
    before = _facts(role)
    role.permissions = sorted({*role.permissions, *unseen})
    role.offered = sorted({*role.offered, *permissions})
    role.save(update_fields=["permissions", "offered"])
    if _facts(role) != before:
        record(
            act="people.change_role", by=by, at=at, on=("role", role.code),
            before=before, after=_facts(role),
        )  # fmt: skip
        announce(RoleChanged(role.code))


def create_role(
    *,
    name: Texts,
    description: Texts,
    permissions: Iterable[str],
    reach: str,
    by: Actor,
    at: datetime,
) -> Role:
    """Add a role of the city's own, with permissions that the creator holds everywhere."""
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE)
    with transaction.atomic():
        taken = set(Role.objects.values_list("code", flat=True))
        try:
            role = Role(code=to_free_slug(str(name), taken, max_length=40))
        except ValueError as error:
            raise Invalid(_("Skriv namnet med minst en latinsk bokstav eller siffra.")) from error
        wanted = sorted(set(permissions))
        _refuse_more_than_held(authority, wanted)
        _write(role, name, description, wanted, reach)
        record(act="people.create_role", by=by, at=at, on=("role", role.code), after=_facts(role))
        announce(RoleChanged(role.code))
    return role


def change_role(
    role: Role,
    *,
    name: Texts,
    description: Texts,
    permissions: Iterable[str],
    reach: str,
    by: Actor,
    at: datetime,
) -> None:
    """Change what a role is called and allows, for all who have it.

    Both what it allowed and what it will allow must be held everywhere by the one who changes it.
    """
    authority = authority_of(by, at=at)
    authority.require(Permission.PEOPLE_MANAGE)
    with transaction.atomic():
        current = Role.objects.select_for_update().get(pk=role.pk)
        wanted = sorted(set(permissions))
        _refuse_more_than_held(authority, {*current.permissions, *wanted})
        before = _facts(current)
        _write(current, name, description, wanted, reach)
        if _facts(current) == before:
            return
        record(
            act="people.change_role", by=by, at=at,
            on=("role", current.code), before=before, after=_facts(current),
        )  # fmt: skip
        announce(RoleChanged(current.code))


def _refuse_more_than_held(authority: Authority, permissions: Iterable[str]) -> None:
    if authority.is_system:
        return
    if missing_from(permissions, held=authority.standing.permissions_everywhere):
        raise GivesTooMuch


def _write(role: Role, name: Texts, description: Texts, permissions: list[str], reach: str) -> None:
    unknown = set(permissions) - set(Permission.values)
    if unknown or reach not in Reach.values:
        raise Invalid(_("Rollen har en behörighet som inte finns."))
    if not name:
        raise Invalid(_("Rollen behöver ett namn."))
    role.name, role.description, role.reach = name, description, reach
    role.permissions = permissions
    try:
        refuse_personal_data({"name": name, "description": description})
        role.full_clean(exclude=["permissions", "offered"])
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    role.save()


def _facts(role: Role) -> dict[str, Any]:
    return {
        "name": role.name.to_json(),
        "description": role.description.to_json(),
        "permissions": sorted(role.permissions),
        "reach": role.reach,
    }
