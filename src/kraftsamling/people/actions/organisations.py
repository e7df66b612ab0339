"""Organisations: created, changed, closed."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.ids import to_free_slug
from kraftsamling.kit.texts import Texts
from kraftsamling.people.authority import authority_of
from kraftsamling.people.events import (
    OrganisationChanged,
    OrganisationCreated,
    OrganisationDeactivated,
    OrganisationReactivated,
)
from kraftsamling.people.kinds import OrganisationKind
from kraftsamling.people.logos import to_clean_logo
from kraftsamling.people.models import Organisation
from kraftsamling.people.permissions import Permission
from kraftsamling.people.refusals import Invalid, Refusal
from kraftsamling.people.rules import makes_circle
from kraftsamling.privacy.refusing import refuse_personal_data
from kraftsamling.trail.actions import record


class CircularParent(Refusal):
    """An organisation would stand above itself."""

    reason = _("En organisation kan inte ligga under sig själv. Välj en annan överordnad.")


class HasActiveParts(Refusal):
    """Something still works below the organisation that is to be closed."""

    reason = _("Organisationen har delar som är aktiva. Avsluta dem eller flytta dem först.")


@dataclass(frozen=True)
class OrganisationDetails:
    """All that is said about an organisation, except its logo."""

    name: Texts
    kind: str = OrganisationKind.OTHER
    description: Texts = field(default_factory=Texts)
    parent: Organisation | None = None
    contact_function: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    website: str = ""


def create_organisation(
    *, details: OrganisationDetails, by: Actor, at: datetime, slug: str = ""
) -> Organisation:
    """Add an organisation. Asks for the city-wide permission to create them.

    Without `slug` it is made from the Swedish name; Invalid when nothing of the name is left.
    """
    authority_of(by, at=at).require(Permission.ORGANISATIONS_CREATE)
    with transaction.atomic():
        organisation = Organisation(slug=slug or _free_slug(details.name))
        _write(organisation, details)
        record(
            act="people.create_organisation", by=by, at=at,
            on=("organisation", organisation.slug), after=_facts(organisation),
        )  # fmt: skip
        announce(OrganisationCreated(organisation.slug))
    return organisation


def change_organisation(
    organisation: Organisation, *, details: OrganisationDetails, by: Actor, at: datetime
) -> None:
    """Replace what is said about an organisation. Nothing changed: nothing is recorded.

    Moving it under another one decides who reaches it, and so asks for the city's permission.
    """
    authority = authority_of(by, at=at)
    authority.require(Permission.ORGANISATION_EDIT, organisation)
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = _facts(current)
        if (details.parent.pk if details.parent else None) != current.parent_id:
            authority.require(Permission.ORGANISATIONS_CREATE)
            _refuse_circle(current, details.parent)
        if details.kind != current.kind:  # nobody makes themselves police
            authority.require(Permission.ORGANISATIONS_CREATE)
        _write(current, details)
        after = _facts(current)
        if after == before:
            return
        record(
            act="people.change_organisation", by=by, at=at,
            on=("organisation", current.slug), before=before, after=after,
        )  # fmt: skip
        announce(OrganisationChanged(current.slug))


def set_logo(organisation: Organisation, *, upload: IO[bytes], by: Actor, at: datetime) -> None:
    """Keep a logo, drawn anew from the upload. Raises logos.LogoRefused."""
    authority_of(by, at=at).require(Permission.ORGANISATION_EDIT, organisation)
    clean = to_clean_logo(upload)
    clean.name = f"{organisation.slug}-{secrets.token_hex(6)}.png"
    _replace_logo(organisation, clean, act="people.set_logo", by=by, at=at)


def remove_logo(organisation: Organisation, *, by: Actor, at: datetime) -> None:
    authority_of(by, at=at).require(Permission.ORGANISATION_EDIT, organisation)
    if organisation.logo:
        _replace_logo(organisation, None, act="people.remove_logo", by=by, at=at)


def deactivate_organisation(
    organisation: Organisation, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Close an organisation: it leaves the public list, its people and tokens lose their access.

    Raises HasActiveParts while an organisation below it is active.
    """
    authority_of(by, at=at).require(Permission.ORGANISATIONS_CREATE)
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not current.is_active:
            return
        if current.children.filter(is_active=True).exists():
            raise HasActiveParts
        _set_active(current, False, act="people.deactivate_organisation", by=by, at=at, why=reason)
        announce(OrganisationDeactivated(current.slug))


def reactivate_organisation(organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Open a closed organisation again, with the memberships it had."""
    authority_of(by, at=at).require(Permission.ORGANISATIONS_CREATE)
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if current.is_active:
            return
        _set_active(current, True, act="people.reactivate_organisation", by=by, at=at, why="")
        announce(OrganisationReactivated(current.slug))


def _write(organisation: Organisation, details: OrganisationDetails) -> None:
    if not details.name:
        raise Invalid(_("Organisationen behöver ett namn."))
    organisation.name = details.name
    organisation.kind = details.kind
    organisation.description = details.description
    organisation.parent = details.parent
    organisation.contact_function = details.contact_function
    organisation.contact_email = details.contact_email
    organisation.contact_phone = details.contact_phone
    organisation.website = details.website
    try:
        refuse_personal_data({"name": details.name, "description": details.description})
        organisation.full_clean(exclude=["logo", "networks"])
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    organisation.save()


def _set_active(
    organisation: Organisation, active: bool, *, act: str, by: Actor, at: datetime, why: str
) -> None:
    organisation.is_active = active
    organisation.save(update_fields=["is_active"])
    record(
        act=act, by=by, at=at, on=("organisation", organisation.slug),
        before={"is_active": not active}, after={"is_active": active}, reason=why,
    )  # fmt: skip


def _replace_logo(
    organisation: Organisation, file: Any, *, act: str, by: Actor, at: datetime
) -> None:
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(pk=organisation.pk)
        old = current.logo.name or ""
        if file is None:
            current.logo = ""
        else:
            current.logo.save(file.name, file, save=False)
        current.save(update_fields=["logo"])
        record(
            act=act, by=by, at=at, on=("organisation", current.slug),
            before={"logo": old}, after={"logo": current.logo.name or ""},
        )  # fmt: skip
        announce(OrganisationChanged(current.slug))
        if old:
            # Only once the row no longer points at it.
            transaction.on_commit(lambda: current.logo.storage.delete(old), robust=True)
    organisation.logo = current.logo


def _refuse_circle(organisation: Organisation, parent: Organisation | None) -> None:
    parents = dict(Organisation.objects.values_list("pk", "parent_id"))
    if makes_circle(organisation.pk, parent.pk if parent else None, parents):
        raise CircularParent


def _free_slug(name: Texts) -> str:
    taken = set(Organisation.objects.values_list("slug", flat=True))
    try:
        return to_free_slug(str(name), taken)
    except ValueError as error:
        raise Invalid(_("Skriv namnet med minst en latinsk bokstav eller siffra.")) from error


def _facts(organisation: Organisation) -> dict[str, Any]:
    return {
        "name": organisation.name.to_json(),
        "kind": organisation.kind,
        "description": organisation.description.to_json(),
        "parent": organisation.parent.slug if organisation.parent else None,
        "contact_function": organisation.contact_function,
        "contact_email": organisation.contact_email,
        "contact_phone": organisation.contact_phone,
        "website": organisation.website,
    }
